import type { BuildOptions, Report } from '../../report.js';
import { buildOptions } from '../build-options.js';
import type { ArgumentsOf } from '../options.js';
import type { Outcome } from '../progress/display.js';
import { openDisplay } from '../progress/open.js';
import type { Terminal } from '../terminal.js';

type Build = (options: BuildOptions) => Promise<Report>;

const ownBuild: Build = async (options) => (await import('../../index.js')).build(options);

/** `cpybuild build`: builds, and shows how it goes. */
export async function runBuild(args: ArgumentsOf<'build'>, terminal: Terminal, build = ownBuild): Promise<number> {
	const { summary } = args.flags;
	const summarize =
		summary === undefined ? undefined : (await import('../step-summary.js')).openStepSummary(summary, terminal.cwd);
	const display = await openDisplay(args.flags, terminal);
	const outcome = await settle(
		build({
			...buildOptions(args),
			...(args.flags.jobs !== undefined && { jobs: args.flags.jobs }),
			signal: terminal.signal,
			onEvent: display.onEvent,
		}),
	);
	// The display ends first, so that nothing moves over the error.
	await display.close(outcome);
	summarize?.(outcome);
	if ('error' in outcome) throw outcome.error;
	return 0;
}

async function settle(report: Promise<Report>): Promise<Outcome> {
	try {
		return { report: await report };
	} catch (error) {
		return { error };
	}
}
