import type { Explanation } from '../../index.js';
import type { BuildOptions } from '../../report.js';
import { buildOptions } from '../build-options.js';
import { renderExplanation } from '../explanation.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import { shownPath } from '../summary.js';
import type { Terminal } from '../terminal.js';

type ExplainBuild = (options: BuildOptions) => Promise<Explanation>;

const ownExplain: ExplainBuild = async (options) => (await import('../../index.js')).explainBuild(options);

/** `cpybuild explain`: says which input of which step differs from the last build. */
export async function runExplain(
	args: ArgumentsOf<'explain'>,
	terminal: Terminal,
	explainBuild = ownExplain,
): Promise<number> {
	const explanation = await explainBuild({ ...buildOptions(args), signal: terminal.signal });
	if (args.flags.json) writeJsonLine(terminal, { type: 'explanation', ...explanation });
	else terminal.stdout.write(renderExplanation(explanation, shownPath(explanation.out, terminal.cwd)));
	return 0;
}
