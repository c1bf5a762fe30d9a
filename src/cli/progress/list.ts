import type { ListrTask, ListrTaskWrapper } from 'listr2';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { BuildEvent } from '../../report.js';
import { renderSummary } from '../summary.js';
import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';
import { createEventQueue, type EventQueue } from './event-queue.js';
import { createPalette, finishedTitle, type Palette, statusSign } from './step-line.js';
import { openWarnings } from './warnings.js';

type StepEvent = Extract<BuildEvent, { readonly id: string }>;
type Task = ListrTaskWrapper<unknown, DefaultRenderer, SimpleRenderer>;
type DefaultRenderer = typeof import('listr2').DefaultRenderer;
type SimpleRenderer = typeof import('listr2').SimpleRenderer;

/** Shows a build on a terminal: a list of steps that grows and moves. */
export function openListDisplay(terminal: Terminal): Display {
	const palette = createPalette(terminal.color);
	const queues = new Map<string, EventQueue<StepEvent>>();
	const running = new Set<string>();
	const warnings: Diagnostic[] = [];
	let shown: Promise<unknown> = Promise.resolve();

	return {
		onEvent: (event) => {
			switch (event.type) {
				case 'note':
					// Until the list moves; then it is told where the steps tell their own, since they wait for it.
					if (queues.size === 0) terminal.stdout.write(`${palette.dim(event.line)}\n`);
					for (const id of running) queues.get(id)?.push({ type: 'output', id, line: event.line });
					return;
				case 'planned':
					for (const step of event.steps) queues.set(step.id, createEventQueue());
					shown = showSteps(queues, terminal, palette);
					return;
				case 'warning':
					warnings.push(event.diagnostic);
					return;
				default:
					if (event.type === 'step-started') running.add(event.id);
					if (event.type === 'step-finished') running.delete(event.id);
					queues.get(event.id)?.push(event);
			}
		},
		close: async (outcome) => {
			for (const queue of queues.values()) queue.end();
			await shown;
			// What the list does not know of would be overwritten while it moves, so it comes last.
			await openWarnings(terminal).finish('report' in outcome ? outcome.report.warnings : warnings);
			if ('report' in outcome) terminal.stdout.write(renderSummary(outcome.report, terminal));
		},
	};
}

/**
 * listr2 only displays: each of its tasks reads the events of one step and ends with them. A task has no title, and
 * so is not seen, until its step starts.
 */
async function showSteps(
	queues: ReadonlyMap<string, EventQueue<StepEvent>>,
	terminal: Terminal,
	palette: Palette,
): Promise<void> {
	const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
	const tasks = Array.from(
		queues.values(),
		(queue): ListrTask<unknown, DefaultRenderer, SimpleRenderer> => ({
			task: (_, task) => followStep(queue, task, palette),
			rendererOptions: { bottomBar: 1 },
		}),
	);
	const same = (text: string | undefined): string => text ?? '';
	const list = new Listr<unknown, 'default', 'simple'>(tasks, {
		concurrent: true,
		exitOnError: false,
		// The terminal was looked at already, and Ctrl-C belongs to the command.
		forceTTY: true,
		registerSignalListeners: false,
		rendererOptions: {
			logger: new ListrLogger({
				useIcons: true,
				toStderr: [],
				processOutput: new ProcessOutput(terminal.stdout, terminal.stderr),
			}),
			formatOutput: 'truncate',
			showErrorMessage: false,
			icon: {
				COMPLETED: statusSign('ran', palette),
				FAILED: statusSign('failed', palette),
				SKIPPED_WITH_COLLAPSE: statusSign('cancelled', palette),
				OUTPUT_WITH_BOTTOMBAR: palette.dim('›'),
			},
			color: {
				COMPLETED: same,
				FAILED: same,
				SKIPPED_WITH_COLLAPSE: same,
				OUTPUT_WITH_BOTTOMBAR: same,
				PENDING: (text) => palette.yellow(same(text)),
			},
		},
	});
	await list.run();
}

async function followStep(queue: EventQueue<StepEvent>, task: Task, palette: Palette): Promise<void> {
	let title = '';
	for await (const event of queue) {
		switch (event.type) {
			case 'step-started':
				title = event.title;
				task.title = title;
				break;
			case 'progress':
				task.title = `${title} ${palette.dim(`${event.done} of ${event.total}`)}`;
				break;
			case 'output':
				task.output = event.line;
				break;
			case 'step-finished':
				return finishTask(event, task, palette);
		}
	}
}

function finishTask(event: StepEvent & { type: 'step-finished' }, task: Task, palette: Palette): void {
	task.title = finishedTitle(event, palette);
	if (event.status === 'cancelled') task.skip();
	// The list only needs to know that the step failed; the build's own error is shown after it.
	if (event.status === 'failed') throw new Error(event.title);
}
