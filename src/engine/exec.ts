import type { Duplex } from 'node:stream';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { type Container, containerEnded } from './containers.js';
import { ask } from './failure.js';
import { readFrames } from './frames.js';

/** A command for a container. */
export interface ExecCommand {
	readonly argv: readonly [string, ...string[]];
	/** Absolute path of a folder in the container. */
	readonly cwd: string;
	/** The whole environment; nothing of the image's is added. */
	readonly env: Readonly<Record<string, string>>;
	/** What it reads from its standard input; else that is empty. */
	readonly input?: string | Uint8Array;
}

/** What a caller wants to follow or to stop. */
export interface ExecOptions {
	readonly onStdout?: ((bytes: Uint8Array) => void) | undefined;
	readonly onStderr?: ((bytes: Uint8Array) => void) | undefined;
	/** Kills the command with all its children. */
	readonly signal?: AbortSignal | undefined;
}

/** How a command ended. */
export type ExecResult = { readonly kind: 'ended'; readonly exitCode: number } | { readonly kind: 'not-found' };

/** Goes to the working folder, looks whether there is the program, and becomes it; tells the number of the process first. */
const START = `cd "$1" && PATH=$2 || exit 126
command -v "$3" >/dev/null || { echo not-found >&2; exit 127; }
shift 3
echo $$ >&2
exec /usr/bin/env -i "$@"`;

/** Runs a command in a container to its end, whatever its exit code. */
export async function execute(
	container: Container,
	{ argv, cwd, env, input }: ExecCommand,
	{ onStdout, onStderr, signal }: ExecOptions = {},
): Promise<ExecResult> {
	const { api, endpoint } = container.engine;
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const exec = await ask(endpoint, signal, () =>
		api.getContainer(container.id).exec({
			Cmd: ['/bin/sh', '-c', START, 'cpybuild', cwd, env.PATH ?? '', argv[0], ...variables, ...argv],
			AttachStdin: input !== undefined,
			AttachStdout: true,
			AttachStderr: true,
		}),
	);
	const stream: Duplex = await ask(endpoint, signal, () => exec.start({ hijack: true, stdin: input !== undefined }));
	stream.end(input);
	let first: string | undefined = '';
	for await (const frame of readFrames(stream)) {
		if (frame.stream === 'stdout') onStdout?.(frame.bytes);
		else if (first === undefined || first.endsWith('\n')) onStderr?.(frame.bytes);
		else first += Buffer.from(frame.bytes).toString();
	}
	throwIfInterrupted(signal);
	if (first.trim() === 'not-found') return { kind: 'not-found' };
	const { ExitCode, Running } = await ask(endpoint, signal, () => exec.inspect());
	if (Running || ExitCode === null) containerEnded();
	return { kind: 'ended', exitCode: ExitCode };
}
