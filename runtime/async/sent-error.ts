import { InterpreterEnded } from '../guard.js';
import { PythonError, type PythonFrame } from '../python-error.js';

/** An error on its way between threads. */
export interface SentError {
	readonly kind: 'python' | 'ended' | 'error';
	readonly name: string;
	readonly message: string;
	readonly stack?: string;
	readonly frames?: readonly PythonFrame[];
	readonly exitCode?: number;
	readonly cause?: SentError;
}

/** An error as data. */
export function sendError(error: unknown): SentError {
	if (!(error instanceof Error)) return { kind: 'error', name: 'Error', message: String(error) };
	const { name, message, stack, cause } = error;
	const shared = {
		name,
		message,
		...(stack !== undefined && { stack }),
		...(cause !== undefined && { cause: sendError(cause) }),
	};
	if (error instanceof PythonError) {
		const { frames, exitCode } = error;
		return { ...shared, kind: 'python', frames, ...(exitCode !== undefined && { exitCode }) };
	}
	if (error instanceof InterpreterEnded) {
		const { exitCode } = error;
		return { ...shared, kind: 'ended', ...(exitCode !== undefined && { exitCode }) };
	}
	return { ...shared, kind: 'error' };
}

/** The error that was sent. */
export function receiveError({ kind, name, message, stack, frames = [], exitCode, cause }: SentError): Error {
	const inner = cause && receiveError(cause);
	const exit = exitCode !== undefined && { exitCode };
	if (kind === 'python') {
		const under = inner instanceof PythonError && { cause: inner };
		return withStack(new PythonError({ type: name, message, frames, ...exit, ...under }), stack);
	}
	if (kind === 'ended') return new InterpreterEnded(message, { ...exit, ...(inner && { cause: inner }) });
	const options = inner && { cause: inner };
	const error = BUILTIN[name]?.(message, options) ?? new Error(message, options);
	if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
	return withStack(error, stack);
}

const BUILTIN: Readonly<Record<string, (message: string, options?: ErrorOptions) => Error>> = {
	TypeError: (message, options) => new TypeError(message, options),
	RangeError: (message, options) => new RangeError(message, options),
	SyntaxError: (message, options) => new SyntaxError(message, options),
};

/** The place where it was made says more than the place where it arrived. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
	if (stack === undefined) return error;
	return Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
}
