import { join } from 'node:path';
import { Memo } from './cache/memo.js';
import { openStore } from './cache/store.js';
import { chooseCpython } from './cpython/choose.js';
import { type Diagnostic, diagnostic } from './diagnostics/diagnostic.js';
import { publish } from './dist.js';
import { execute } from './execute.js';
import { forgetBuild, isLibUntouched, recordBuild } from './last-build.js';
import { nativeMachine } from './machine/native.js';
import type { Manifest } from './manifest/manifest.js';
import { makePlan, type Plan } from './plan.js';
import { generateProject, loadManifest } from './project.js';
import type { Report } from './report.js';
import type { SettledOptions } from './settle.js';
import { includedFiles } from './toolchain/included-files.js';
import { resolveToolchain } from './toolchain/resolve.js';

/** Builds python.wasm and its bindings from a manifest. Read top-down: this is all that cpybuild does. */
export async function buildChanged(options: SettledOptions): Promise<Report> {
	const start = performance.now();
	const prepared = await prepare(options);
	const { manifest, plan, toolchain, store, machine } = prepared;
	try {
		const { link, stdlib, verify } = plan;
		const logs = join(options.state, 'logs');
		const executed = await execute(plan.steps, [verify, stdlib], { ...options, store, machine, toolchain, logs });
		const keepLib = isLibUntouched(options);
		forgetBuild(options);
		const published = await publish(options.out, keepLib, {
			...prepared,
			link: executed.output(link),
			stdlib: executed.output(stdlib),
			stdlibKey: stdlib.key,
		});
		const report: Report = {
			status: 'built',
			out: options.out,
			python: manifest.python.version,
			toolchain: toolchain.name,
			...published,
			steps: executed.steps,
			warnings: [...prepared.warnings, ...executed.warnings],
			ms: performance.now() - start,
		};
		recordBuild(options, filesRead(manifest), report);
		return report;
	} finally {
		await toolchain.close();
	}
}

/** Everything before the first step runs: all that is wrong with the manifest shows here. */
export async function prepare(options: SettledOptions) {
	const manifest = await loadManifest(options.manifestName);
	const cpython = chooseCpython(manifest.python);
	const generated = await generateProject(manifest);
	const machine = nativeMachine(options.path);
	const store = await openStore(options.cacheDir);
	const memo = new Memo(join(options.cacheDir, 'memo.json'));
	const warnings: Diagnostic[] = [];
	const warn = (warning: Diagnostic) => {
		warnings.push(warning);
		options.onEvent({ type: 'warning', diagnostic: warning });
	};
	if (!cpython.recipe.tested) warn(untested(manifest));
	const toolchain = await resolveToolchain(options.toolchain ?? manifest.build.toolchain, {
		machine,
		store,
		memo,
		compiler: options.compiler,
		environment: { WASI_SDK_PATH: options.wasiSdk },
		warn,
	});
	const plan: Plan = makePlan({ manifest, cpython, generated, toolchain, seed: options.seed, mirror: options.mirror });
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
function* filesRead(manifest: Manifest): Iterable<string> {
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
