import { join } from 'node:path';
import { type Executed, execute } from './execute.js';
import type { Files } from './generate/files.js';
import { findStandingStdlib, isStillStanding, readLeftStdlib, type StdlibRecord } from './last-build.js';
import { goalsOf } from './plan.js';
import type { Prepared } from './prepare.js';
import { readParts } from './sbom/parts.js';
import type { SettledOptions } from './settle.js';

/** What a build has made, and is to publish. */
export interface Outputs {
	readonly executed: Executed;
	/** Generated files for those who use the output folder. */
	readonly interfaces: Files;
	/** Sees to the standard library, once nobody else publishes. */
	settleStdlib(): Promise<SettledStdlib>;
}

/** The standard library that an output folder is to have. */
export interface SettledStdlib extends StdlibRecord {
	/** Whether it is in its place already, and stays. */
	readonly stands: boolean;
	/** What it was recognised by, if it stands. */
	readonly stamp?: string;
}

/** Makes all that a build publishes; what needs no compiler is done while one runs. */
export async function makeOutputs(options: SettledOptions, prepared: Prepared): Promise<Outputs> {
	const { manifest, plan, store, machine, toolchain } = prepared;
	const { steps, stdlib } = plan;
	const execution = { ...options, store, machine, toolchain, logs: join(options.state, 'logs') };
	const left = readLeftStdlib(options, stdlib.key);
	const making = execute(steps, goalsOf(plan), { ...execution, ...(left && { inPlace: [stdlib] }) });
	const besides = Promise.race([machine.busy, making]).then(async () => {
		// Loaded only now as well, so that the compiler starts sooner, with all that publishes.
		const { generateInterfaces } = await import('./generate/interfaces.js');
		const interfaces = generateInterfaces(manifest);
		return { interfaces, standing: left && (await findStandingStdlib(options, left)) };
	});
	const [executed, { interfaces, standing }] = await Promise.all([making, besides]);
	const settleStdlib = async (): Promise<SettledStdlib> => {
		if (standing && isStillStanding(options, standing)) {
			const { key, parts, stamp } = standing;
			return { key, parts, stamp, stands: true };
		}
		// It was touched since, or another build has published its own.
		if (left) await execute(steps, [stdlib], { ...execution, onEvent: () => {} });
		return { key: stdlib.key, parts: await readParts(executed.output(stdlib)), stands: false };
	};
	return { executed, interfaces, settleStdlib };
}
