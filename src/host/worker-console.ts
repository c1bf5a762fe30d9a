import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Output } from '../../runtime/index.js';

/**
 * Lets what host functions log in a worker appear at once, in order with what the guest writes: a worker's own streams
 * go through the main thread, and wait there until the guest has ended.
 */
export function writeConsoleTo(stdout: Output, stderr: Output): void {
	const streams = { stdout: toStream(stdout), stderr: toStream(stderr) };
	globalThis.console = new Console(streams);
	for (const [name, value] of Object.entries(streams)) Object.defineProperty(process, name, { value });
}

function toStream(output: Output): Writable {
	return new Writable({
		decodeStrings: true,
		write(chunk: Uint8Array, _encoding, done) {
			for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(output.write(rest));
			done();
		},
	});
}
