import type { WatchedBuild, WatchOptions } from '../../index.js';
import { buildOptions } from '../build-options.js';
import { showFailure } from '../failure.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import { openDisplay } from '../progress/open.js';
import type { Terminal } from '../terminal.js';

type WatchBuild = (
	options: WatchOptions,
	onBuild: (built: WatchedBuild, files: readonly string[]) => Promise<void>,
	signal: AbortSignal,
) => Promise<void>;

const ownWatch: WatchBuild = async (...args) => (await import('../../index.js')).watchBuild(...args);

/** `cpybuild watch`: builds, and shows every build, until Ctrl-C, which is the only end that it has. */
export async function runWatch(args: ArgumentsOf<'watch'>, terminal: Terminal, watchBuild = ownWatch): Promise<number> {
	const { flags } = args;
	let display = await openDisplay(flags, terminal);
	const options: WatchOptions = {
		...buildOptions(args),
		...(flags.jobs !== undefined && { jobs: flags.jobs }),
		poll: flags.poll,
		onEvent: (event) => display.onEvent(event),
	};
	const onBuild = async (built: WatchedBuild, files: readonly string[]): Promise<void> => {
		await display.close(built);
		if ('error' in built) showFailure(built.error, terminal, { json: flags.json });
		if (flags.json) writeJsonLine(terminal, { type: 'watching', files });
		else if (!flags.quiet) terminal.stdout.write('watching for changes, Ctrl-C ends it\n');
		display = await openDisplay(flags, terminal);
	};
	await watchBuild(options, onBuild, terminal.signal);
	await display.close({ error: terminal.signal.reason });
	return 0;
}
