import { Errno, WasiError } from './errno.js';

const MAX_NAME = 255;

/** The names of a path; empty ones and `.` say nothing. */
export function splitPath(path: string): string[] {
	const names = path.split('/').filter((name) => name !== '' && name !== '.');
	if (names.some((name) => name.length > MAX_NAME)) throw new WasiError(Errno.NAMETOOLONG);
	return names;
}

/** The directory above; the root, which is empty, is above itself. */
export function parentOf(path: string): string {
	const slash = path.lastIndexOf('/');
	return slash < 0 ? '' : path.slice(0, slash);
}

/** The last name of a path. */
export function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
