import { Exit } from './calls/process.js';

/** The interpreter has ended and can run nothing more: it was closed, its program ended the process, or it crashed. */
export class InterpreterEnded extends Error {
	/** What the program ended the process with, by `os._exit` for example. */
	declare readonly exitCode?: number;

	/** @param cause What JavaScript threw when the interpreter ended. */
	constructor(message: string, { exitCode, cause }: Omit<End, 'message'> = {}) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = 'InterpreterEnded';
		if (exitCode !== undefined) this.exitCode = exitCode;
	}
}

/** Generated bindings let errors with this property unwind the guest. */
const UNWIND = Symbol.for('cpybuild.unwind');

/** Why no call is possible any more. */
interface End {
	readonly message: string;
	readonly exitCode?: number;
	readonly cause?: unknown;
}

type Exports = Readonly<Record<string, unknown>>;

/**
 * Keeps a guest from being used after JavaScript left it by an exception: frames of the guest are gone then, and what
 * they would have done never happens.
 */
export class Guard {
	#end: End | undefined;
	#depth = 0;

	/** Whether a call into the guest is under way. */
	get entered(): boolean {
		return this.#depth > 0;
	}

	/** Whether no call is possible any more. */
	get ended(): boolean {
		return this.#end !== undefined;
	}

	/** Refuses all later calls. */
	end(message: string): void {
		this.#end ??= { message };
	}

	/** Calls into the guest. */
	call<T>(enter: () => T): T {
		if (this.#end) throw this.#refusal(this.#depth);
		this.#depth++;
		try {
			return enter();
		} catch (error) {
			this.#end ??= describeEnd(error);
			throw this.#refusal(this.#depth - 1);
		} finally {
			this.#depth--;
		}
	}

	/** Calls into a guest that may wait. */
	async callLater<T>(enter: () => Promise<T>): Promise<T> {
		if (this.#end) throw this.refusal();
		this.#depth++;
		try {
			return await enter();
		} catch (error) {
			this.#end ??= describeEnd(error);
			throw this.refusal();
		} finally {
			this.#depth--;
		}
	}

	/** Why no call is possible any more. */
	refusal(): InterpreterEnded {
		return this.#refusal(0);
	}

	/** The exports of an instance: calls of Python go through this guard, what serves a call under way is as it was. */
	protect(exports: Exports): Exports {
		return Object.fromEntries(
			Object.entries(exports).map(([name, value]) => {
				if (typeof value !== 'function' || SERVES_CALLS.has(name)) return [name, value];
				return [name, (...args: unknown[]) => this.call(() => value(...args))];
			}),
		);
	}

	/** An error for one more use; where calls are under way it must not come back to the guest as a Python exception. */
	#refusal(underWay: number): InterpreterEnded {
		const { message = '', ...rest } = this.#end ?? {};
		const error = new InterpreterEnded(message, rest);
		return underWay > 0 ? Object.defineProperty(error, UNWIND, { value: true }) : error;
	}
}

/** Host functions call these while Python waits for them. */
const SERVES_CALLS: ReadonlySet<string> = new Set([
	'cabi_realloc',
	'cpybuild_realloc',
	'cpybuild_raise',
	'cpybuild_raise_stack',
]);

function describeEnd(error: unknown): End {
	if (error instanceof InterpreterEnded) {
		const { message, exitCode, cause } = error;
		return { message, cause, ...(exitCode !== undefined && { exitCode }) };
	}
	if (error instanceof Exit) {
		return { message: `the interpreter has ended itself with exit code ${error.code}`, exitCode: error.code };
	}
	const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	return { message: `the interpreter was left and cannot go on: ${why}`, cause: error };
}
