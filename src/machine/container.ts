import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import {
	type Container,
	containerEnded,
	getArchive,
	openContainer,
	putArchive,
	reap,
	removeContainer,
} from '../engine/containers.js';
import type { Engine } from '../engine/engine.js';
import { execute } from '../engine/exec.js';
import type { Image } from '../engine/images.js';
import { clockAhead, isRunning, lookAt, searchPath } from '../engine/inspect.js';
import { type Exchange, openExchange } from './container/exchange.js';
import { endedEarly, requireRoomIn, signalOf } from './container/failures.js';
import type { BuildMachine, Command, CommandResult, RunOptions } from './machine.js';
import { keepOutput } from './output.js';

/** What a container machine needs; each is asked for once, when it is needed. */
export interface ContainerOptions {
	/** Connects to the engine. */
	readonly openEngine: (signal?: AbortSignal) => Promise<Engine>;
	/** Finds, pulls or builds the image. */
	readonly getImage: (engine: Engine, signal?: AbortSignal) => Promise<Image>;
	/** Receives how long each part of the work took, in milliseconds. */
	readonly onSpent?: (work: Work, ms: number) => void;
}

/** The parts of running a command in a container. */
export type Work = 'open' | 'send' | 'run' | 'bring';

/** A machine whose commands run in a container; to be closed. Nothing is opened before it is needed. */
export interface ContainerMachine extends BuildMachine {
	/**
	 * Connects to the engine and gets the image, without starting a container; then `path` and `processors` are those
	 * of commands. The first command does it too.
	 */
	prepare(signal?: AbortSignal): Promise<Image>;
}

/** Nobody's number in particular, as long as it is not root's. */
const USER = { uid: 1000, gid: 1000 };

/** What a build runs of an image, besides the toolchain. */
const NEEDED = ['make', 'node', 'cat', 'rm'];

/** Opens a machine that runs commands in one container, which gets the files that they read and write. */
export function containerMachine(options: ContainerOptions): ContainerMachine {
	const spend = async <T>(work: Work, use: () => Promise<T>): Promise<T> => {
		const start = performance.now();
		try {
			return await use();
		} finally {
			options.onSpent?.(work, performance.now() - start);
		}
	};
	let begin = () => {};
	const busy = new Promise<void>((resolve) => {
		begin = resolve;
	});
	let closed = false;
	let place: Promise<Place> | undefined;
	let opened: Promise<Opened> | undefined;
	// Until the engine has said it.
	let processors = availableParallelism();
	let path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
	const prepare = (signal?: AbortSignal) => {
		place ??= findPlace(options, signal).then((found) => {
			({ processors } = found.engine);
			({ path } = found);
			return found;
		});
		return place;
	};
	const open = (signal?: AbortSignal) => {
		opened ??= spend('open', async () => start(await prepare(signal), signal));
		return opened;
	};
	const run = async (command: Command, { onLine, signal }: RunOptions = {}): Promise<CommandResult> => {
		throwIfInterrupted(signal);
		const { container, exchange } = await open(signal);
		try {
			await spend('send', () => exchange.send(command));
			throwIfInterrupted(signal);
			begin();
			const result = await spend('run', () => runIn(container, path, command, { onLine, signal }));
			if (!command.isDry) await spend('bring', () => exchange.bring(command));
			return result;
		} catch (error) {
			throwIfInterrupted(signal);
			// Whatever failed did because of that.
			if (closed || !(await isRunning(container))) containerEnded();
			throw error;
		}
	};
	const close = async () => {
		closed = true;
		const container = (await opened?.catch(() => undefined))?.container;
		try {
			if (container) await removeContainer(container);
		} finally {
			(await place?.catch(() => undefined))?.engine.close();
		}
	};
	return {
		get processors() {
			return processors;
		},
		get path() {
			return path;
		},
		node: 'node',
		busy,
		run,
		prepare: async (signal) => (await prepare(signal)).image,
		close,
	};
}

/** An engine with the image for a container. */
interface Place {
	readonly engine: Engine;
	readonly image: Image;
	readonly path: string;
}

/** A container that runs, and its files. */
interface Opened {
	readonly container: Container;
	readonly exchange: Exchange;
}

async function findPlace({ openEngine, getImage }: ContainerOptions, signal?: AbortSignal): Promise<Place> {
	const engine = await openEngine(signal);
	try {
		const image = await getImage(engine, signal);
		return { engine, image, path: await searchPath(engine, image.id, signal) };
	} catch (error) {
		engine.close();
		throw error;
	}
}

async function start({ engine, image, path }: Place, signal?: AbortSignal): Promise<Opened> {
	await reap(engine, signal);
	const container = await openContainer(engine, { image: image.id, user: USER }, signal);
	try {
		await requirePrograms(container, path, signal);
		const exchange = openExchange({
			user: USER,
			ahead: await clockAhead(engine, signal),
			look: (at) => lookAt(container, at),
			put: (tar) => putArchive(container, '/', tar),
			get: (folder) => getArchive(container, folder),
			remove: (paths) => remove(container, paths),
		});
		return { container, exchange };
	} catch (error) {
		await removeContainer(container);
		throw error;
	}
}

/** An image of somebody's own may lack something that a build finds out about after minutes only. */
async function requirePrograms(container: Container, path: string, signal?: AbortSignal): Promise<void> {
	const script = 'for name; do command -v "$name" >/dev/null || echo "$name"; done';
	const output = keepOutput(undefined);
	await execute(
		container,
		{ argv: ['/bin/sh', '-c', script, 'sh', ...NEEDED], cwd: '/', env: { PATH: path } },
		{ onStdout: output.stdout, signal },
	);
	const missing = output.end().stdout.trim();
	if (missing === '') return;
	fail({
		code: 'toolchain/image-incomplete',
		message: `the container's image has no ${missing.split('\n').join(', ')}`,
		hint: 'take another image, or add to this one what the Dockerfile in "devcontainer" adds',
	});
}

/** More words would not fit on a command line. */
const MOST_REMOVED = 500;

async function remove(container: Container, paths: readonly string[]): Promise<void> {
	for (let at = 0; at < paths.length; at += MOST_REMOVED) {
		const argv = ['/bin/rm', '-rf', '--', ...paths.slice(at, at + MOST_REMOVED)] as const;
		await execute(container, { argv: [...argv], cwd: '/', env: {} });
	}
}

async function runIn(container: Container, path: string, command: Command, { onLine, signal }: RunOptions) {
	const { argv, cwd, env, input } = command;
	// Who listens may fail, on a full disk for example: then the command ends.
	const failed = new AbortController();
	const output = keepOutput(onLine);
	const listen = (take: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
		if (failed.signal.aborted) return;
		try {
			take(bytes);
		} catch (error) {
			failed.abort(error);
		}
	};
	const ends = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
	const result = await execute(
		container,
		{ argv, cwd, env: { PATH: path, ...env }, ...(input !== undefined && { input }) },
		{ onStdout: listen(output.stdout), onStderr: listen(output.stderr), signal: ends },
	).catch((error: unknown) => {
		failed.signal.throwIfAborted();
		throw error;
	});
	failed.signal.throwIfAborted();
	const [program] = argv;
	if (result.kind === 'not-found') {
		fail({
			code: 'toolchain/not-found',
			message: `there is no program "${program}" in the container`,
			hint: 'take an image that has it, or install it in this one',
		});
	}
	const { exitCode } = result;
	const written = output.end();
	const killer = signalOf(exitCode);
	if (killer === 'SIGKILL' && (await isEnding(container))) containerEnded();
	if (exitCode !== 0) requireRoomIn(written.output);
	if (killer !== undefined) fail(endedEarly(program, killer, written.output));
	return { exitCode, ...written };
}

/** How long an engine may take to learn that a container has ended. */
const LEARNING_MS = 2_000;

/** Whether a container ends now. With it all in it are killed, which is known before the engine has learned why. */
async function isEnding(container: Container): Promise<boolean> {
	for (let pauseMs = 50, waited = 0; waited < LEARNING_MS; waited += pauseMs, pauseMs *= 2) {
		if (!(await isRunning(container))) return true;
		await sleep(pauseMs);
	}
	return false;
}
