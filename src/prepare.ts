import { join } from 'node:path';
import type { BuildLock } from './build-lock.js';
import { lockedPythonOf, openLock, requireLocked } from './build-lock.js';
import { Memo } from './cache/memo.js';
import { openStore, type Store } from './cache/store.js';
import { type Cpython, chooseCpython } from './cpython/choose.js';
import { type Diagnostic, diagnostic } from './diagnostics/diagnostic.js';
import type { Files } from './generate/files.js';
import { generateStubs } from './generate/stubs.js';
import { type LockEntry, lockedRelease } from './lock/lock.js';
import { type NativeMachine, nativeMachine } from './machine/native.js';
import type { Manifest, ToolchainChoice } from './manifest/manifest.js';
import { makePlan, type Plan } from './plan.js';
import { loadManifest } from './project.js';
import { resolvingOptions } from './resolving-options.js';
import type { SettledOptions } from './settle.js';
import { moduleFiles } from './steps/module-files.js';
import { findLocked, resolveToolchain } from './toolchain/resolve.js';
import type { Resolving } from './toolchain/resolving.js';
import { found, type LazyToolchain, lazily } from './toolchain/toolchain.js';
import { heedChoice } from './toolchain/wasi-sdk.js';

/** What a build knows before its first step runs. */
export interface Prepared {
	readonly manifest: Manifest;
	readonly cpython: Cpython;
	/** What is compiled; the files for users of the output folder are generated while that goes on. */
	readonly stubs: Files;
	readonly machine: NativeMachine;
	readonly store: Store;
	/** To be closed when the build has ended. */
	readonly toolchain: LazyToolchain;
	readonly plan: Plan;
	readonly lock: BuildLock;
	/** What the lock file is to say when the build has succeeded. */
	readonly locked: LockEntry;
	readonly warnings: readonly Diagnostic[];
}

/** Everything before the first step runs: all that is wrong with the manifest shows here. */
export async function prepare(options: SettledOptions): Promise<Prepared> {
	const manifest = await loadManifest(options.manifestName);
	const lock = await openLock(options, manifest);
	const cpython = chooseCpython(manifest.python, lockedRelease(manifest.python, lock.recorded.python));
	const python = lockedPythonOf(cpython);
	if (options.frozen) requireLocked(lock, python);
	const stubs = generateStubs(manifest);
	const machine = nativeMachine(options.path);
	const warnings: Diagnostic[] = [];
	const warn = (warning: Diagnostic) => {
		warnings.push(warning);
		options.onEvent({ type: 'warning', diagnostic: warning });
	};
	const remote =
		options.remote && !options.offline
			? (await import('./cache/remote.js')).openRemote(options.remote, warn)
			: undefined;
	const { cacheLimit: limit, packsAll, signal } = options;
	const packs = packsAll ? 'everything' : 'costly';
	const store = await openStore(options.cacheDir, { warn, remote, limit, packs, signal });
	const memo = new Memo(join(options.cacheDir, 'memo.json'));
	if (!cpython.recipe.tested) warn(untested(manifest));
	const toolchain = await lookForToolchain(lock, options.toolchain ?? manifest.build.toolchain, {
		machine,
		store,
		memo,
		...resolvingOptions(options, manifest),
		warn,
	});
	const launcher = { choice: options.launcher ?? manifest.build.launcher, environment: options.environment };
	const { seed, mirror, offline } = options;
	const plan = makePlan({ manifest, cpython, generated: stubs, toolchain, launcher, seed, mirror, offline });
	const locked = { python, toolchain };
	return { manifest, cpython, stubs, machine, store, toolchain, plan, lock, locked, warnings };
}

/** A recorded toolchain is looked for when a step needs it; without a record the machine has to be asked now. */
async function lookForToolchain(
	{ recorded }: BuildLock,
	choice: ToolchainChoice,
	resolving: Resolving,
): Promise<LazyToolchain> {
	const { toolchain } = recorded;
	if (toolchain) heedChoice(choice, resolving);
	if (toolchain) return lazily(toolchain, () => findLocked(toolchain, choice, resolving));
	return found(await resolveToolchain(choice, resolving));
}

function untested(manifest: Manifest): Diagnostic {
	const { minor, span } = manifest.python;
	return diagnostic({
		code: 'toolchain/untested-python',
		severity: 'warning',
		message: `cpybuild has a recipe for CPython ${minor}, but its tests do not build it`,
		span,
		hint: 'try what you need of the result, and report what does not work',
	});
}

/** Every file that decides what a build makes, besides CPython and the toolchain. */
export function* filesRead(manifest: Manifest): Iterable<string> {
	yield join(manifest.folder, manifest.file.path.split('/').at(-1) ?? '');
	if (manifest.python.source?.kind === 'path') yield manifest.python.source.path;
	for (const module of manifest.modules) {
		if (module.kind !== 'native') continue;
		const { present, absent } = moduleFiles(module);
		yield* present;
		yield* absent;
		yield* module.libs;
	}
}
