/** The target that python.wasm is compiled for: core WebAssembly with WASI preview 1. */
export const TARGET = 'wasm32-wasip1';
