import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Entry, Origin, Store } from './cache/store.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { throwIfInterrupted } from './diagnostics/interrupted.js';
import { type Log, openLog } from './log.js';
import type { Machine } from './machine/machine.js';
import type { Listener, Report, StepStatus } from './report.js';
import { kindOf } from './steps/make-step.js';
import type { Step, StepContext } from './steps/step.js';
import type { LazyToolchain } from './toolchain/toolchain.js';

/** What running steps needs. */
export interface Execution {
	readonly store: Store;
	readonly machine: Machine;
	/** Looked for when the first step that compiles has to run. */
	readonly toolchain: LazyToolchain;
	/** How many commands run at once; else as many as the machine has processors. */
	readonly jobs: number | undefined;
	readonly signal: AbortSignal | undefined;
	/** Folder for the steps' logs. */
	readonly logs: string;
	readonly onEvent: Listener;
	/** Goals whose outputs nobody needs: what the last build made of them is in its place. */
	readonly inPlace?: readonly Step[];
}

/** A file of a step's output. */
export interface StoredFile {
	readonly path: string;
	readonly sha256: string;
}

/** What happened, and where the outputs are. */
export interface Executed {
	output(step: Step): string;
	/** A file of a goal's output, with the hash that it was verified by. */
	file(step: Step, name: string): StoredFile;
	readonly steps: Report['steps'];
	readonly warnings: readonly Diagnostic[];
}

/** The steps that a build of `goals` looks at: those behind a stored output are not. */
export function neededSteps(
	steps: readonly Step[],
	goals: readonly Step[],
	store: Pick<Store, 'has'>,
): readonly Step[] {
	const needed = new Set<Step>();
	const visit = (step: Step) => {
		if (needed.has(step)) return;
		needed.add(step);
		if (!isStored(step, store)) for (const need of step.needs) visit(need);
	};
	for (const goal of goals) visit(goal);
	return steps.filter((step) => needed.has(step));
}

/** Whether this machine has a step's output; nothing is verified. */
export function isStored(step: Step, store: Pick<Store, 'has'>): boolean {
	return store.has(kindOf(step.id), step.key);
}

/** How a step whose output came from there is shown. */
const STATUS: Readonly<Record<Origin, StepStatus>> = { made: 'ran', local: 'cached', remote: 'downloaded' };

/**
 * Gets the outputs of `goals`: from the store, else by running the steps, side by side where they do not need each
 * other. The first failure stops all others and is thrown.
 */
export async function execute(steps: readonly Step[], goals: readonly Step[], execution: Execution): Promise<Executed> {
	const { store, onEvent } = execution;
	const needed = neededSteps(steps, goals, store);
	mkdirSync(execution.logs, { recursive: true });
	onEvent({ type: 'planned', steps: needed.map(({ id, title }) => ({ id, title })) });
	const failure = new AbortController();
	const signal = AbortSignal.any([failure.signal, ...(execution.signal ? [execution.signal] : [])]);
	const limit = pLimit(Math.max(2, execution.jobs ?? execution.machine.processors));
	const warnings: Diagnostic[] = [];
	const report: { id: string; status: StepStatus; ms: number }[] = [];
	const failures: unknown[] = [];
	const started = new Map<Step, Promise<void>>();

	const finish = (step: Step, status: StepStatus, ms: number) => {
		report.push({ id: step.id, status, ms });
		onEvent({ type: 'step-finished', id: step.id, title: step.title, status, ms });
	};
	const warn = (warning: Diagnostic) => {
		warnings.push(warning);
		onEvent({ type: 'warning', diagnostic: warning });
	};
	const endAll = (error: unknown) => {
		failures.push(error);
		failure.abort();
	};
	const finishStored = (step: Step, entry: Entry, start: number) => {
		for (const warning of step.recall?.(entry.path) ?? []) warn(warning);
		finish(step, STATUS[entry.origin], performance.now() - start);
	};
	const run = async (step: Step) => {
		const start = performance.now();
		onEvent({ type: 'step-started', id: step.id, title: step.title });
		try {
			const entry = await store.ensure(kindOf(step.id), step.key, {
				shared: !step.isLocal,
				signal,
				fill: (out) => runLogged(step, out, warn, { ...execution, signal }),
				onWait: (holder) =>
					onEvent({ type: 'output', id: step.id, line: `waiting for ${holder}, which makes the same` }),
			});
			if (entry.origin === 'made') finish(step, 'ran', performance.now() - start);
			else finishStored(step, entry, start);
		} catch (error) {
			finish(step, signal.aborted ? 'cancelled' : 'failed', performance.now() - start);
			endAll(error);
		}
	};
	const get = (step: Step): Promise<void> => {
		const running = started.get(step);
		if (running) return running;
		const look = async () => {
			const start = performance.now();
			if (execution.inPlace?.includes(step)) return finish(step, 'cached', 0);
			const entry = await store.find(kindOf(step.id), step.key);
			if (entry) return finishStored(step, entry, start);
			await Promise.all(step.needs.map(get));
			await limit(async () => {
				if (!signal.aborted) await run(step);
			});
		};
		const promise = look().catch(endAll);
		started.set(step, promise);
		return promise;
	};

	await Promise.all(goals.map(get));
	// The first failure is the reason of all others: they were interrupted because of it.
	if (failures.length > 0) throw failures[0];
	// A signal between two steps interrupts none of them, and still the goals are not there.
	throwIfInterrupted(signal);
	const output = (step: Step) => store.path(kindOf(step.id), step.key);
	return {
		output,
		file: (step, name) => ({ path: join(output(step), name), sha256: store.sha256(kindOf(step.id), step.key, name) }),
		steps: report,
		warnings,
	};
}

/** Runs a step with a log of its own, which is opened only now: another process may be making the same and writing it. */
async function runLogged(
	step: Step,
	out: string,
	warn: (warning: Diagnostic) => void,
	execution: Execution,
): Promise<void> {
	const log = openLog(execution.logs, step.id);
	try {
		await step.run(stepContext(step, out, log, warn, execution));
	} finally {
		log.close();
	}
}

function stepContext(
	step: Step,
	out: string,
	log: Log,
	warn: (warning: Diagnostic) => void,
	execution: Execution,
): StepContext {
	const { store, machine, toolchain, jobs, signal, onEvent } = execution;
	const write = (line: string) => {
		log.write(line);
		onEvent({ type: 'output', id: step.id, line });
	};
	const runOptions = { onLine: write, signal };
	return {
		out,
		output: (need) => store.path(kindOf(need.id), need.key),
		store,
		machine,
		toolchain: () => toolchain.open(),
		// Asked for when commands run: before, a container's engine may not have said how many processors it has.
		get jobs() {
			return jobs ?? machine.processors;
		},
		signal,
		logPath: log.path,
		log: write,
		progress: (done, total) => onEvent({ type: 'progress', id: step.id, done, total }),
		warn,
		exec: (command) => machine.run(command, runOptions),
		runOptions,
	};
}
