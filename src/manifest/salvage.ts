import { shapeIssues } from './issues.js';
import type { Path } from './locate.js';
import { type ManifestInput, manifestSchema } from './schema.js';

/**
 * What is left of a manifest's data without everything that the schema refuses, so that one mistake of shape does not
 * hide the mistakes that the rules find elsewhere. Never used for a build.
 */
export function salvage(data: unknown): ManifestInput {
	let rest = isRecord(data) ? structuredClone(data) : {};
	for (;;) {
		const parsed = manifestSchema.safeParse({ ...required, ...rest });
		if (parsed.success) return parsed.data;
		for (const { path, problem } of shapeIssues(parsed.error.issues)) {
			if (problem.kind === 'unknown-keys') for (const key of problem.keys) remove(rest, [...path, key]);
			else if (path.length === 0) rest = {};
			else remove(rest, path);
		}
	}
}

/** Stand-ins that break no rule, for keys that a manifest must have. */
const required = { python: '0.0.0', modules: {} };

/** Takes a value away; where there is none, or where others would move, what holds it. */
function remove(root: MutableRecord, path: Path): void {
	const parentPath = path.slice(0, -1);
	const key = path.at(-1);
	const parent = parentPath.reduce<unknown>(
		(value, step) => (isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined),
		root,
	);
	if (key === undefined || !isRecord(parent)) return;
	if (Array.isArray(parent) || !Object.hasOwn(parent, key)) remove(root, parentPath);
	else delete parent[key];
}

type MutableRecord = Record<PropertyKey, unknown>;

function isRecord(value: unknown): value is MutableRecord {
	return typeof value === 'object' && value !== null;
}
