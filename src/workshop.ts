import type { BuildLock } from './build-lock.js';
import { layoutOf } from './cache/layout.js';
import { Memo } from './cache/memo.js';
import type { Store } from './cache/store.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { ImageRecord } from './machine/container/image-record.js';
import type { BuildMachine } from './machine/machine.js';
import { nativeMachine } from './machine/native.js';
import { chosenImage } from './machine-settings.js';
import type { Manifest } from './manifest/manifest.js';
import { resolvingOptions } from './resolving-options.js';
import type { SettledOptions } from './settle.js';
import { openLocked, resolveToolchain } from './toolchain/resolve.js';
import { found, type LazyToolchain, lazily } from './toolchain/toolchain.js';
import { heedChoice } from './toolchain/wasi-sdk.js';

/** Where the commands of a build run, and the toolchain there; both are to be closed. */
export interface Workshop {
	readonly machine: BuildMachine;
	readonly toolchain: LazyToolchain;
	/** What the lock is to say of the container's image; nothing where none was asked for. */
	image(): ImageRecord | undefined;
}

/** What opening a workshop needs. */
export interface WorkshopRequest {
	readonly manifest: Manifest;
	readonly lock: Pick<BuildLock, 'recorded'>;
	readonly store: Store;
	readonly warn: (warning: Diagnostic) => void;
	/** Whether what the lock records is looked up anew. */
	readonly renew?: boolean;
}

/**
 * Opens the machine that a build asks for. A recorded toolchain is looked for when a step needs it; without a record the
 * machine has to be asked now.
 */
export async function openWorkshop(options: SettledOptions, request: WorkshopRequest): Promise<Workshop> {
	const { manifest, lock, store, warn, renew = false } = request;
	const { recorded } = lock;
	const memo = new Memo(layoutOf(options.cacheDir).memo);
	const choice = options.toolchain ?? manifest.build.toolchain;
	const image = chosenImage(options, manifest);
	if (image) {
		const { openContainerWorkshop } = await import('./container-workshop.js');
		const { minor } = manifest.python;
		return openContainerWorkshop(options, { image, recorded, renew, choice, minor, store, memo, warn });
	}
	const machine = nativeMachine(options.path);
	const resolving = { machine, store, memo, ...resolvingOptions(options, manifest), warn };
	const { toolchain: locked } = recorded;
	const none = () => undefined;
	if (!locked || renew) return { machine, toolchain: found(await resolveToolchain(choice, resolving)), image: none };
	heedChoice(choice, resolving);
	return { machine, toolchain: lazily(locked, () => openLocked(locked, choice, resolving)), image: none };
}
