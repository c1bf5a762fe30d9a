/** A wasm memory, as far as WASI needs it. */
export interface LinearMemory {
	readonly buffer: ArrayBufferLike;
}

/** A `WebAssembly.Instance`, as far as WASI needs it: said here so that the runtime needs no DOM types. */
export interface GuestInstance {
	readonly exports: Readonly<Record<string, unknown>>;
}

/** The memory of an instance, which every WASI program exports. */
export function memoryOf({ exports }: GuestInstance): LinearMemory {
	const { memory } = exports;
	if (!isMemory(memory)) throw new TypeError('the module exports no "memory"');
	return memory;
}

function isMemory(value: unknown): value is LinearMemory {
	return typeof value === 'object' && value !== null && 'buffer' in value;
}
