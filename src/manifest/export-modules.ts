import { fallibleOf } from '../wit/parts.js';
import type { Signature } from '../wit/type.js';
import type { ExportedInterface, HostModule } from './manifest.js';

/** The module that has the Python classes of what a module implements, since that module is Python code. */
export function typesModuleName(pythonModule: string): string {
	return `${pythonModule}_types`;
}

/** Whether a function's error needs an exception class of its own: it names no definition, whose module would have that. */
export function needsErrorClass(signature: Signature): boolean {
	const result = fallibleOf(signature);
	return result !== undefined && result.err?.kind !== 'named';
}

/** The modules that have nothing but such classes. */
export function errorModules(
	exports: readonly ExportedInterface[],
	modules: readonly { readonly name: string }[],
): readonly HostModule[] {
	const known = new Set(modules.map(({ name }) => name));
	return exports.flatMap(({ typesModule: name, functions, span }): readonly HostModule[] => {
		if (known.has(name) || !functions.some(({ signature }) => needsErrorClass(signature))) return [];
		known.add(name);
		return [{ kind: 'host', name, types: [], isExported: true, importModule: name, functions: [], span }];
	});
}
