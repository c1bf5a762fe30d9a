import { join } from 'node:path';
import type { BuildLock } from './build-lock.js';
import { lockedPythonOf, openLock, requireLocked } from './build-lock.js';
import { openStore, type Store } from './cache/store.js';
import { findJcoFolder, requireJco } from './component/jco.js';
import { type Cpython, chooseCpython } from './cpython/choose.js';
import { type Diagnostic, diagnostic } from './diagnostics/diagnostic.js';
import type { Files } from './generate/files.js';
import { generateStubs } from './generate/stubs.js';
import { type LockEntry, lockedRelease } from './lock/lock.js';
import type { BuildMachine } from './machine/machine.js';
import { chosenImage } from './machine-settings.js';
import type { Manifest } from './manifest/manifest.js';
import { makePlan, type Plan } from './plan.js';
import { loadManifest } from './project.js';
import type { SettledOptions } from './settle.js';
import { moduleFiles } from './steps/module-files.js';
import type { LauncherRequest } from './toolchain/launcher.js';
import type { LazyToolchain } from './toolchain/toolchain.js';
import { openWorkshop } from './workshop.js';

/** What a build knows before its first step runs. */
export interface Prepared {
	readonly manifest: Manifest;
	readonly cpython: Cpython;
	/** What is compiled; the files for users of the output folder are generated while that goes on. */
	readonly stubs: Files;
	readonly machine: BuildMachine;
	readonly store: Store;
	readonly toolchain: LazyToolchain;
	readonly plan: Plan;
	readonly lock: BuildLock;
	/** What the lock file is to say when the build has succeeded. */
	locked(): LockEntry;
	readonly warnings: readonly Diagnostic[];
	/** Ends what machine, toolchain and store keep open. */
	close(): Promise<void>;
}

/** Everything before the first step runs: all that is wrong with the manifest shows here. */
export async function prepare(options: SettledOptions): Promise<Prepared> {
	const manifest = await loadManifest(options.manifestName);
	const lock = await openLock(options, manifest);
	const cpython = chooseCpython(manifest.python, lockedRelease(manifest.python, lock.recorded.python));
	const python = lockedPythonOf(cpython);
	if (options.frozen) requireLocked(lock, python);
	const stubs = generateStubs(manifest);
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
	if (!cpython.recipe.tested) warn(untested(manifest));
	const { machine, toolchain, image } = await openWorkshop(options, { manifest, lock, store, warn });
	const close = async () => {
		await Promise.all([toolchain.close(), machine.close(), store.close()]);
	};
	try {
		const launcher = launcherOf(options, manifest, warn);
		const { seed, mirror, offline } = options;
		const jco = manifest.build.component ? requireJco(manifest.folder) : undefined;
		const plan = makePlan({ manifest, cpython, generated: stubs, toolchain, launcher, jco, seed, mirror, offline });
		const locked = (): LockEntry => ({ python, toolchain, image: image() });
		return { manifest, cpython, stubs, machine, store, toolchain, plan, lock, locked, warnings, close };
	} catch (error) {
		// A container that nobody ends would keep the process waiting.
		await close();
		throw error;
	}
}

/** A launcher that is installed here starts nothing in a container. */
function launcherOf(options: SettledOptions, manifest: Manifest, warn: (warning: Diagnostic) => void): LauncherRequest {
	const { environment } = options;
	const choice = options.launcher ?? manifest.build.launcher;
	if (choice === 'none' || !chosenImage(options, manifest)) return { choice, environment };
	warn(
		diagnostic({
			code: 'toolchain/launcher-unused',
			severity: 'warning',
			message: `the launcher "${choice}" starts compilers on this machine, and this build compiles in a container`,
			hint: 'take --machine native, or --launcher none',
		}),
	);
	return { choice: 'none', environment };
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
	const jco = manifest.build.component ? findJcoFolder(manifest.folder) : undefined;
	if (jco) yield join(jco, 'package.json');
	yield* manifest.witFiles;
	for (const module of manifest.modules) {
		if (module.kind !== 'native') continue;
		const { present, absent } = moduleFiles(module);
		yield* present;
		yield* absent;
		yield* module.libs;
	}
}
