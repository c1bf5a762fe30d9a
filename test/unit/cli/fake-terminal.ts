import { Writable } from 'node:stream';
import { openTerminal, type Terminal } from '../../../src/cli/terminal.js';

/** A terminal that keeps what is written to it. */
export interface FakeTerminal {
	readonly terminal: Terminal;
	readonly stdout: () => string;
	readonly stderr: () => string;
}

/** Makes one; without `isTTY` it is a log. */
export function fakeTerminal(
	options: { isTTY?: boolean; env?: Record<string, string>; signal?: AbortSignal } = {},
): FakeTerminal {
	const out = fakeStream(options.isTTY ?? false);
	const err = fakeStream(options.isTTY ?? false);
	const terminal = openTerminal({
		stdout: out.stream,
		stderr: err.stream,
		env: options.env ?? {},
		cwd: '/project',
		signal: options.signal ?? new AbortController().signal,
	});
	return { terminal, stdout: out.text, stderr: err.text };
}

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
	let text = '';
	const stream = new Writable({
		decodeStrings: false,
		write: (chunk, _encoding, done) => {
			text += String(chunk);
			done();
		},
	});
	// As in Node, a stream that is no terminal does not say so. Displays use `write`, `isTTY` and the size of a real one.
	const screen = Object.assign(stream, {
		isTTY: isTTY || undefined,
		columns: 100,
		rows: 40,
	}) as unknown as NodeJS.WriteStream;
	return { stream: screen, text: () => text };
}
