export type { AsyncBindings, BindingsHeap, HostCall } from './async/bindings.js';
export { createAsyncInterpreter, runCommand } from './async/create.js';
export type { AsyncInterpreter, AsyncInterpreterOptions } from './async/options.js';
export { type Thread, type WebWorker, webThread } from './async/thread.js';
export type { CompiledModule } from './engine.js';
export { Errno, type ErrnoValue, WasiError } from './errno.js';
export { InterpreterEnded } from './guard.js';
export type { GuestInstance, LinearMemory } from './instance.js';
export { createInterpreter, type HostBindings, type Interpreter, type InterpreterOptions } from './interpreter.js';
export { type MemoryMount, type MemoryOptions, type MemoryTree, memoryMount } from './memory-mount.js';
export type {
	DirectoryEntry,
	FileKind,
	Input,
	Mount,
	MountPoint,
	OpenFile,
	OpenMode,
	Output,
	Stat,
	Times,
} from './mount.js';
export { PythonError, type PythonErrorDetails, type PythonFrame } from './python-error.js';
export { createWasi, WASI_MODULE, type Wasi, type WasiImports, type WasiOptions } from './wasi.js';
