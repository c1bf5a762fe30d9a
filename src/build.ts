import { join } from 'node:path';
import { saveBuildLock } from './build-lock.js';
import { withLock } from './cache/lock.js';
import { publish, requireOwnFolder } from './dist.js';
import { execute } from './execute.js';
import { generateInterfaces } from './generate/interfaces.js';
import { findStandingStdlib, forgetBuild, isStillStanding, readLeftStdlib, recordBuild } from './last-build.js';
import { recordPlan } from './last-plan.js';
import { filesRead, prepare } from './prepare.js';
import type { Report } from './report.js';
import { readParts } from './sbom/parts.js';
import type { SettledOptions } from './settle.js';

/** Builds python.wasm and its bindings from a manifest. Read top-down: this is all that cpybuild does. */
export async function buildChanged(options: SettledOptions): Promise<Report> {
	const start = performance.now();
	requireOwnFolder(options.out);
	const prepared = await prepare(options);
	const { manifest, plan, toolchain, store, machine } = prepared;
	try {
		const { link, stdlib, verify } = plan;
		const execution = { ...options, store, machine, toolchain, logs: join(options.state, 'logs') };
		const left = readLeftStdlib(options, stdlib.key);
		const making = execute(plan.steps, [link, verify, stdlib], { ...execution, ...(left && { inPlace: [stdlib] }) });
		// What needs no compiler is done while one runs.
		const besides = Promise.race([machine.busy, making]).then(async () => {
			const interfaces = generateInterfaces(manifest);
			return { interfaces, standing: left && (await findStandingStdlib(options, left)) };
		});
		const [executed, { interfaces, standing }] = await Promise.all([making, besides]);
		// Builds of one project may end at the same time; they take turns at its output folder.
		const inTurn = <T>(use: () => Promise<T>) =>
			withLock(options.state, options.out, `publishes to ${options.out}`, use, { signal: options.signal });
		const report = await inTurn(async () => {
			const kept = standing && isStillStanding(options, standing) ? standing : undefined;
			// It was touched since, or another build has published its own.
			if (left && !kept) await execute(plan.steps, [stdlib], { ...execution, onEvent: () => {} });
			const parts = kept?.parts ?? (await readParts(executed.output(stdlib)));
			forgetBuild(options);
			const published = await publish(options.out, kept !== undefined, {
				...prepared,
				interfaces,
				parts,
				link: executed.output(link),
				stdlib: executed.output(stdlib),
				stdlibKey: stdlib.key,
			});
			const made: Report = {
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
			recordBuild(options, filesRead(manifest), made, { lock, stdlib: { ...kept, key: stdlib.key, parts } });
			return made;
		});
		// What was made is being packed and sent meanwhile.
		await store.close();
		return { ...report, warnings: [...prepared.warnings, ...executed.warnings], ms: performance.now() - start };
	} finally {
		await Promise.all([toolchain.close(), store.close()]);
	}
}
