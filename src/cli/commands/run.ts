import { runInterpreter } from '../../host/run.js';
import { parseFolder, parseVariables } from '../grants.js';
import type { ArgumentsOf } from '../options.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild run`: runs a built interpreter; the exit code is Python's. */
export async function runRun({ operand, flags, rest }: ArgumentsOf<'run'>, terminal: Terminal): Promise<number> {
	return runInterpreter({
		dist: operand,
		...(flags.host !== undefined && { hostModule: flags.host }),
		args: rest,
		env: parseVariables(flags.env),
		dirs: flags.dir.map(parseFolder),
		signal: terminal.signal,
	});
}
