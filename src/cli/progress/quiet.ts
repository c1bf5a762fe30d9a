import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';
import { unseenWarnings, writeDiagnostics } from './warnings.js';

/** Shows nothing of a build but its warnings. */
export function openQuietDisplay(terminal: Terminal): Display {
	const warnings: Diagnostic[] = [];
	return {
		onEvent: (event) => {
			if (event.type !== 'warning') return;
			warnings.push(event.diagnostic);
			writeDiagnostics([event.diagnostic], terminal);
		},
		close: async (outcome) => {
			if ('report' in outcome) writeDiagnostics(unseenWarnings(outcome.report.warnings, warnings), terminal);
		},
	};
}
