/** Where a command writes, and what its surroundings ask for. */
export interface Terminal {
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
	/** Whether standard output may have colours. */
	readonly color: boolean;
	/** Whether standard error may have colours. */
	readonly errorColor: boolean;
	/** Whether a moving display is welcome: standard output is a terminal, and nobody collects it as a log. */
	readonly interactive: boolean;
	/** Whether problems are to be written as annotations for GitHub Actions. */
	readonly github: boolean;
	/** Folder that relative paths in messages start from. */
	readonly cwd: string;
	/** Ends when the user presses Ctrl-C. */
	readonly signal: AbortSignal;
}

/** What of a process a terminal depends on. */
export interface Surroundings {
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly signal: AbortSignal;
}

/** Decides about colours and displays from streams and environment variables. */
export function openTerminal({ stdout, stderr, env, cwd, signal }: Surroundings): Terminal {
	// Streams that are no terminals leave `isTTY` undefined, which others take for "find out yourself".
	const isScreen = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && env.TERM !== 'dumb';
	// A moving list shows nothing on a pseudo-terminal without a size, as containers have it.
	const sized = stdout.rows !== 0;
	return {
		stdout,
		stderr,
		color: wantsColor(env) ?? isScreen(stdout),
		errorColor: wantsColor(env) ?? isScreen(stderr),
		interactive: isScreen(stdout) && sized && !isSet(env.CI),
		github: env.GITHUB_ACTIONS === 'true',
		cwd,
		signal,
	};
}

/** What the user said about colours, if anything; see no-color.org and force-color.org. */
function wantsColor(env: Surroundings['env']): boolean | undefined {
	if (isSet(env.NO_COLOR)) return false;
	if (env.FORCE_COLOR === undefined) return undefined;
	return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
}

function isSet(value: string | undefined): boolean {
	return value !== undefined && value !== '' && value !== 'false';
}
