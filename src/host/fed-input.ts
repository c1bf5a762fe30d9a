import { receiveMessageOnPort } from 'node:worker_threads';
import type { Input } from '../../runtime/index.js';
import type { InputChannel, InputChunk } from './job.js';

/** The worker's end of the input channel, as the guest's standard input. */
export function fedInput({ port, signal, terminal }: InputChannel): Input {
	let chunk: Uint8Array = new Uint8Array(0);
	let asked = false;
	let ended = false;

	const wait = (milliseconds?: number): boolean => {
		const end = performance.now() + (milliseconds ?? Number.POSITIVE_INFINITY);
		while (chunk.length === 0 && !ended) {
			if (!asked) port.postMessage(null);
			asked = true;
			const count = Atomics.load(signal, 0);
			const received = receiveMessageOnPort(port) as { readonly message: InputChunk } | undefined;
			if (received === undefined) {
				if (Atomics.wait(signal, 0, count, Math.max(0, end - performance.now())) === 'timed-out') return false;
				continue;
			}
			asked = false;
			if (received.message === null) ended = true;
			else chunk = received.message;
		}
		return true;
	};

	return {
		terminal,
		wait,
		read(target) {
			wait();
			const part = chunk.subarray(0, target.length);
			target.set(part);
			chunk = chunk.subarray(part.length);
			return part.length;
		},
	};
}
