import { canonical, sha256 } from '../cache/key.js';
import type { Memo } from '../cache/memo.js';
import type { Store } from '../cache/store.js';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { ContainerMachine } from '../machine/container.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { filesElsewhere } from './container-files.js';
import { isSameIdentity } from './identity.js';
import { debianToolchains, type Looking } from './installed.js';
import { toolchainOn } from './native-clang.js';
import { failNotLocked } from './resolve.js';
import type { Toolchain, ToolchainRecord } from './toolchain.js';
import { heedChoice, wasiSdkToolchains } from './wasi-sdk.js';

/** What looking for a toolchain in a container needs. */
export interface ContainerResolving {
	readonly machine: ContainerMachine;
	readonly store: Store;
	readonly memo: Memo;
	readonly choice: ToolchainChoice;
	/** The minor version of CPython that is to be built: it decides which WASI-SDK fits. */
	readonly minor: string;
	readonly warn: (warning: Diagnostic) => void;
	/** The toolchain that has to be there, if one is recorded. */
	readonly locked?: ToolchainRecord | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** What is remembered of an image. */
interface Found {
	readonly toolchain: Parameters<typeof toolchainOn>[1];
	readonly warnings: readonly Diagnostic[];
}

/**
 * Finds the toolchain in a container's image: the recorded one, or the first that works of those that the choice
 * allows. `auto` takes a WASI-SDK below `/opt`, else Debian's packages. It is what the same files would be on this
 * machine, so that builds here and there share what they make. An image is looked at once: its id stands for all in it.
 * @throws CpybuildError `toolchain/not-found`, `toolchain/not-locked`
 */
export async function containerToolchain(resolving: ContainerResolving): Promise<Toolchain> {
	const { machine, memo, choice, minor, locked, signal } = resolving;
	heedChoice(choice, resolving);
	const image = await machine.prepare(signal);
	const wanted = locked ? sha256(canonical(locked.identity)) : 'any';
	const question = `toolchain of image ${image.id}, ${choice}, for ${minor}, ${wanted}`;
	const find = async () => JSON.stringify(await look(resolving));
	const { toolchain, warnings }: Found = JSON.parse(await memo.remember(question, [], find));
	for (const warning of warnings) resolving.warn(warning);
	return toolchainOn(machine, toolchain);
}

async function look(resolving: ContainerResolving): Promise<Found> {
	const { choice, locked } = resolving;
	const refused: string[] = [];
	const warnings: Diagnostic[] = [];
	const others: Toolchain[] = [];
	for (const [kind, find] of findersOf(choice)) {
		const looking: Looking = {
			...resolving,
			compiler: 'native',
			environment: {},
			fetching: { offline: true, log: () => {} },
			warn: (warning) => warnings.push(warning),
			refuse: (reason) => refused.push(`${kind}: ${reason}`),
			root: '/',
			files: filesElsewhere(resolving.machine),
			isElsewhere: true,
		};
		for await (const toolchain of find(looking)) {
			if (!locked || isSameIdentity(toolchain.identity, locked.identity)) {
				const { name, identity, argv, libraries, start, builtins } = toolchain;
				// What is wrong with other candidates is nothing to warn about, as long as the recorded one is there.
				return { toolchain: { name, identity, argv, libraries, start, builtins }, warnings: locked ? [] : warnings };
			}
			others.push(toolchain);
		}
	}
	if (locked && others.length > 0) return failNotLocked(locked, others, "the container's image");
	return fail({
		code: 'toolchain/not-found',
		message:
			choice === 'auto'
				? "no toolchain for WASI was found in the container's image"
				: `the toolchain "${choice}" was not found in the container's image`,
		hint:
			choice === 'embedded'
				? 'that one belongs to this machine: use "auto" in containers, or --machine native'
				: 'take an image with a WASI-SDK below /opt, or one of Debian 13 or newer with clang, lld, llvm, libclang-rt-dev-wasm32 and wasi-libc',
		details: refused,
	});
}

type Finder = (looking: Looking) => AsyncIterable<Toolchain>;

function findersOf(choice: ToolchainChoice): readonly (readonly [string, Finder])[] {
	if (choice === 'embedded') return [];
	const sdk = ['wasi-sdk', wasiSdkToolchains] as const;
	const debian = ['debian', debianToolchains] as const;
	if (choice === 'auto') return [sdk, debian];
	return [choice === 'debian' ? debian : sdk];
}
