import type { InterpreterOptions } from '../interpreter.js';
import type { Input, Mount, OpenFile, Output } from '../mount.js';
import type { SentMount, SentOptions, SentStream } from './protocol.js';

/** Calls a method of an object in the host's thread. */
export type Remote = (object: number, name: string, ...args: readonly unknown[]) => unknown;

/** Options whose streams and mounts are the host's, in another thread. */
export function remoteOptions(options: SentOptions, remote: Remote): InterpreterOptions {
	const { args, env, path, stdin, stdout, stderr, mounts, cpuTime, sleep } = options;
	return {
		...(args && { args }),
		...(env && { env }),
		...(path && { path }),
		...(stdin && { stdin: remoteInput(stdin, remote) }),
		...(stdout && { stdout: remoteOutput(stdout, remote) }),
		...(stderr && { stderr: remoteOutput(stderr, remote) }),
		...(mounts && { mounts: mounts.map((one) => ({ guest: one.guest, mount: remoteMount(one, remote) })) }),
		...(cpuTime !== undefined && { cpuTime: () => remote(cpuTime, 'cpuTime') as number }),
		...(sleep !== undefined && { sleep: (milliseconds: number) => void remote(sleep, 'sleep', milliseconds) }),
	};
}

function remoteInput({ object, terminal }: SentStream, remote: Remote): Input {
	return {
		terminal,
		read: (target) => fill(target, remote(object, 'read', target.length)),
		wait: (milliseconds) => remote(object, 'wait', milliseconds) as boolean,
	};
}

function remoteOutput({ object, terminal }: SentStream, remote: Remote): Output {
	// A window on the guest's memory would be sent with all of it.
	return { terminal, write: (source) => remote(object, 'write', source.slice()) as number };
}

function remoteMount({ object, writable, symlinks }: SentMount, remote: Remote): Mount {
	const method =
		<K extends Exclude<keyof Mount, 'writable' | 'symlinks' | 'open'>>(name: K) =>
		(...args: Parameters<Mount[K]>): ReturnType<Mount[K]> =>
			remote(object, name, ...args) as ReturnType<Mount[K]>;
	return {
		writable,
		symlinks,
		stat: method('stat'),
		list: method('list'),
		readLink: method('readLink'),
		open: (path, mode) => remoteFile(remote(object, 'open', path, mode) as number, remote),
		makeDirectory: method('makeDirectory'),
		removeDirectory: method('removeDirectory'),
		unlink: method('unlink'),
		rename: method('rename'),
		link: method('link'),
		symlink: method('symlink'),
		setTimes: method('setTimes'),
		// The host closes its mounts itself.
		close() {},
	};
}

function remoteFile(object: number, remote: Remote): OpenFile {
	const method =
		<K extends Exclude<keyof OpenFile, 'readAt' | 'writeAt' | 'append'>>(name: K) =>
		(...args: Parameters<OpenFile[K]>): ReturnType<OpenFile[K]> =>
			remote(object, name, ...args) as ReturnType<OpenFile[K]>;
	return {
		stat: method('stat'),
		readAt: (target, position) => fill(target, remote(object, 'readAt', target.length, position)),
		writeAt: (source, position) => remote(object, 'writeAt', source.slice(), position) as number,
		append: (source) => remote(object, 'append', source.slice()) as number,
		resize: method('resize'),
		setTimes: method('setTimes'),
		sync: method('sync'),
		close: method('close'),
	};
}

function fill(target: Uint8Array, bytes: unknown): number {
	target.set(bytes as Uint8Array);
	return (bytes as Uint8Array).length;
}
