import type { GuestInstance } from './instance.js';

/** A `WebAssembly.Module`, which has no members: said here so that the runtime needs no DOM types. */
export type CompiledModule = object;

interface Engine {
	/** Of JavaScript Promise Integration; absent in engines without it. */
	readonly Suspending?: new (
		call: (...core: never[]) => unknown,
	) => object;
	readonly promising?: <F>(call: F) => F;
	instantiate(module: CompiledModule, imports: Readonly<Record<string, object>>): Promise<GuestInstance>;
}

/** The WebAssembly of the JavaScript engine. */
export function engine(): Engine {
	return (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
}
