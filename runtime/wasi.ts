import { byteCalls } from './calls/bytes.js';
import { clockCalls } from './calls/clock.js';
import { descriptorCalls } from './calls/descriptor.js';
import { directoryCalls } from './calls/directory.js';
import { pathCalls } from './calls/path.js';
import { pollCalls } from './calls/poll.js';
import { Exit, processCalls } from './calls/process.js';
import { socketCalls } from './calls/socket.js';
import type { Calls, System } from './calls/system.js';
import { Descriptors, type StreamDescriptor } from './descriptors.js';
import { WasiError } from './errno.js';
import { GuestMemory } from './guest-memory.js';
import { type GuestInstance, memoryOf } from './instance.js';
import type { Input, MountPoint, Output } from './mount.js';
import { Namespace } from './namespace.js';
import { rest } from './rest.js';
import { makeClocks } from './time.js';

/** The import module of WASI preview1. */
export const WASI_MODULE = 'wasi_snapshot_preview1';

/** What a guest is given. It has nothing else: no environment, no file and no stream of the host's. */
export interface WasiOptions {
	/** All of argv, the program's name first. */
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Without one the guest reads the end at once. */
	readonly stdin?: Input;
	/** Without one what the guest writes is dropped. */
	readonly stdout?: Output;
	readonly stderr?: Output;
	/** Without one at `/` the guest's root is empty and cannot be written. */
	readonly mounts?: readonly MountPoint[];
	/** The processor's time in milliseconds. Default: the time since the guest was made. */
	readonly cpuTime?: () => number;
	/** Lets the thread rest. Default: `Atomics.wait`, and where a page's main thread forbids that, a busy loop. */
	readonly sleep?: (milliseconds: number) => void;
}

/** The functions of WASI preview1 by name. */
export type WasiImports = Record<string, (...args: never[]) => number>;

/** A WASI preview1 host for one instance. */
export interface Wasi {
	/** For `WebAssembly.instantiate`, under `WASI_MODULE`. */
	readonly imports: WasiImports;
	/** Runs a command to its end; its exit code. Traps and the host's own exceptions are thrown. */
	start(instance: GuestInstance): number;
	/** The same for a command that may wait: `promising` makes a function whose result is a promise then. */
	startLater(instance: GuestInstance, promising: <F>(call: F) => F): Promise<number>;
	/** Makes a reactor ready for calls of its exports. */
	initialize(instance: GuestInstance): void;
	/** Closes the files that the guest left open. */
	close(): void;
}

const EMPTY_INPUT: Input = { terminal: false, read: () => 0, wait: () => true };
const NO_OUTPUT: Output = { terminal: false, write: (source) => source.length };

/** Makes the WASI host of one guest. It is JavaScript only, and the same in Node and in browsers. */
export function createWasi(options: WasiOptions = {}): Wasi {
	const started = performance.now();
	const system: System = {
		memory: new GuestMemory(),
		descriptors: new Descriptors([
			inputStream(options.stdin ?? EMPTY_INPUT),
			outputStream(options.stdout ?? NO_OUTPUT),
			outputStream(options.stderr ?? NO_OUTPUT),
			{ kind: 'directory', guest: '', preopen: '/' },
		]),
		namespace: new Namespace(options.mounts ?? []),
		clocks: makeClocks(options.cpuTime ?? (() => performance.now() - started)),
		args: options.args ?? [],
		env: Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`),
		sleep: options.sleep ?? rest,
	};
	const startOf = (instance: GuestInstance): (() => unknown) => {
		system.memory.attach(memoryOf(instance));
		const run = instance.exports._start;
		if (typeof run !== 'function') throw new TypeError('the module has no "_start" function');
		return run as () => unknown;
	};
	return {
		imports: makeImports({
			...processCalls(system),
			...clockCalls(system),
			...descriptorCalls(system),
			...byteCalls(system),
			...directoryCalls(system),
			...pathCalls(system),
			...pollCalls(system),
			...socketCalls(system),
		}),
		start(instance) {
			const run = startOf(instance);
			try {
				run();
				return 0;
			} catch (error) {
				return exitCode(error);
			}
		},
		async startLater(instance, promising) {
			const run = promising(startOf(instance));
			try {
				await run();
				return 0;
			} catch (error) {
				return exitCode(error);
			}
		},
		initialize(instance) {
			system.memory.attach(memoryOf(instance));
			const run = instance.exports._initialize;
			if (typeof run === 'function') run();
		},
		close() {
			system.descriptors.closeAll();
		},
	};
}

/** The exit code of a command that ended by an exception; other exceptions are thrown again. */
function exitCode(error: unknown): number {
	if (error instanceof Exit) return error.code;
	throw error;
}

/** Turns thrown error numbers into results. */
function makeImports(calls: Calls): WasiImports {
	const guard =
		(call: (...args: never[]) => number) =>
		(...args: never[]): number => {
			try {
				return call(...args);
			} catch (error) {
				if (error instanceof WasiError) return error.errno;
				throw error;
			}
		};
	return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, guard(call)]));
}

function inputStream(input: Input): StreamDescriptor {
	return { kind: 'stream', input, flags: 0 };
}

function outputStream(output: Output): StreamDescriptor {
	return { kind: 'stream', output, flags: 0 };
}
