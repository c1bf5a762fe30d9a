import { renderJson } from '../../diagnostics/render-json.js';
import type { BuildEvent } from '../../report.js';
import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';

/** Writes a build for programs: every event, and at last the report, as one line of JSON each. */
export function openJsonDisplay(terminal: Terminal): Display {
	return {
		onEvent: (event) => writeJsonLine(terminal, eventJson(event)),
		close: async (outcome) => {
			if (!('report' in outcome)) return;
			const { report } = outcome;
			writeJsonLine(terminal, { type: 'report', ...report, warnings: renderJson(report.warnings) });
		},
	};
}

/** Writes one value as a line of JSON. */
export function writeJsonLine(terminal: Terminal, value: unknown): void {
	terminal.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A diagnostic holds the whole text that it points into; JSON shows the place alone. */
function eventJson(event: BuildEvent): unknown {
	return event.type === 'warning' ? { type: event.type, diagnostic: renderJson([event.diagnostic])[0] } : event;
}
