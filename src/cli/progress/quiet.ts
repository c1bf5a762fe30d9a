import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';
import { openWarnings } from './warnings.js';

/** Shows nothing of a build but its warnings. */
export function openQuietDisplay(terminal: Terminal): Display {
	const warnings = openWarnings(terminal);
	return {
		onEvent: (event) => {
			if (event.type === 'warning') warnings.show(event.diagnostic);
		},
		close: (outcome) => warnings.finish('report' in outcome ? outcome.report.warnings : []),
	};
}
