import type { GuestMemory } from './guest-memory.js';

/** A place that an exception went through. */
export interface PythonFrame {
	readonly file: string;
	/** Counted from 1; 0 when Python does not know it. */
	readonly line: number;
	/** The function's name, or `<module>`. */
	readonly name: string;
}

/** What is known of an exception that Python did not catch. */
export interface PythonErrorDetails {
	readonly type: string;
	readonly message: string;
	readonly frames: readonly PythonFrame[];
	readonly exitCode?: number;
	readonly cause?: PythonError;
}

/** Generated bindings are files of their own and make such errors too; this property marks all of them. */
const BRAND = Symbol.for('cpybuild.PythonError');

/** Python code raised an exception and did not catch it. The interpreter goes on working. */
export class PythonError extends Error {
	/** The exception's class as tracebacks name it: `ValueError`, `json.decoder.JSONDecodeError`. */
	readonly type: string;
	/** As in a traceback of Python: the call that was made first comes first, the place of the exception last. */
	readonly frames: readonly PythonFrame[];
	/** Only of `SystemExit`: what the program would have ended with. */
	declare readonly exitCode?: number;

	/** @param details What the guest tells; `cause` is the exception during whose handling this one was raised. */
	constructor({ type, message, frames, exitCode, cause }: PythonErrorDetails) {
		super(message, cause && { cause });
		this.name = type;
		this.type = type;
		this.frames = frames;
		if (exitCode !== undefined) this.exitCode = exitCode;
		Object.defineProperty(this, BRAND, { value: true });
		Object.defineProperty(this, 'stack', {
			value: stackOf(this, this.stack ?? ''),
			configurable: true,
			writable: true,
		});
	}

	/** Tells errors of generated bindings, too. */
	static override [Symbol.hasInstance](value: unknown): boolean {
		return typeof value === 'object' && value !== null && BRAND in value;
	}
}

/** Python's frames, then those of JavaScript, both with the innermost first as JavaScript has it. */
function stackOf({ type, message, frames }: PythonError, own: string): string {
	const calls = own.split('\n').filter((line) => /^\s+at |@/.test(line));
	const python = frames.map(({ name, file, line }) => `    at ${name} (${file}:${line})`).reverse();
	return [message === '' ? type : `${type}: ${message}`, ...python, ...calls].join('\n');
}

/** The sizes of the guest's records. */
const ERROR_SIZE = 32;
const FRAME_SIZE = 20;

/** Reads what `cpybuild_last_error` points at: a `list<error>`, each the cause of the one before. */
export function readError(memory: GuestMemory, list: number): PythonError {
	const first = memory.readU32(list);
	const count = memory.readU32(list + 4);
	let error: PythonError | undefined;
	for (let index = count - 1; index >= 0; index--) {
		const at = first + index * ERROR_SIZE;
		error = new PythonError({
			type: readString(memory, at),
			message: readString(memory, at + 8),
			frames: readFrames(memory, at + 16),
			...(memory.readU8(at + 24) === 1 && { exitCode: memory.readU32(at + 28) | 0 }),
			...(error && { cause: error }),
		});
	}
	if (error === undefined) throw new TypeError('the guest tells of an error and gives none');
	return error;
}

function readFrames(memory: GuestMemory, list: number): readonly PythonFrame[] {
	const first = memory.readU32(list);
	return Array.from({ length: memory.readU32(list + 4) }, (_, index) => {
		const at = first + index * FRAME_SIZE;
		return { file: readString(memory, at), line: memory.readU32(at + 8), name: readString(memory, at + 12) };
	});
}

const decoder = new TextDecoder();

/** Reads a string of the guest's: the address and the length of its UTF-8. */
export function readString(memory: GuestMemory, pair: number): string {
	return decoder.decode(memory.slice(memory.readU32(pair), memory.readU32(pair + 4)));
}
