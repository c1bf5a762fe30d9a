export { Errno, type ErrnoValue, WasiError } from './errno.js';
export type { GuestInstance, LinearMemory } from './instance.js';
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
export { createWasi, WASI_MODULE, type Wasi, type WasiImports, type WasiOptions } from './wasi.js';
