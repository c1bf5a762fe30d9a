import type { FileDescriptor } from '../descriptors.js';
import { Errno, WasiError } from '../errno.js';
import type { OpenMode } from '../mount.js';
import type { Found } from '../namespace.js';
import { FdFlag, LOOKUP_FOLLOW, OpenFlag, Right } from '../preview1.js';
import { readTimes, writeStat } from './stat.js';
import type { Calls, System } from './system.js';

/** Everything that goes by a path. */
export function pathCalls(system: System): Calls {
	const { memory, descriptors, namespace } = system;

	const find = (fd: number, pointer: number, length: number, follow: boolean): Found =>
		namespace.resolve(descriptors.directory(fd).guest, memory.readText(pointer, length), follow);

	/** Something that is there. */
	const findExisting = (fd: number, pointer: number, length: number, follow: boolean): Found => {
		const found = find(fd, pointer, length, follow);
		if (found.stat === undefined) throw new WasiError(Errno.NOENT);
		if (found.directory && found.stat.kind !== 'directory') throw new WasiError(Errno.NOTDIR);
		return found;
	};

	/** A name that may be removed or renamed. */
	const findRemovable = (fd: number, pointer: number, length: number): Found => {
		const found = findExisting(fd, pointer, length, false);
		if (namespace.isBusy(found.guest)) throw new WasiError(Errno.BUSY);
		return writable(found);
	};

	/** A name that is still free. */
	const findFree = (fd: number, pointer: number, length: number): Found => {
		const found = find(fd, pointer, length, false);
		if (found.stat !== undefined) throw new WasiError(Errno.EXIST);
		return writable(found);
	};

	return {
		path_create_directory(fd: number, pointer: number, length: number) {
			const { mount, path } = findFree(fd, pointer, length);
			mount.makeDirectory(path);
			return Errno.SUCCESS;
		},

		path_filestat_get(fd: number, lookup: number, pointer: number, length: number, result: number) {
			const { stat, directory } = find(fd, pointer, length, (lookup & LOOKUP_FOLLOW) !== 0);
			// Not thrown: Python looks for modules in many places where they are not.
			if (stat === undefined) return Errno.NOENT;
			if (directory && stat.kind !== 'directory') return Errno.NOTDIR;
			writeStat(memory, result, stat);
			return Errno.SUCCESS;
		},

		path_filestat_set_times(
			fd: number,
			lookup: number,
			pointer: number,
			length: number,
			accessed: bigint,
			modified: bigint,
			flags: number,
		) {
			const found = findExisting(fd, pointer, length, (lookup & LOOKUP_FOLLOW) !== 0);
			writable(found).mount.setTimes(found.path, readTimes(accessed, modified, flags));
			return Errno.SUCCESS;
		},

		path_link(
			oldFd: number,
			lookup: number,
			oldPointer: number,
			oldLength: number,
			newFd: number,
			newPointer: number,
			newLength: number,
		) {
			const from = findExisting(oldFd, oldPointer, oldLength, (lookup & LOOKUP_FOLLOW) !== 0);
			const to = findFree(newFd, newPointer, newLength);
			if (from.mount !== to.mount) return Errno.XDEV;
			if (to.directory) return Errno.NOENT;
			to.mount.link(from.path, to.path);
			return Errno.SUCCESS;
		},

		path_open(
			fd: number,
			lookup: number,
			pointer: number,
			length: number,
			openFlags: number,
			rights: bigint,
			_inheriting: bigint,
			fdFlags: number,
			result: number,
		) {
			const mode = readMode(openFlags, rights, fdFlags);
			const follow = (lookup & LOOKUP_FOLLOW) !== 0 && !(mode.create && mode.exclusive);
			const found = find(fd, pointer, length, follow);
			descriptors.checkRoom();
			if (found.stat?.kind === 'directory') {
				if (mode.create && mode.exclusive) return Errno.EXIST;
				if (mode.create || mode.write || mode.truncate) return Errno.ISDIR;
				memory.writeU32(result, descriptors.add({ kind: 'directory', guest: found.guest }));
				return Errno.SUCCESS;
			}
			const refusal = refuseOpen(found, mode, (openFlags & OpenFlag.DIRECTORY) !== 0);
			if (refusal !== undefined) return refusal;
			memory.writeU32(result, descriptors.add(openFile(found, mode, fdFlags)));
			return Errno.SUCCESS;
		},

		path_readlink(fd: number, pointer: number, length: number, buffer: number, size: number, result: number) {
			const { mount, path, stat } = findExisting(fd, pointer, length, false);
			if (stat?.kind !== 'link') return Errno.INVAL;
			const target = new TextEncoder().encode(mount.readLink(path)).subarray(0, size >>> 0);
			memory.slice(buffer, target.length).set(target);
			memory.writeU32(result, target.length);
			return Errno.SUCCESS;
		},

		path_remove_directory(fd: number, pointer: number, length: number) {
			const { mount, path, stat } = findRemovable(fd, pointer, length);
			if (stat?.kind !== 'directory') return Errno.NOTDIR;
			mount.removeDirectory(path);
			return Errno.SUCCESS;
		},

		path_rename(
			oldFd: number,
			oldPointer: number,
			oldLength: number,
			newFd: number,
			newPointer: number,
			newLength: number,
		) {
			const from = findRemovable(oldFd, oldPointer, oldLength);
			const to = writable(find(newFd, newPointer, newLength, false));
			if (namespace.isBusy(to.guest)) return Errno.BUSY;
			if (from.mount !== to.mount) return Errno.XDEV;
			if (to.directory && from.stat?.kind !== 'directory') return Errno.NOTDIR;
			to.mount.rename(from.path, to.path);
			return Errno.SUCCESS;
		},

		path_symlink(targetPointer: number, targetLength: number, fd: number, pointer: number, length: number) {
			const target = memory.readText(targetPointer, targetLength);
			if (target === '') return Errno.NOENT;
			const found = findFree(fd, pointer, length);
			if (!found.mount.symlinks) return Errno.PERM;
			found.mount.symlink(target, found.path);
			return Errno.SUCCESS;
		},

		path_unlink_file(fd: number, pointer: number, length: number) {
			const { mount, path, stat } = findRemovable(fd, pointer, length);
			if (stat?.kind === 'directory') return Errno.ISDIR;
			mount.unlink(path);
			return Errno.SUCCESS;
		},
	};
}

function writable(found: Found): Found {
	if (!found.mount.writable) throw new WasiError(Errno.ROFS);
	return found;
}

function readMode(openFlags: number, rights: bigint, fdFlags: number): OpenMode {
	return {
		read: (rights & (Right.READ | Right.READDIR)) !== 0n,
		write: (rights & Right.WRITE) !== 0n,
		append: (fdFlags & FdFlag.APPEND) !== 0,
		create: (openFlags & OpenFlag.CREATE) !== 0,
		exclusive: (openFlags & OpenFlag.EXCLUSIVE) !== 0,
		truncate: (openFlags & OpenFlag.TRUNCATE) !== 0,
	};
}

/** Why something that is no directory cannot be opened like that. */
function refuseOpen({ mount, stat, directory }: Found, mode: OpenMode, wantDirectory: boolean) {
	if (stat === undefined) {
		if (!mode.create) return Errno.NOENT;
		if (wantDirectory) return Errno.INVAL;
		if (directory) return Errno.ISDIR;
		return mount.writable ? undefined : Errno.ROFS;
	}
	if (mode.create && mode.exclusive) return Errno.EXIST;
	if (wantDirectory || directory) return Errno.NOTDIR;
	if (stat.kind === 'link') return Errno.LOOP;
	return (mode.write || mode.truncate) && !mount.writable ? Errno.ROFS : undefined;
}

function openFile({ mount, path }: Found, mode: OpenMode, fdFlags: number): FileDescriptor {
	return {
		kind: 'file',
		file: mount.open(path, mode),
		readable: mode.read,
		writable: mode.write,
		changeable: mount.writable,
		position: 0,
		flags: fdFlags & (FdFlag.APPEND | FdFlag.NONBLOCK),
	};
}
