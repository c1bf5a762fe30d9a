import { loadManifest, printProjectWit } from '../../project.js';
import type { ArgumentsOf } from '../options.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild wit`: prints the WIT of a manifest. */
export async function runWit({ operand }: ArgumentsOf<'wit'>, terminal: Terminal): Promise<number> {
	terminal.stdout.write(await printProjectWit(await loadManifest(operand)));
	return 0;
}
