import type { ArgumentsOf, CommandName, GroupName } from './options.js';
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
	doctor: async () => (await import('./commands/doctor.js')).runDoctor,
	'cache path': async () => (await import('./commands/cache-path.js')).runCachePath,
	'cache list': async () => (await import('./commands/cache-list.js')).runCacheList,
	'cache verify': async () => (await import('./commands/cache-verify.js')).runCacheVerify,
	'cache gc': async () => (await import('./commands/cache-gc.js')).runCacheGc,
	'cache key': async () => (await import('./commands/cache-key.js')).runCacheKey,
	'cache export': async () => (await import('./commands/cache-export.js')).runCacheExport,
	'cache import': async () => (await import('./commands/cache-import.js')).runCacheImport,
	upgrade: async () => (await import('./commands/upgrade.js')).runUpgrade,
	run: async () => (await import('./commands/run.js')).runRun,
	wit: async () => (await import('./commands/wit.js')).runWit,
	diff: async () => (await import('./commands/diff.js')).runDiff,
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
				const { renderCommandHelp } = await import('./help.js');
				const { command, group } = invocation;
				terminal.stdout.write(command ? renderCommandHelp(command) : await overviewOf(group));
				return 0;
			}
			case 'none':
				terminal.stderr.write(await overviewOf(invocation.group));
				return 2;
			case 'command':
				return await runInvocation(invocation, terminal);
		}
	} catch (error) {
		return (await import('./failure.js')).showFailure(error, terminal, { json: wantsJson(argv) });
	}
}

async function overviewOf(group: GroupName | undefined): Promise<string> {
	const { renderGroupHelp, renderOverview } = await import('./help.js');
	return group ? renderGroupHelp(group) : renderOverview();
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
