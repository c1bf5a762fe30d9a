import { readSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Errno, WasiError } from '../errno.js';
import type { Input, Output } from '../mount.js';
import { rest } from '../rest.js';
import { onHost } from './host-error.js';

/** How long to rest before a descriptor that does not block is tried again. */
const RETRY_MS = 2;

/** A descriptor of the process to read from. Reading blocks the thread, and whether it would is not known before. */
export function hostInput(fd: number): Input {
	return {
		terminal: isatty(fd),
		read: (target) => blocking(() => readSync(fd, target, 0, target.length, null)),
		wait: () => true,
	};
}

/** A descriptor of the process to write to, at once and in order. */
export function hostOutput(fd: number): Output {
	return { terminal: isatty(fd), write: (source) => blocking(() => writeSync(fd, source)) };
}

/** Others may have made a shared descriptor non-blocking (Node does so with pipes). */
function blocking(operation: () => number): number {
	for (;;) {
		try {
			return onHost(operation);
		} catch (error) {
			if (!(error instanceof WasiError) || (error.errno !== Errno.AGAIN && error.errno !== Errno.INTR)) throw error;
			rest(RETRY_MS);
		}
	}
}
