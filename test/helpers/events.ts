import type { Report, StepStatus } from '../../src/report.js';
import { cpybuild } from './cli.js';

/** What `cpybuild build --json` told. */
export interface JsonBuild {
	readonly code: number;
	/** The statuses of all steps that the build looked at. */
	readonly steps: Readonly<Record<string, StepStatus>>;
	/** Ids of the steps that did their work, sorted. */
	readonly ran: readonly string[];
	readonly report: Report | undefined;
}

/** Builds the project in a folder and reads the events. */
export async function buildJson(folder: string, ...args: string[]): Promise<JsonBuild> {
	return buildJsonWith({}, folder, ...args);
}

/** The same with variables in the environment. */
export async function buildJsonWith(
	env: Readonly<Record<string, string>>,
	folder: string,
	...args: string[]
): Promise<JsonBuild> {
	const { code, stdout } = await cpybuild(['build', '--json', ...args], { cwd: folder, env });
	return { code, ...readEvents(stdout) };
}

/** Reads the events of a build from its output. */
export function readEvents(stdout: string): Omit<JsonBuild, 'code'> {
	const events = stdout
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line));
	const finished = events.filter(({ type }) => type === 'step-finished');
	const steps: Record<string, StepStatus> = Object.fromEntries(finished.map(({ id, status }) => [id, status]));
	const ran = Object.keys(steps)
		.filter((id) => steps[id] === 'ran')
		.sort();
	return { steps, ran, report: events.find(({ type }) => type === 'report') };
}

/** The keys of a plan, by step. */
export async function planKeys(folder: string, ...args: string[]): Promise<Readonly<Record<string, string>>> {
	const { stdout } = await cpybuild(['plan', '--json', ...args], { cwd: folder });
	const plan: { readonly steps: readonly { readonly id: string; readonly key: string }[] } = JSON.parse(stdout);
	return Object.fromEntries(plan.steps.map(({ id, key }) => [id, key]));
}
