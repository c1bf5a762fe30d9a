import { type Diagnostic, type DiagnosticInit, diagnostic, type SourceFile } from '../diagnostics/diagnostic.js';
import { exportEntries } from './export-entry.js';
import { functionEntries } from './function-entry.js';
import { explainIssues, shapeIssues } from './issues.js';
import type { Manifest } from './manifest.js';
import { moduleTypes } from './module-types.js';
import type { PathKind } from './path-kind.js';
import { resolveManifest } from './resolve.js';
import type { RuleContext } from './rule.js';
import { rules } from './rules.js';
import { salvage } from './salvage.js';
import { manifestSchema } from './schema.js';
import { defaultPinnedVersions } from './version.js';
import type { WitFiles } from './wit-folder.js';
import { readWitSource } from './wit-source.js';
import { readYaml } from './yaml-source.js';

/** What a manifest's text is read against. */
export interface ManifestSurroundings {
	/** Absolute path of the folder that relative paths start in. */
	readonly folder: string;
	/** Tells what an absolute path is. */
	readonly kindOf: (path: string) => PathKind;
	/** Reads the WIT files of an absolute path: those of a folder by their paths below it, or one file. */
	readonly readWit: (path: string) => WitFiles;
	/** Full versions of CPython whose source is pinned; only hints name them. */
	readonly pinnedVersions?: readonly string[];
}

/** A manifest, or everything that is wrong with it in the order of the text. */
export type ParsedManifest =
	| { readonly ok: true; readonly manifest: Manifest }
	| { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads a manifest's text: as YAML, by its shape, then by its rules. Each stage finds all it can. */
export function parseManifest(file: SourceFile, surroundings: ManifestSurroundings): ParsedManifest {
	const source = readYaml(file);
	if (source.data === undefined) return failed(file, source.problems);
	const shape = manifestSchema.safeParse(source.data);
	const input = shape.success ? shape.data : salvage(source.data);
	const pinned = surroundings.pinnedVersions ?? defaultPinnedVersions;
	const types = moduleTypes(input);
	const wit = readWitSource(file, input, surroundings);
	const declared = { functions: functionEntries(input, types), exports: exportEntries(input, types) };
	const problems = [
		...source.problems,
		...(shape.success ? [] : explainIssues(source, shapeIssues(shape.error.issues), pinned)),
		...ruleProblems({ source, input, types, wit, ...declared }, surroundings, pinned),
	];
	if (problems.length > 0) return failed(file, problems);
	return { ok: true, manifest: resolveManifest({ source, input, types, wit }, surroundings.folder) };
}

function ruleProblems(
	read: Pick<RuleContext, 'source' | 'input' | 'types' | 'wit' | 'functions' | 'exports'>,
	{ folder, kindOf }: ManifestSurroundings,
	pinned: readonly string[],
): readonly DiagnosticInit[] {
	return rules.flatMap((rule) => [...rule({ ...read, folder, kindOf, pinned })]);
}

function failed(manifest: SourceFile, problems: readonly DiagnosticInit[]): ParsedManifest {
	const seen = new Set<string>();
	const diagnostics = problems.map(diagnostic).filter(({ code, message, span }) => {
		// An anchor that is used twice is one place with one mistake.
		const key = JSON.stringify([code, message, span?.file.path, span?.start, span?.end]);
		return !seen.has(key) && seen.add(key);
	});
	// Those of the manifest itself are first.
	const files = [...new Set([manifest, ...diagnostics.map(({ span }) => span?.file ?? manifest)])];
	const order = ({ span }: Diagnostic): readonly [number, number] => [
		files.indexOf(span?.file ?? manifest),
		span?.start ?? 0,
	];
	return {
		ok: false,
		diagnostics: diagnostics.sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1]),
	};
}
