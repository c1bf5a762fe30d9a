import type { FromThread } from './protocol.js';
import { type HeldObject, objectAt } from './stand-in.js';

/** What bindings note of the host's objects. */
interface Handles {
	readonly held: (object | undefined)[];
	readonly unused: number[];
}

/** The request that is served, and the copies of all objects in it. */
export interface Served {
	readonly id: number;
	readonly objects: readonly object[];
}

/**
 * Brings objects among the arguments of exports to the guest, of which there are only copies in this thread. Bindings
 * take a free handle and note the object there, before the guest is entered. So it is where they look for the handle that
 * the host is asked for one, and where they note the object that a stand-in takes its place.
 */
export class PassedObjects {
	readonly #post: (message: FromThread) => void;
	/** Those that the guest has not seen yet: where lowering fails, bindings take them back. */
	readonly #fresh = new Set<number>();
	readonly #lent = new Set<number>();

	/**
	 * @param reserve Asks the host for a handle.
	 * @param served The request whose arguments are being lowered.
	 */
	constructor(
		{ held, unused }: Handles,
		reserve: () => number,
		served: () => Served | undefined,
		post: (message: FromThread) => void,
	) {
		this.#post = post;
		const pop = (): number => {
			const handle = reserve();
			this.#fresh.add(handle);
			const define = (descriptor: PropertyDescriptor) =>
				Object.defineProperty(held, handle, { configurable: true, enumerable: true, ...descriptor });
			const note = ({ resource, value, lent }: HeldObject) => {
				const { id, objects } = served() ?? { id: 0, objects: [] };
				if (lent) this.#lent.add(handle);
				define({ value: objectAt(handle, resource, lent), writable: true });
				post({ kind: 'given', request: id, object: objects.indexOf(value), handle, resource, lent });
			};
			define({ set: note });
			return handle;
		};
		const push = (handle: number): number => {
			this.#free(handle);
			return unused.length;
		};
		Object.defineProperties(unused, { pop: { value: pop }, push: { value: push } });
	}

	/** The guest has got what was passed. */
	entered(): void {
		this.#fresh.clear();
	}

	/** Of what the guest gives back, or drops as its owner, the host hears in another way. */
	#free(handle: number): void {
		const isLent = this.#lent.delete(handle);
		if (this.#fresh.delete(handle) || isLent) this.#post({ kind: 'returned', handle });
	}
}
