import { isStored, neededSteps } from './execute.js';
import { comparePlans, type StepChange } from './explain.js';
import { readLastPlan, recordStep, type StepRecord } from './last-plan.js';
import { prepare } from './prepare.js';
import type { SettledOptions } from './settle.js';

/** A step of a build that has not been started. */
export interface PlannedStep extends StepRecord {
	readonly title: string;
	/**
	 * `cached`: its output is on this machine; `runs`: it has to be made, or fetched from the remote cache;
	 * `unneeded`: its output is not there, and nothing that has to be made reads it.
	 */
	readonly status: 'cached' | 'runs' | 'unneeded';
}

/** How a build would differ from the last one of its output folder. */
export interface Explanation {
	/** Absolute path of the output folder. */
	readonly out: string;
	/** Whether a build of the output folder is known to compare with; without one no step has a change. */
	readonly known: boolean;
	/** In the plan's order; steps that the last build had and this one has not come last. */
	readonly steps: readonly (StepChange & { readonly status: PlannedStep['status'] | 'gone' })[];
}

/** The steps of a build, and which of them would run; runs none. */
export async function planSteps(options: SettledOptions): Promise<readonly PlannedStep[]> {
	const { plan, store, close } = await prepare(options);
	try {
		const { steps, link, verify, stdlib } = plan;
		const needed = new Set(neededSteps(steps, [link, verify, stdlib], store));
		return steps.map((step) => ({
			...recordStep(step),
			title: step.title,
			status: isStored(step, store) ? 'cached' : needed.has(step) ? 'runs' : 'unneeded',
		}));
	} finally {
		await close();
	}
}

/** What differs from the last build that went well, step by step; runs none. */
export async function explainSteps(options: SettledOptions): Promise<Explanation> {
	const now = await planSteps(options);
	const last = readLastPlan(options);
	const statusOf = (id: string): PlannedStep['status'] | 'gone' => now.find((step) => step.id === id)?.status ?? 'gone';
	const steps = comparePlans(last ?? now, now).map((step) => ({ ...step, status: statusOf(step.id) }));
	return { out: options.out, known: last !== undefined, steps };
}
