import type { PlannedStep } from '../../index.js';
import type { BuildOptions } from '../../report.js';
import { buildOptions } from '../build-options.js';
import { alignColumns } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

type PlanBuild = (options: BuildOptions) => Promise<readonly PlannedStep[]>;

const ownPlan: PlanBuild = async (options) => (await import('../../index.js')).planBuild(options);

/** `cpybuild plan`: shows what a build would do. */
export async function runPlan(args: ArgumentsOf<'plan'>, terminal: Terminal, planBuild = ownPlan): Promise<number> {
	const steps = await planBuild({ ...buildOptions(args), signal: terminal.signal });
	if (args.flags.json) writeJsonLine(terminal, { type: 'plan', steps });
	else terminal.stdout.write(renderPlan(steps));
	return 0;
}

function renderPlan(steps: readonly PlannedStep[]): string {
	const rows = steps.map(({ id, title, status, key }) => [id, title, status, key.slice(0, 12)]);
	return alignColumns([['step', 'does', 'status', 'key'], ...rows])
		.map((line) => `${line}\n`)
		.join('');
}
