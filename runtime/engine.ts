import type { GuestInstance } from './instance.js';

/** A `WebAssembly.Module`, which has no members: said here so that the runtime needs no DOM types. */
export type CompiledModule = object;

interface Engine {
	instantiate(module: CompiledModule, imports: Readonly<Record<string, object>>): Promise<GuestInstance>;
}

/** The WebAssembly of the JavaScript engine. */
export function engine(): Engine {
	return (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
}
