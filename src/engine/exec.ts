import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { type Container, containerEnded, whileThere } from './containers.js';
import { fullProblem, received, saysFull } from './failure.js';
import { readFrames } from './frames.js';
import { isRunning } from './inspect.js';

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

/**
 * What begins every command: it goes to the working folder, looks whether there is the program, announces its number,
 * which is also that of its process group, among its errors, and becomes the program.
 */
const START = `cd "$1" && PATH=$2 || exit 126
command -v "$3" >/dev/null || { echo 'cpybuild not-found' >&2; exit 127; }
shift 3
echo "cpybuild $$" >&2
exec /usr/bin/env -i "$@"`;

/** Podman may have something to say before it: that it could not give all of the input to a command that has ended. */
const ANNOUNCEMENT = /cpybuild (\d+|not-found)\n/;

/** The exit code of what SIGKILL ended: 128 and its number. */
const KILLED = 137;

/** How much is kept of what may be the engine's own words. */
const MOST_WORDS = 4000;

/** How long the rest of a killed command's output is waited for. */
const KILLED_MS = 5_000;

/** How long a command may be silent before the engine is asked whether it still runs. */
const SILENCE_MS = 3_000;

/**
 * Runs a command in a container to its end, whatever its exit code.
 * @throws CpybuildError `build/interrupted` when the signal ended it, `toolchain/container-ended` when the container did.
 */
export async function execute(
	container: Container,
	{ argv, cwd, env, input }: ExecCommand,
	{ onStdout, onStderr, signal }: ExecOptions = {},
	silenceMs = SILENCE_MS,
): Promise<ExecResult> {
	const { endpoint } = container.engine;
	throwIfInterrupted(signal);
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const command = ['/bin/sh', '-c', START, 'cpybuild', cwd, env.PATH ?? '', argv[0], ...variables, ...callOf(argv)];
	const exec = await prepare(container, { Cmd: command, AttachStdin: input !== undefined });
	// Not to be left before it has begun: then nobody could end it.
	const stream: Duplex = await whileThere(container, () => exec.start({ hijack: true, stdin: input !== undefined }));
	let failed: { readonly error: unknown } | undefined;
	// Who listens may fail. Then nobody waits for the command any more, but its number may still be on its way.
	const heed = (listener: typeof onStdout) => (bytes: Uint8Array) => {
		if (failed) return;
		try {
			listener?.(bytes);
		} catch (error) {
			failed = { error };
			stop();
		}
	};
	const tell = heed(onStdout);
	const announced = announcement(heed(onStderr));
	const watch = watchEnd(exec, stream, silenceMs);
	// An engine that cannot start the command says so here, as if it were output.
	let words = '';
	const stop = () => void killGroup(container, announced.line, stream);
	signal?.addEventListener('abort', stop);
	if (signal?.aborted) stop();
	try {
		if (input !== undefined) stream.end(input);
		for await (const { stream: name, bytes } of readFrames(received(endpoint, signal, stream))) {
			watch.heard();
			if (name === 'stderr') announced.take(bytes);
			else {
				if (words.length < MOST_WORDS) words += Buffer.from(bytes).toString('utf8', 0, MOST_WORDS);
				tell(bytes);
			}
		}
	} catch (error) {
		if (failed) throw failed.error;
		if (!watch.hasEnded()) {
			if (!signal?.aborted) stop();
			throw error;
		}
	} finally {
		watch.end();
		announced.end();
		signal?.removeEventListener('abort', stop);
	}
	if (failed) throw failed.error;
	throwIfInterrupted(signal);
	const exitCode = await exitCodeOf(container, exec);
	if (exitCode === KILLED && !(await isRunning(container))) containerEnded();
	const line = await announced.line;
	if (line === 'not-found') return { kind: 'not-found' };
	if (!IS_NUMBER.test(line)) notStarted(container, `${words}\n${line}`.trim());
	return { kind: 'ended', exitCode };
}

/** `env` would take a program with a "=" in its path for one more variable; a shell does not, but has variables itself. */
function callOf(argv: ExecCommand['argv']): readonly string[] {
	return argv[0].includes('=') ? ['/bin/sh', '-c', 'unset PWD OLDPWD; exec "$@"', 'cpybuild', ...argv] : argv;
}

const IS_NUMBER = /^\d+$/;

function prepare(container: Container, options: { readonly Cmd: string[]; readonly AttachStdin: boolean }) {
	return whileThere(container, () =>
		container.engine.api.getContainer(container.id).exec({ ...options, AttachStdout: true, AttachStderr: true }),
	);
}

/** Takes what a command announces out of its errors; `line` is all of them when it announced nothing. */
function announcement(onRest: ExecOptions['onStderr']) {
	let settle: (line: string) => void = () => {};
	const line = new Promise<string>((resolve) => {
		settle = resolve;
	});
	let unclear: Buffer | undefined = Buffer.alloc(0);
	const take = (bytes: Uint8Array) => {
		if (!unclear) return onRest?.(bytes);
		unclear = Buffer.concat([unclear, bytes]);
		const found = ANNOUNCEMENT.exec(unclear.toString('latin1'));
		if (!found) return;
		settle(found[1] ?? '');
		const rest = [unclear.subarray(0, found.index), unclear.subarray(found.index + found[0].length)];
		unclear = undefined;
		for (const part of rest) if (part.length > 0) onRest?.(part);
	};
	return { line, take, end: () => settle(unclear?.toString() ?? '') };
}

/**
 * Ends the stream of a command that is over, where the engine forgets to: Docker 20.10 leaves one open now and then. A
 * command counts as over when the engine has said so twice, with nothing heard in between: its last words may be on
 * their way.
 */
function watchEnd(exec: Dockerode.Exec, stream: Duplex, silenceMs: number) {
	let silent = true;
	let over: 'no' | 'said once' | 'yes' = 'no';
	const look = async () => {
		const wasSilent = silent;
		silent = true;
		const isOver = wasSilent && (await exec.inspect().catch(() => undefined))?.Running === false;
		over = !isOver || !silent ? 'no' : over === 'no' ? 'said once' : 'yes';
		if (over === 'yes') stream.destroy();
	};
	const timer = setInterval(look, silenceMs);
	const heard = () => {
		silent = false;
	};
	return { heard, hasEnded: () => over === 'yes', end: () => clearInterval(timer) };
}

/** Kills a command with its children. The API has no call for it, so another command does it. */
async function killGroup(container: Container, announced: Promise<string>, stream: Duplex): Promise<void> {
	const late = setTimeout(() => stream.destroy(), KILLED_MS);
	stream.once('close', () => clearTimeout(late));
	const group = await announced;
	if (!IS_NUMBER.test(group)) return;
	try {
		const killer = await prepare(container, {
			Cmd: ['/bin/sh', '-c', `kill -s KILL -- -${group}`],
			AttachStdin: false,
		});
		await killer.start({ Detach: true });
	} catch {
		// Without the engine, or the container, there is nothing left to kill.
		stream.destroy();
	}
}

/** The end of the output comes a moment before the engine knows the exit code. */
async function exitCodeOf(container: Container, exec: Dockerode.Exec): Promise<number> {
	for (let pauseMs = 1; pauseMs < KILLED_MS; pauseMs *= 2) {
		const { Running, ExitCode } = await whileThere(container, () => exec.inspect());
		if (!Running && ExitCode !== null) return ExitCode;
		await sleep(pauseMs);
	}
	return containerEnded();
}

/** Says why a command did not begin, in the words of the shell or the engine. */
function notStarted({ engine }: Container, words: string): never {
	if (saysFull(words)) fail(fullProblem('the disk of the container engine is full', words.split('\n')));
	fail({
		code: 'toolchain/engine-refused',
		message: `the container engine at "${engine.endpoint.url}" does not start a command`,
		details: words.split('\n'),
		hint: 'the image needs /bin/sh and /usr/bin/env, and the working folder has to exist',
	});
}
