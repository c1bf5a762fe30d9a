import { GuestMemory } from './guest-memory.js';
import { type GuestInstance, memoryOf } from './instance.js';
import { type PythonError, readError, readString } from './python-error.js';

type EntryPoint = (...args: number[]) => number;

const NAMES = [
	'cpybuild_realloc',
	'cpybuild_initialize',
	'cpybuild_run',
	'cpybuild_run_module',
	'cpybuild_call',
	'cabi_post_cpybuild_call',
	'cpybuild_close',
	'cpybuild_take_errors',
	'cpybuild_last_error',
] as const;

const encoder = new TextEncoder();

/** A text is too long for the guest's memory: no reason to end it. */
class NoRoom extends RangeError {}

/** What a call of Python ends with. */
export type Answer<T> = { readonly value: T } | { readonly error: PythonError | NoRoom };

/** A call of Python, in two parts: between them Python may wait for the host, and the first gives a promise then. */
export interface Entry<T> {
	readonly enter: () => number | NoRoom;
	readonly leave: (core: number | NoRoom) => Answer<T>;
}

/** Gives the value of an answer, or throws its error. */
export function resultOf<T>(answer: Answer<T>): T {
	if ('error' in answer) throw answer.error;
	return answer.value;
}

/** The exported functions of python.wasm by which a host keeps an interpreter; `docs/embedding.md` describes them. */
export class EntryPoints {
	readonly #functions: Readonly<Record<(typeof NAMES)[number], EntryPoint>>;
	readonly #memory = new GuestMemory();
	/** Blocks that the call which is being prepared gives to the guest. */
	readonly #taken: (readonly [pointer: number, size: number])[] = [];

	/**
	 * @param entered How a function that runs Python is called; as it is, when Python never waits.
	 * @throws TypeError when the instance is none of a python.wasm that has them.
	 */
	constructor(instance: GuestInstance, entered: (run: EntryPoint) => EntryPoint = (run) => run) {
		const missing = NAMES.filter((name) => typeof instance.exports[name] !== 'function');
		if (missing.length > 0) {
			throw new TypeError(`the module does not export ${missing.join(', ')}: is it a python.wasm of this cpybuild?`);
		}
		const functions = instance.exports as Readonly<Record<(typeof NAMES)[number], EntryPoint>>;
		this.#functions = {
			...functions,
			cpybuild_initialize: entered(functions.cpybuild_initialize),
			cpybuild_run: entered(functions.cpybuild_run),
			cpybuild_run_module: entered(functions.cpybuild_run_module),
			cpybuild_call: entered(functions.cpybuild_call),
			cpybuild_close: entered(functions.cpybuild_close),
		};
		this.#memory.attach(memoryOf(instance));
	}

	/** Starts the interpreter, with folders in front of its search path. */
	initialize(paths: readonly string[]): Entry<void> {
		return this.#entry(() => {
			this.#functions.cpybuild_take_errors();
			const list = this.#allocate(4, paths.length * 8);
			for (const [index, path] of paths.entries()) {
				const [pointer, length] = this.#lower(path);
				this.#memory.writeU32(list + index * 8, pointer);
				this.#memory.writeU32(list + index * 8 + 4, length);
			}
			return this.#functions.cpybuild_initialize(list, paths.length);
		});
	}

	/** Runs a program's text. */
	run(source: string, file: string): Entry<void> {
		return this.#entry(() => this.#functions.cpybuild_run(...this.#lower(source), ...this.#lower(file)));
	}

	/** Runs a module as a program. */
	runModule(name: string): Entry<void> {
		return this.#entry(() => this.#functions.cpybuild_run_module(...this.#lower(name)));
	}

	/** Calls a function of a module with a JSON array of arguments; the JSON of what it returns. */
	call(module: string, name: string, args: string): Entry<string> {
		return {
			enter: () =>
				this.#prepare(() =>
					this.#functions.cpybuild_call(...this.#lower(module), ...this.#lower(name), ...this.#lower(args)),
				),
			leave: (area) => {
				if (area === 0 || area instanceof NoRoom) return { error: this.#errorOf(area) };
				const value = readString(this.#memory, area);
				this.#functions.cabi_post_cpybuild_call(area);
				return { value };
			},
		};
	}

	/** Ends the interpreter: what it has registered for that runs, and what it has written is flushed. */
	close(): Entry<void> {
		return this.#entry(() => this.#functions.cpybuild_close());
	}

	/** A call of a function whose result, when it is not 0, says that there is an error to be read. */
	#entry(enter: () => number): Entry<void> {
		return {
			enter: () => this.#prepare(enter),
			leave: (code) => (code === 0 ? { value: undefined } : { error: this.#errorOf(code) }),
		};
	}

	/** Enters the guest, or takes back what was allocated for it: Python did not run, so that is not its own yet. */
	#prepare(enter: () => number): number | NoRoom {
		this.#taken.length = 0;
		try {
			return enter();
		} catch (error) {
			if (!(error instanceof NoRoom)) throw error;
			for (const [pointer, size] of this.#taken) this.#functions.cpybuild_realloc(pointer, size, 1, 0);
			return error;
		}
	}

	#errorOf(core: number | NoRoom): PythonError | NoRoom {
		return core instanceof NoRoom ? core : readError(this.#memory, this.#functions.cpybuild_last_error());
	}

	/** Writes a text for the guest, which frees it. */
	#lower(text: string): [pointer: number, length: number] {
		const bytes = encoder.encode(text);
		const pointer = this.#allocate(1, bytes.length);
		this.#memory.slice(pointer, bytes.length).set(bytes);
		return [pointer, bytes.length];
	}

	#allocate(align: number, size: number): number {
		const pointer = this.#functions.cpybuild_realloc(0, 0, align, size);
		if (pointer === 0) throw new NoRoom(`the interpreter has no memory for ${size} bytes`);
		if (size > 0) this.#taken.push([pointer, size]);
		return pointer;
	}
}
