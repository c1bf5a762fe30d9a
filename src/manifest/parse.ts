import { type Diagnostic, type DiagnosticInit, diagnostic, type SourceFile } from '../diagnostics/diagnostic.js';
import { functionEntries } from './function-entry.js';
import { explainIssues, shapeIssues } from './issues.js';
import type { Manifest } from './manifest.js';
import { resolveManifest } from './resolve.js';
import type { PathKind } from './rule.js';
import { rules } from './rules.js';
import { salvage } from './salvage.js';
import { type ManifestInput, manifestSchema } from './schema.js';
import { defaultPinnedVersions } from './version.js';
import { readYaml, type YamlSource } from './yaml-source.js';

/** What a manifest's text is read against. */
export interface ManifestSurroundings {
	/** Absolute path of the folder that relative paths start in. */
	readonly folder: string;
	/** Tells what an absolute path is. */
	readonly kindOf: (path: string) => PathKind;
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
	if (source.data === undefined) return failed(source.problems);
	const shape = manifestSchema.safeParse(source.data);
	const input = shape.success ? shape.data : salvage(source.data);
	const pinned = surroundings.pinnedVersions ?? defaultPinnedVersions;
	const problems = [
		...source.problems,
		...(shape.success ? [] : explainIssues(source, shapeIssues(shape.error.issues), pinned)),
		...ruleProblems(source, input, surroundings, pinned),
	];
	if (problems.length > 0) return failed(problems);
	return { ok: true, manifest: resolveManifest(source, input, surroundings.folder) };
}

function ruleProblems(
	source: YamlSource,
	input: ManifestInput,
	{ folder, kindOf }: ManifestSurroundings,
	pinned: readonly string[],
): readonly DiagnosticInit[] {
	const context = { source, input, functions: functionEntries(input), folder, kindOf, pinned };
	return rules.flatMap((rule) => [...rule(context)]);
}

function failed(problems: readonly DiagnosticInit[]): ParsedManifest {
	const seen = new Set<string>();
	const diagnostics = problems.map(diagnostic).filter(({ code, message, span }) => {
		// An anchor that is used twice is one place with one mistake.
		const key = JSON.stringify([code, message, span?.start, span?.end]);
		return !seen.has(key) && seen.add(key);
	});
	return { ok: false, diagnostics: diagnostics.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)) };
}
