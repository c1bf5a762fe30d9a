import type { BuildEvent } from '../../report.js';
import { renderSummary } from '../summary.js';
import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';
import { createPalette, finishedTitle, statusSign } from './step-line.js';
import { openWarnings } from './warnings.js';

/** A step with fewer units than this is over before anybody wants to know how far it is. */
const leastUnits = 100;

/** Shows a build as lines, for logs: one per finished step, and signs of life from long ones. */
export function openPlainDisplay(terminal: Terminal, options: { readonly verbose: boolean }): Display {
	const palette = createPalette(terminal.color);
	const titles = new Map<string, string>();
	const quarters = new Map<string, number>();
	const warnings = openWarnings(terminal);
	const write = (line: string): void => {
		terminal.stdout.write(`${line}\n`);
	};

	const writeProgress = (event: BuildEvent & { type: 'progress' }): void => {
		const quarter = Math.floor((4 * event.done) / event.total);
		if (event.total < leastUnits || quarter <= (quarters.get(event.id) ?? 0)) return;
		quarters.set(event.id, quarter);
		write(palette.dim(`  ${titles.get(event.id) ?? event.id}: ${event.done} of ${event.total}`));
	};

	return {
		onEvent: (event) => {
			switch (event.type) {
				case 'note':
					return write(palette.dim(`  ${event.line}`));
				case 'planned':
					for (const step of event.steps) titles.set(step.id, step.title);
					return;
				case 'step-started':
					if (options.verbose) write(`  ${event.title}`);
					return;
				case 'output':
					if (options.verbose) write(palette.dim(`  ${event.id} | ${event.line}`));
					return;
				case 'progress':
					return writeProgress(event);
				case 'step-finished':
					return write(`${statusSign(event.status, palette)} ${finishedTitle(event, palette)}`);
				case 'warning':
					return warnings.show(event.diagnostic);
			}
		},
		close: async (outcome) => {
			await warnings.finish('report' in outcome ? outcome.report.warnings : []);
			if ('report' in outcome) terminal.stdout.write(renderSummary(outcome.report, terminal));
		},
	};
}
