import type { Readable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { InputChunk } from './job.js';

/** Where standard input comes from; called when the guest reads for the first time. */
export type InputSource = () => Readable;

/**
 * Answers a worker's requests for input, one chunk for each. The thread that runs the guest can then wait with a time
 * limit, and be ended while it waits. Nothing is read before the guest asks. Returns how to stop.
 */
export function feedInput(source: InputSource, port: MessagePort, signal: Int32Array): () => void {
	let stream: Readable | undefined;
	let asked = false;
	let ended = false;

	const answer = (chunk: InputChunk): void => {
		asked = false;
		port.postMessage(chunk);
		Atomics.add(signal, 0, 1);
		Atomics.notify(signal, 0);
	};
	const pump = (): void => {
		if (!asked) return;
		const chunk: unknown = ended ? null : stream?.read();
		if (chunk instanceof Uint8Array) answer(chunk);
		else if (typeof chunk === 'string') answer(Buffer.from(chunk));
		else if (ended) answer(null);
	};
	const finish = (): void => {
		ended = true;
		pump();
	};
	const open = (): Readable => {
		const opened = source();
		ended = opened.readableEnded || opened.destroyed;
		return opened.on('readable', pump).on('end', finish).on('error', finish).on('close', finish);
	};

	port.on('message', () => {
		asked = true;
		stream ??= open();
		pump();
	});
	return () => {
		port.close();
		stream?.off('readable', pump).off('end', finish).off('error', finish).off('close', finish);
		// Only a stream that nobody waits for any more, which it is from the next tick on, stops reading when it is
		// paused; one that reads keeps the process alive.
		process.nextTick(() => stream?.pause());
	};
}
