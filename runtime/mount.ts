/** What a name stands for. */
export type FileKind = 'file' | 'directory' | 'link' | 'character-device' | 'block-device' | 'socket' | 'unknown';

/** The facts of a file. Times are nanoseconds since 1970. */
export interface Stat {
	readonly kind: FileKind;
	/** 0 when the mount has no device number of its own; the namespace then gives it one. */
	readonly device: bigint;
	readonly inode: bigint;
	readonly links: bigint;
	readonly size: bigint;
	readonly accessed: bigint;
	readonly modified: bigint;
	readonly changed: bigint;
}

/** New times of a file; an absent one stays as it is. */
export interface Times {
	readonly accessed?: bigint;
	readonly modified?: bigint;
}

/** One name of a directory. */
export interface DirectoryEntry {
	readonly name: string;
	readonly kind: FileKind;
	/** 0 when the mount would have to look: the guest's libc then asks for the file's stat. */
	readonly inode: bigint;
}

/** How a file is opened. */
export interface OpenMode {
	readonly read: boolean;
	readonly write: boolean;
	readonly append: boolean;
	/** Makes the file when it is not there. */
	readonly create: boolean;
	/** With `create`: fails when it is there. */
	readonly exclusive: boolean;
	readonly truncate: boolean;
}

/** An open file that has positions. The descriptor keeps the current one. */
export interface OpenFile {
	stat(): Stat;
	/** Reads into `target` from `position`; the number of bytes, 0 at the end. */
	readAt(target: Uint8Array, position: number): number;
	/** Writes `source` at `position`; the number of bytes. */
	writeAt(source: Uint8Array, position: number): number;
	/** Writes `source` at the end; the number of bytes. */
	append(source: Uint8Array): number;
	resize(size: number): void;
	setTimes(times: Times): void;
	/** Brings the contents to the disk. */
	sync(): void;
	close(): void;
}

/**
 * A tree of files that a guest can be granted.
 *
 * Paths are relative to the tree's root: names joined by single slashes, none of them empty, `.` or `..`; the root is
 * the empty text. No method follows a link, in no place of the path: a link in the last place is the thing that is
 * meant, and one before that makes the method fail with `LOOP`. So nothing that a guest does can leave the tree;
 * following links is the namespace's work. Failures are `WasiError`s.
 */
export interface Mount {
	/** Without it the namespace refuses every change with `ROFS` and calls none of the changing methods. */
	readonly writable: boolean;
	/** Whether the guest may make symbolic links. Links that are there are read and followed in any case. */
	readonly symlinks: boolean;
	/** Undefined when nothing has that name. */
	stat(path: string): Stat | undefined;
	/** The names in a directory, without `.` and `..`. */
	list(path: string): readonly DirectoryEntry[];
	readLink(path: string): string;
	open(path: string, mode: OpenMode): OpenFile;
	makeDirectory(path: string): void;
	removeDirectory(path: string): void;
	/** Removes anything but a directory. */
	unlink(path: string): void;
	/** Replaces what is at `to` as POSIX rename does. */
	rename(from: string, to: string): void;
	link(from: string, to: string): void;
	symlink(target: string, path: string): void;
	setTimes(path: string, times: Times): void;
	/** Gives back what the mount holds of the host. A closed mount may be used again. */
	close(): void;
}

/** A mount and the guest's path at which it is seen. */
export interface MountPoint {
	/** Absolute, for example `/data`. */
	readonly guest: string;
	readonly mount: Mount;
}

/** Where the guest's standard input comes from. */
export interface Input {
	readonly terminal: boolean;
	/** Waits for at least one byte and gives as many as there are, up to the target's length; 0 at the end. */
	read(target: Uint8Array): number;
	/** Waits until `read` would return at once, at most that long (for ever when absent); whether it would. */
	wait(milliseconds?: number): boolean;
}

/** Where the guest's standard output or error goes. */
export interface Output {
	readonly terminal: boolean;
	/** The number of bytes that were taken, at least one. */
	write(source: Uint8Array): number;
}
