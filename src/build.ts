import { saveBuildLock } from './build-lock.js';
import { withLock } from './cache/lock.js';
import { requireOwnFolder } from './dist-folder.js';
import { forgetBuild, recordBuild } from './last-build.js';
import { recordPlan } from './last-plan.js';
import { makeOutputs, type Outputs } from './outputs.js';
import { filesRead, type Prepared, prepare } from './prepare.js';
import type { Report } from './report.js';
import type { SettledOptions } from './settle.js';
import { COMPONENT_FILE } from './steps/component.js';

/** Builds python.wasm and its bindings from a manifest. Read top-down: this is all that cpybuild does. */
export async function buildChanged(options: SettledOptions): Promise<Report> {
	const start = performance.now();
	requireOwnFolder(options.out);
	const prepared = await prepare(options);
	try {
		const outputs = await makeOutputs(options, prepared);
		// Builds of one project may end at the same time; they take turns at its output folder.
		const inTurn = <T>(use: () => Promise<T>) =>
			withLock(options.state, options.out, `publishes to ${options.out}`, use, { signal: options.signal });
		const report = await inTurn(() => release(options, prepared, outputs, start));
		// What was made is being packed and sent meanwhile.
		await prepared.store.close();
		const warnings = [...prepared.warnings, ...outputs.executed.warnings];
		return { ...report, warnings, ms: performance.now() - start };
	} finally {
		await prepared.close();
	}
}

/** Puts the outputs into their folder, and records by what the next build sees that it has nothing to do. */
async function release(
	options: SettledOptions,
	prepared: Prepared,
	{ executed, interfaces, settleStdlib }: Outputs,
	start: number,
): Promise<Report> {
	const { manifest, plan, toolchain } = prepared;
	const stdlib = await settleStdlib();
	const { publish } = await import('./dist.js');
	forgetBuild(options);
	const published = await publish(options.out, stdlib.stands, {
		...prepared,
		interfaces,
		parts: stdlib.parts,
		program: executed.file(plan.link, 'python.wasm'),
		component: plan.component && executed.file(plan.component, COMPONENT_FILE),
		stdlib: executed.output(plan.stdlib),
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
	recordPlan(options, plan.steps);
	const lock = await saveBuildLock(options, prepared);
	recordBuild(options, filesRead(manifest), report, { lock, stdlib });
	return report;
}
