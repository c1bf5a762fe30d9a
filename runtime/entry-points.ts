import type { Guard } from './guard.js';
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

/** The exported functions of python.wasm by which a host keeps an interpreter; `docs/embedding.md` describes them. */
export class EntryPoints {
	readonly #functions: Readonly<Record<(typeof NAMES)[number], EntryPoint>>;
	readonly #memory = new GuestMemory();
	readonly #guard: Guard;
	/** Blocks that the call which is being prepared gives to the guest. */
	readonly #taken: (readonly [pointer: number, size: number])[] = [];

	/** @throws TypeError when the instance is none of a python.wasm that has them. */
	constructor(instance: GuestInstance, guard: Guard) {
		const missing = NAMES.filter((name) => typeof instance.exports[name] !== 'function');
		if (missing.length > 0) {
			throw new TypeError(`the module does not export ${missing.join(', ')}: is it a python.wasm of this cpybuild?`);
		}
		this.#functions = instance.exports as Readonly<Record<(typeof NAMES)[number], EntryPoint>>;
		this.#memory.attach(memoryOf(instance));
		this.#guard = guard;
	}

	/** Starts the interpreter, with folders in front of its search path. */
	initialize(paths: readonly string[]): void {
		this.#run(() => {
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
	run(source: string, file: string): void {
		this.#run(() => this.#functions.cpybuild_run(...this.#lower(source), ...this.#lower(file)));
	}

	/** Runs a module as a program. */
	runModule(name: string): void {
		this.#run(() => this.#functions.cpybuild_run_module(...this.#lower(name)));
	}

	/** Calls a function of a module with a JSON array of arguments; the JSON of what it returns. */
	call(module: string, name: string, args: string): string {
		let answer = '';
		this.#run(() => {
			const area = this.#functions.cpybuild_call(...this.#lower(module), ...this.#lower(name), ...this.#lower(args));
			if (area === 0) return -1;
			answer = readString(this.#memory, area);
			this.#functions.cabi_post_cpybuild_call(area);
			return 0;
		});
		return answer;
	}

	/** Ends the interpreter: what it has registered for that runs, and what it has written is flushed. */
	close(): void {
		this.#run(() => this.#functions.cpybuild_close());
	}

	/** Enters the guest; a result other than 0 says that there is an error to be read. */
	#run(enter: () => number): void {
		const error = this.#guard.call((): PythonError | NoRoom | undefined => {
			this.#taken.length = 0;
			try {
				if (enter() === 0) return undefined;
			} catch (error) {
				if (!(error instanceof NoRoom)) throw error;
				// Python did not run, so what was allocated for it is not its own yet.
				for (const [pointer, size] of this.#taken) this.#functions.cpybuild_realloc(pointer, size, 1, 0);
				return error;
			}
			return readError(this.#memory, this.#functions.cpybuild_last_error());
		});
		if (error) throw error;
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
