import type { SentHandle } from './protocol.js';

/** Leaves bindings with the arguments that they have lifted: the host that they would call is in another thread. */
export class Asked {
	readonly args: readonly unknown[];

	constructor(args: readonly unknown[]) {
		this.args = args;
		// Bindings make no Python exception of it.
		Object.defineProperty(this, Symbol.for('cpybuild.unwind'), { value: true });
	}
}

/** A host that has every module, function and class, and calls none of them: see `Asked`. */
export function elsewhere(): object {
	const host: object = new Proxy(class {}, {
		get: (_, name) => (typeof name === 'string' ? host : undefined),
		apply: (_target, _self, args) => {
			throw new Asked(args);
		},
		construct: (_, args) => {
			throw new Asked(args);
		},
	});
	return host;
}

const HANDLE = Symbol('handle');

/** What bindings hold in place of an object of the host's. Its methods leave by `Asked`, themselves the first argument. */
export function objectAt(handle: number, resource: string, lent = false): HeldObject {
	const value: object = new Proxy(
		{},
		{
			get: (_, name) =>
				name === HANDLE
					? handle
					: (...args: readonly unknown[]) => {
							throw new Asked([value, ...args]);
						},
		},
	);
	return { resource, value, lent };
}

/** An object of the host's that the guest holds, as bindings note it. */
export interface HeldObject {
	readonly resource: string;
	readonly value: object;
	readonly lent: boolean;
}

/** Takes such objects out of arguments, and says where they belong; one that is not held any more was given back. */
export function takeHandles(args: readonly unknown[], held: readonly (object | undefined)[]): readonly SentHandle[] {
	const handles: SentHandle[] = [];
	// Without resources there is nothing to look for.
	if (held.length > 1) takeFrom(args as unknown[], [], handles, held);
	return handles;
}

function takeFrom(
	value: unknown[] | Record<string, unknown>,
	path: SentHandle['path'],
	handles: SentHandle[],
	held: readonly (object | undefined)[],
): void {
	for (const [key, part] of Object.entries(value)) {
		if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) continue;
		const way = [...path, key];
		const handle: unknown = (part as { readonly [HANDLE]?: number })[HANDLE];
		if (typeof handle !== 'number') takeFrom(part as Record<string, unknown>, way, handles, held);
		else {
			handles.push({ path: way, handle, isTaken: held[handle] === undefined });
			(value as Record<string, unknown>)[key] = null;
		}
	}
}
