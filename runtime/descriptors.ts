import { Errno, type ErrnoValue, WasiError } from './errno.js';
import type { DirectoryEntry, Input, OpenFile, Output } from './mount.js';

/** An open file with its position. */
export interface FileDescriptor {
	readonly kind: 'file';
	readonly file: OpenFile;
	readonly readable: boolean;
	readonly writable: boolean;
	/** Whether its mount may be changed: times can be set without the right to write. */
	readonly changeable: boolean;
	position: number;
	flags: number;
}

/** An open directory: a place of the guest's tree. */
export interface DirectoryDescriptor {
	readonly kind: 'directory';
	/** The guest's path without the leading slash. */
	readonly guest: string;
	/** The name under which libc learns of it at start. */
	readonly preopen?: string;
	/** What was there when reading it began: the positions in it must not move while names come and go. */
	listing?: readonly DirectoryEntry[];
}

/** A standard stream. */
export interface StreamDescriptor {
	readonly kind: 'stream';
	readonly input?: Input;
	readonly output?: Output;
	flags: number;
}

/** What a descriptor's number stands for. */
export type Descriptor = FileDescriptor | DirectoryDescriptor | StreamDescriptor;

/** Whether a terminal is behind a stream. */
export function isTerminal({ input, output }: StreamDescriptor): boolean {
	return input?.terminal ?? output?.terminal ?? false;
}

/** As many are open at most, as is usual on Linux; a guest cannot use up the host's. */
const MAX_OPEN = 1024;

/** The open descriptors of a guest. A new one gets the lowest number that is free. */
export class Descriptors {
	readonly #slots: (Descriptor | undefined)[];
	/** No free number is below this one. */
	#lowest = 0;

	constructor(initial: readonly Descriptor[]) {
		this.#slots = [...initial];
	}

	/** Refuses early, so that nothing is opened that no number could be given. */
	checkRoom(): void {
		if (this.#nextFree() >= MAX_OPEN) throw new WasiError(Errno.MFILE);
	}

	add(descriptor: Descriptor): number {
		this.checkRoom();
		const fd = this.#nextFree();
		this.#slots[fd] = descriptor;
		return fd;
	}

	get(fd: number): Descriptor {
		const descriptor = this.#slots[fd];
		if (descriptor === undefined) throw new WasiError(Errno.BADF);
		return descriptor;
	}

	/** The descriptor of an open file; other kinds fail with the given number. */
	file(fd: number, otherwise: ErrnoValue): FileDescriptor {
		const descriptor = this.get(fd);
		if (descriptor.kind === 'file') return descriptor;
		throw new WasiError(descriptor.kind === 'directory' ? Errno.ISDIR : otherwise);
	}

	directory(fd: number): DirectoryDescriptor {
		const descriptor = this.get(fd);
		if (descriptor.kind !== 'directory') throw new WasiError(Errno.NOTDIR);
		return descriptor;
	}

	close(fd: number): void {
		const descriptor = this.get(fd);
		this.#slots[fd] = undefined;
		this.#lowest = Math.min(this.#lowest, fd);
		if (descriptor.kind === 'file') descriptor.file.close();
	}

	/** Gives a descriptor another's number; what that was is closed. */
	renumber(from: number, to: number): void {
		const descriptor = this.get(from);
		this.get(to);
		if (from === to) return;
		this.close(to);
		this.#slots[to] = descriptor;
		this.#slots[from] = undefined;
		this.#lowest = Math.min(this.#lowest, from);
	}

	/** Closes what the guest left open. */
	closeAll(): void {
		for (const [fd, descriptor] of this.#slots.entries()) if (descriptor !== undefined) this.close(fd);
	}

	#nextFree(): number {
		while (this.#slots[this.#lowest] !== undefined) this.#lowest++;
		return this.#lowest;
	}
}
