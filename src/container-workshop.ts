import { fail } from './diagnostics/diagnostic.js';
import { openEngine } from './engine/engine.js';
import { machineFiles } from './engine/environment.js';
import { resolveEndpoint } from './engine/resolve-endpoint.js';
import type { LockEntry } from './lock/lock.js';
import { ensureImage } from './machine/container/image.js';
import type { ImageRecord } from './machine/container/image-record.js';
import { containerMachine } from './machine/container.js';
import type { ImageChoice } from './manifest/image-name.js';
import type { SettledOptions } from './settle.js';
import { type ContainerResolving, containerToolchain } from './toolchain/container.js';
import { found, lazily } from './toolchain/toolchain.js';

/** What opening a workshop in a container needs, besides the options. */
export interface ContainerRequest extends Omit<ContainerResolving, 'machine' | 'locked' | 'signal'> {
	readonly image: ImageChoice;
	/** What the lock has for the build. */
	readonly recorded: Partial<LockEntry>;
	/** Whether what is recorded is looked up anew. */
	readonly renew: boolean;
}

/** Opens a workshop in a container. With a record of the toolchain no engine is asked before a step has to run. */
export async function openContainerWorkshop(
	options: SettledOptions,
	{ image, recorded, renew, ...resolving }: ContainerRequest,
) {
	const { environment, containerPlatform: platform, offline, onEvent, signal } = options;
	if (options.compiler === 'wasm') refuseWasm();
	const onLine = (line: string) => onEvent({ type: 'note', line });
	let record: ImageRecord | undefined;
	const machine = containerMachine({
		openEngine: (ended) => openEngine(resolveEndpoint(environment, machineFiles()), ended),
		getImage: async (engine, ended) => {
			const wish = { ...image, platform, offline, renew };
			const events = { onLine, onProgress: tellProgress(onLine), signal: ended };
			const ensured = await ensureImage(engine, wish, recorded.image, events);
			record = ensured.record;
			return ensured.image;
		},
	});
	const find = (locked: ContainerResolving['locked']) => containerToolchain({ ...resolving, machine, locked, signal });
	const { toolchain: locked } = recorded;
	try {
		const toolchain = locked && !renew ? lazily(locked, () => find(locked)) : found(await find(undefined));
		return { machine, toolchain, image: () => record };
	} catch (error) {
		await machine.close();
		throw error;
	}
}

/** Tells every tenth of what arrives. */
function tellProgress(onLine: (line: string) => void): (done: number, total: number) => void {
	let told = 0;
	return (done, total) => {
		const tenth = total > 0 ? Math.floor((10 * done) / total) : 0;
		if (tenth <= told) return;
		told = tenth;
		onLine(`${tenth * 10} % of ${Math.ceil(total / 1_000_000)} MB`);
	};
}

function refuseWasm(): never {
	fail({
		code: 'usage/bad-value',
		message: 'the compiler "wasm" runs inside of cpybuild, and this build compiles in a container',
		hint: 'leave out --compiler, or take --machine native',
	});
}
