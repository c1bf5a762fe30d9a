import { StringDecoder } from 'node:string_decoder';
import type { CommandResult, RunOptions } from './machine.js';

/** What is kept of a command's output; the rest is read and dropped. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** What a command has written, as far as it has arrived. */
export interface Output {
	readonly stdout: (bytes: Uint8Array) => void;
	readonly stderr: (bytes: Uint8Array) => void;
	/** Tells the lines that have no end, and gives all. */
	end(): Omit<CommandResult, 'exitCode'>;
}

/** Keeps what a command writes, and tells each line once it is whole. */
export function keepOutput(onLine: RunOptions['onLine']): Output {
	const kept = { stdout: '', output: '' };
	const keep = (name: keyof typeof kept, text: string) => {
		if (kept[name].length < MOST_OUTPUT) kept[name] += text;
	};
	const open = (name: 'stdout' | 'stderr') => {
		const decoder = new StringDecoder('utf8');
		let rest = '';
		const take = (text: string) => {
			if (name === 'stdout') keep('stdout', text);
			keep('output', text);
			const lines = (rest + text).split(/\r?\n/);
			rest = lines.pop() ?? '';
			if (onLine) for (const line of lines) onLine(line);
		};
		return {
			take: (bytes: Uint8Array) => take(decoder.write(Buffer.from(bytes))),
			end: () => {
				take(decoder.end());
				if (rest !== '') onLine?.(rest);
			},
		};
	};
	const stdout = open('stdout');
	const stderr = open('stderr');
	return {
		stdout: stdout.take,
		stderr: stderr.take,
		end: () => {
			stdout.end();
			stderr.end();
			return kept;
		},
	};
}
