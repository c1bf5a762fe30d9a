import { compareFiles } from '../../compared-contracts.js';
import { renderComparison } from '../comparison.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild diff`: says what changed between two interpreters; the exit code tells whether that breaks anything. */
export async function runDiff({ operand, second, flags }: ArgumentsOf<'diff'>, terminal: Terminal): Promise<number> {
	const compared = await compareFiles(operand, second);
	if (flags.json) writeJsonLine(terminal, { type: 'compared', ...compared });
	else terminal.stdout.write(renderComparison(compared));
	return compared.breaksHosts || compared.breaksPython ? 1 : 0;
}
