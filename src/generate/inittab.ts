import { cIdentifier } from './c/names.js';

/**
 * Adds builtin modules to the text of CPython's generated `Modules/config.c`, as its makesetup does: declarations
 * before the first marker, table entries before the second.
 */
export function addToInittab(configC: string, moduleNames: readonly string[]): string {
	const declarations = moduleNames.map((name) => `extern PyObject* PyInit_${cIdentifier(name)}(void);\n`).join('');
	const entries = moduleNames.map((name) => `    {"${name}", PyInit_${cIdentifier(name)}},\n`).join('');
	return insertBefore(insertBefore(configC, 'ADDMODULE MARKER 1', declarations), 'ADDMODULE MARKER 2', entries);
}

function insertBefore(text: string, marker: string, addition: string): string {
	const lines = text.split(/(?<=\n)/);
	const at = lines.findIndex((line) => line.includes(marker));
	if (at === -1) {
		throw new Error(`config.c has no line with "${marker}"`);
	}
	return [...lines.slice(0, at), addition, ...lines.slice(at)].join('');
}
