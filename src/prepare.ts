import { join } from 'node:path';
import { Memo } from './cache/memo.js';
import { openStore, type Store } from './cache/store.js';
import { type Cpython, chooseCpython } from './cpython/choose.js';
import { type Diagnostic, diagnostic } from './diagnostics/diagnostic.js';
import type { Files } from './generate/files.js';
import type { Machine } from './machine/machine.js';
import { nativeMachine } from './machine/native.js';
import type { Manifest } from './manifest/manifest.js';
import { makePlan, type Plan } from './plan.js';
import { generateProject, loadManifest } from './project.js';
import type { SettledOptions } from './settle.js';
import { includedFiles } from './toolchain/included-files.js';
import { resolveToolchain } from './toolchain/resolve.js';
import { found, type LazyToolchain } from './toolchain/toolchain.js';

/** What a build knows before its first step runs. */
export interface Prepared {
	readonly manifest: Manifest;
	readonly cpython: Cpython;
	readonly generated: Files;
	readonly machine: Machine;
	readonly store: Store;
	/** To be closed when the build has ended. */
	readonly toolchain: LazyToolchain;
	readonly plan: Plan;
	readonly warnings: readonly Diagnostic[];
}

/** Everything before the first step runs: all that is wrong with the manifest shows here. */
export async function prepare(options: SettledOptions): Promise<Prepared> {
	const manifest = await loadManifest(options.manifestName);
	const cpython = chooseCpython(manifest.python);
	const generated = await generateProject(manifest);
	const machine = nativeMachine(options.path);
	const warnings: Diagnostic[] = [];
	const warn = (warning: Diagnostic) => {
		warnings.push(warning);
		options.onEvent({ type: 'warning', diagnostic: warning });
	};
	const store = await openStore(options.cacheDir, { warn });
	const memo = new Memo(join(options.cacheDir, 'memo.json'));
	if (!cpython.recipe.tested) warn(untested(manifest));
	const resolved = await resolveToolchain(options.toolchain ?? manifest.build.toolchain, {
		machine,
		store,
		memo,
		compiler: options.compiler,
		environment: { WASI_SDK_PATH: options.wasiSdk },
		warn,
	});
	const toolchain = found(resolved);
	const launcher = { choice: options.launcher ?? manifest.build.launcher, environment: options.environment };
	const { seed, mirror } = options;
	const plan = makePlan({ manifest, cpython, generated, toolchain, launcher, seed, mirror });
	return { manifest, cpython, generated, machine, store, toolchain, plan, warnings };
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
		const { present, absent } = includedFiles(module.sources, module.include);
		yield* present;
		yield* absent;
		yield* module.libs;
	}
}
