import type { Examination, ExamineOptions } from '../../index.js';
import { buildOptions } from '../build-options.js';
import { renderExamination } from '../examination.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

type Examine = (options: ExamineOptions) => Promise<Examination>;

const ownExamine: Examine = async (options) => (await import('../../index.js')).examine(options);

/** The exit code when a build would fail, as for a toolchain that is missing. */
const NOT_READY = 3;

/** `cpybuild doctor`: shows what a build would lack; the exit code says whether it would work. */
export async function runDoctor(
	args: ArgumentsOf<'doctor'>,
	terminal: Terminal,
	examine = ownExamine,
): Promise<number> {
	const { fix, json } = args.flags;
	const examination = await examine({ ...buildOptions(args), fix, signal: terminal.signal });
	if (json) writeJsonLine(terminal, { type: 'doctor', ...examination });
	else terminal.stdout.write(renderExamination(examination, terminal));
	return examination.ready ? 0 : NOT_READY;
}
