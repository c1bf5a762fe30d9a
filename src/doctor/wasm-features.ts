/** What an engine's WebAssembly can do beyond its first version. */
export interface WasmSupport {
	/** What clang uses in python.wasm, and this engine has not. */
	readonly missing: readonly string[];
	/** What C code of a module may ask clang for, or a host may use, and this engine has. */
	readonly extras: readonly string[];
	/** The same, where it has not. */
	readonly without: readonly string[];
}

interface Engine {
	readonly validate: (bytes: Uint8Array) => boolean;
	readonly Suspending?: unknown;
}

/** Tries the features of the engine that a global object has; undefined where it has none. */
export function wasmSupport(global: object): WasmSupport | undefined {
	const engine = (global as { readonly WebAssembly?: Engine }).WebAssembly;
	if (!engine) return undefined;
	const takes = ([, bytes]: Probe) => engine.validate(bytes);
	const names = (probes: readonly Probe[]) => probes.map(([name]) => name);
	const suspends = engine.Suspending !== undefined;
	return {
		missing: names(USED.filter((probe) => !takes(probe))),
		extras: [...names(EXTRAS.filter(takes)), ...(suspends ? [PROMISES] : [])],
		without: [...names(EXTRAS.filter((probe) => !takes(probe))), ...(suspends ? [] : [PROMISES])],
	};
}

/** The name of a feature, and a small module that is valid only with it. */
type Probe = readonly [name: string, module: Uint8Array];

const PROMISES = 'JSPI';

/** `(func)`: no parameters, no results. */
const PLAIN = [1, 0x60, 0, 0];

/** A module of one function that has this body, a constant and the end included. */
function functionOf(body: readonly number[], type: readonly number[] = PLAIN, memory: readonly number[] = []) {
	const code = [1, body.length + 1, 0, ...body];
	return moduleOf([1, type], [3, [1, 0]], ...(memory.length > 0 ? [[5, memory] as const] : []), [10, code]);
}

function moduleOf(...sections: readonly (readonly [id: number, content: readonly number[]])[]): Uint8Array {
	const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
	return Uint8Array.from([...header, ...sections.flatMap(([id, content]) => [id, content.length, ...content])]);
}

/** What clang 19 and newer use for the plain WebAssembly CPU. */
const USED: readonly Probe[] = [
	['sign extension', functionOf([0x41, 0, 0xc0, 0x1a, 0x0b])],
	['saturating conversions', functionOf([0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a, 0x0b])],
	['bulk memory', functionOf([0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0, 0x0b], PLAIN, [1, 0, 1])],
	['several results', functionOf([0x41, 0, 0x41, 0, 0x0b], [1, 0x60, 0, 2, 0x7f, 0x7f])],
	['reference types', functionOf([0xd0, 0x70, 0x1a, 0x0b])],
	['mutable globals', moduleOf([6, [1, 0x7f, 1, 0x41, 0, 0x0b]], [7, [1, 1, 0x61, 3, 0]])],
];

const EXTRAS: readonly Probe[] = [
	['SIMD', functionOf([0x41, 0, 0xfd, 0x0f, 0x1a, 0x0b])],
	['tail calls', functionOf([0x12, 0, 0x0b])],
	['exception handling', functionOf([0x06, 0x40, 0x19, 0x0b, 0x0b])],
	['exnref', functionOf([0x1f, 0x40, 0, 0x0b, 0x0b])],
	['memory64', moduleOf([5, [1, 4, 1]])],
];
