import type { ArgumentsOf, CommandName } from './options.js';
import { type CommandInvocation, parseCommandLine } from './parse.js';
import type { Terminal } from './terminal.js';

/** Runs one command: its exit code. */
export type RunCommand<N extends CommandName> = (args: ArgumentsOf<N>, terminal: Terminal) => Promise<number>;

/** The code of each command, loaded when it is needed: most of them need much that the others do not. */
const bodies: { readonly [N in CommandName]: () => Promise<RunCommand<N>> } = {
	build: async () => (await import('./commands/build.js')).runBuild,
	watch: async () => (await import('./commands/watch.js')).runWatch,
	generate: async () => (await import('./commands/generate.js')).runGenerate,
	check: async () => (await import('./commands/check.js')).runCheck,
	plan: async () => (await import('./commands/plan.js')).runPlan,
	explain: async () => (await import('./commands/explain.js')).runExplain,
	run: async () => (await import('./commands/run.js')).runRun,
	inspect: async () => (await import('./commands/inspect.js')).runInspect,
	init: async () => (await import('./commands/init.js')).runInit,
};

/** Does what a command line asks for, shows what goes wrong, and gives the exit code. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
	try {
		const invocation = parseCommandLine(argv);
		switch (invocation.kind) {
			case 'version':
				terminal.stdout.write(`${(await import('./version.js')).ownVersion()}\n`);
				return 0;
			case 'help': {
				const { renderCommandHelp, renderOverview } = await import('./help.js');
				terminal.stdout.write(invocation.command ? renderCommandHelp(invocation.command) : renderOverview());
				return 0;
			}
			case 'none':
				terminal.stderr.write((await import('./help.js')).renderOverview());
				return 2;
			case 'command':
				return await runInvocation(invocation, terminal);
		}
	} catch (error) {
		return (await import('./failure.js')).showFailure(error, terminal, { json: wantsJson(argv) });
	}
}

async function runInvocation<N extends CommandName>(
	{ command, args }: CommandInvocation<N>,
	terminal: Terminal,
): Promise<number> {
	const body = await bodies[command]();
	return body(args, terminal);
}

/** Whether problems are to be JSON too; the command line itself may be one of them, so it is not parsed for this. */
function wantsJson(argv: readonly string[]): boolean {
	const end = argv.indexOf('--');
	return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}
