import type { Parsed } from '../wit/parse.js';
import type { Signature } from '../wit/type.js';
import { readSignature } from './function-entry.js';
import type { Path } from './locate.js';
import type { ManifestTypes } from './module-types.js';
import type { ManifestInput } from './schema.js';

/** A function that Python code implements, its short and long form made alike. */
export interface ExportEntry {
	readonly name: string;
	/** The interface that it is in. */
	readonly owner: string;
	readonly path: Path;
	readonly signature: Parsed<Signature>;
	readonly signaturePath: Path;
	/** The Python function. */
	readonly function: string;
	readonly exportName: string;
	/** Whether the manifest gives the name itself. */
	readonly exportNameGiven: boolean;
	readonly doc: string | undefined;
}

/** All functions of a manifest that Python code implements, in its order. */
export function exportEntries({ exports = {} }: ManifestInput, types: ManifestTypes): readonly ExportEntry[] {
	return Object.entries(exports).flatMap(([owner, { functions, use = [] }]) =>
		Object.entries(functions).map(([name, input]): ExportEntry => {
			const path = ['exports', owner, 'functions', name];
			const long = typeof input === 'string' ? { signature: input } : input;
			return {
				name,
				owner,
				path,
				signature: readSignature(long.signature, use, types),
				signaturePath: typeof input === 'string' ? path : [...path, 'signature'],
				function: long.function ?? name,
				exportName: long.export_name ?? `${owner}#${name}`,
				exportNameGiven: long.export_name !== undefined,
				doc: long.doc,
			};
		}),
	);
}
