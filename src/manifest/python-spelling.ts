import { pythonKeywords } from './python-names.js';

/** A WIT name as a function, parameter or field of Python: `max-bytes` is `max_bytes`, `from` is `from_`. */
export function pythonVariable(witName: string): string {
	const name = witName.toLowerCase().replaceAll('-', '_');
	return pythonKeywords.has(name) ? `${name}_` : name;
}

/** A WIT name as a class of Python: `db-error` is `DbError`, `none` is `None_`. */
export function pythonClass(witName: string): string {
	const name = witName
		.split('-')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join('');
	return pythonKeywords.has(name) ? `${name}_` : name;
}

/** A WIT name as a member of an enum of Python: `hot-pink` is `HOT_PINK`. */
export function pythonMember(witName: string): string {
	return witName.replaceAll('-', '_').toUpperCase();
}
