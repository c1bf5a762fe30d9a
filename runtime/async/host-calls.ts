import type { AsyncBindings, HostCall } from './bindings.js';
import { Image, type Lowered } from './image.js';
import type { FromThread, SentAnswer, SentHandle } from './protocol.js';
import { sendError } from './sent-error.js';

type ImportCall = Extract<FromThread, { readonly kind: 'import' }>;

/** An object of the host's that the guest holds, as bindings note it. */
interface Held {
	readonly resource: string;
	readonly value: object;
	readonly lent: boolean;
}

/** Calls functions of the host for a guest in another thread. */
export class HostCalls {
	readonly #bindings: AsyncBindings;
	readonly #image: Image;
	/** What the guest has been told that it holds. */
	#told: (object | undefined)[] = [];

	constructor(bindings: AsyncBindings) {
		this.#bindings = bindings;
		this.#image = new Image(bindings.heap);
		bindings.attach(this.#image.instance());
	}

	/** Calls a function; the answer comes when its promise is settled, if it gives one. */
	answer({ module, name, args, handles }: ImportCall, answer: (answer: SentAnswer) => void): void {
		const one = this.#bindings.calls[module]?.[name];
		if (one === undefined) {
			answer({ failure: sendError(new TypeError(`the thread asks for ${module}.${name}, which there is not`)) });
			return;
		}
		const returned = (result: unknown): void => answer(this.#lower(one, (area) => one.returned(result as never, area)));
		const threw = (error: unknown): void => answer(this.#lower(one, (area) => one.threw(error, area)));
		let result: unknown;
		try {
			result = one.call(...(this.withObjects(args, handles) as never[]));
		} catch (error) {
			threw(error);
			return;
		}
		if (one.isAsync && isPromise(result)) result.then(returned, threw);
		else returned(result);
	}

	#lower({ area }: HostCall, lowering: (area: number) => unknown): SentAnswer {
		let lowered: Lowered;
		try {
			lowered = this.#image.lower(area, lowering);
		} catch (error) {
			return { failure: sendError(error) };
		}
		return { lowered, given: this.#given() };
	}

	/** The handles that the guest has got since it was told last. */
	#given(): readonly (readonly [number, string])[] {
		const { held } = this.#bindings.heap;
		if (held.length === 1) return [];
		const given = held.flatMap((one, handle) =>
			one === undefined || one === this.#told[handle] ? [] : [[handle, (one as Held).resource] as const],
		);
		this.#told = [...held];
		return given;
	}

	/** A handle for an object that the guest is about to get. */
	reserve(): number {
		const { held, unused } = this.#bindings.heap;
		const handle = unused.pop() ?? held.length;
		this.give(handle, { resource: '', value: {}, lent: true });
		return handle;
	}

	/** Notes what the guest itself says that it has got. */
	give(handle: number, object: Held): void {
		this.#bindings.heap.held[handle] = object;
		this.#told[handle] = object;
	}

	/** Notes that the guest has it no more. */
	takeBack(handle: number): void {
		const { held, unused } = this.#bindings.heap;
		held[handle] = undefined;
		unused.push(handle);
	}

	/** Arguments, or one result, with the host's objects in their places. */
	withObjects(args: readonly unknown[], handles: readonly SentHandle[]): readonly unknown[] {
		const { held } = this.#bindings.heap;
		for (const { path, handle, isTaken } of handles) {
			const object = held[handle] as Held | undefined;
			if (object === undefined) throw new Error(`the guest passed the handle ${handle}, which it does not hold`);
			let place = args as unknown as Record<string | number, unknown>;
			for (const step of path.slice(0, -1)) place = place[step] as typeof place;
			place[path.at(-1) ?? 0] = object.value;
			if (isTaken) this.takeBack(handle);
		}
		return args;
	}
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
	return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
