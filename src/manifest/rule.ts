import type { DiagnosticInit } from '../diagnostics/diagnostic.js';
import type { ExportEntry } from './export-entry.js';
import type { FunctionEntry } from './function-entry.js';
import type { ManifestTypes } from './module-types.js';
import type { PathKind } from './path-kind.js';
import type { ManifestInput } from './schema.js';
import type { WitSource } from './wit-source.js';
import type { YamlSource } from './yaml-source.js';

/** What rules look at. */
export interface RuleContext {
	readonly source: YamlSource;
	readonly input: ManifestInput;
	/** The types that its modules declare. */
	readonly types: ManifestTypes;
	/** The WIT files that it names. */
	readonly wit: WitSource | undefined;
	/** All host functions of the manifest. */
	readonly functions: readonly FunctionEntry[];
	/** All functions that Python code implements. */
	readonly exports: readonly ExportEntry[];
	/** Absolute path of the manifest's folder. */
	readonly folder: string;
	readonly kindOf: (path: string) => PathKind;
	/** Versions of CPython that hints may name. */
	readonly pinned: readonly string[];
}

/** A check beyond the shape of the data. It only looks; problems come out sorted by place in the end. */
export type Rule = (context: RuleContext) => Iterable<DiagnosticInit>;
