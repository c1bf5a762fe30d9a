import type { Terminal } from '../terminal.js';
import type { Display } from './display.js';

/** How the user wants to see a build. */
export interface DisplayChoice {
	readonly json: boolean;
	readonly quiet: boolean;
	readonly verbose: boolean;
}

/** Opens the display that fits; the others are not loaded. */
export async function openDisplay(choice: DisplayChoice, terminal: Terminal): Promise<Display> {
	if (choice.json) return (await import('./json.js')).openJsonDisplay(terminal);
	if (choice.quiet) return (await import('./quiet.js')).openQuietDisplay(terminal);
	if (terminal.interactive && !choice.verbose) return (await import('./list.js')).openListDisplay(terminal);
	return (await import('./plain.js')).openPlainDisplay(terminal, choice);
}
