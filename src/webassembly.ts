/** A compiled module; what it holds is the engine's business. */
export interface WasmModule {
	readonly [wasmModule]: true;
}
declare const wasmModule: unique symbol;

/** An import that a module declares. */
export interface ModuleImport {
	readonly module: string;
	readonly name: string;
	readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
}

/** An instance with its exports. */
export interface WasmInstance {
	readonly exports: Readonly<Record<string, unknown>>;
}

/** The functions that are given to a module, by module and name. */
export type ImportObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyApi {
	readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
	readonly instantiate: (module: WasmModule, imports: ImportObject) => Promise<WasmInstance>;
	readonly Module: { readonly imports: (module: WasmModule) => readonly ModuleImport[] };
	readonly CompileError: new () => Error;
	readonly RuntimeError: new () => Error;
}

/** The engine's WebAssembly API. Node's types know of it only together with those of the DOM. */
export const wasm: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
