import { cString } from './literal.js';

/** How many parameters come before the first that has a default. */
export function requiredCount(haveDefaults: readonly boolean[]): number {
	const firstOptional = haveDefaults.indexOf(true);
	return firstOptional === -1 ? haveDefaults.length : firstOptional;
}

/** The elements of an array of names, as indented lines of at most 70 columns. */
export function wrapNames(names: readonly string[]): string {
	const list = names.map((name) => `${cString(name)},`).join(' ');
	return (list.match(/.{1,70}(?= |$)/g) ?? []).map((line) => `    ${line.trim()}`).join('\n');
}
