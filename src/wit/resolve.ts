import type { WitProblem } from './problem.js';
import { elaborate } from './resolve/elaborate.js';
import type { Features } from './resolve/gates.js';
import { includeWorlds } from './resolve/includes.js';
import { resolveInterface } from './resolve/interfaces.js';
import { findFileUse } from './resolve/lookup.js';
import type { PackageNode } from './resolve/model.js';
import { readPackages } from './resolve/packages.js';
import { Reporter } from './resolve/reporter.js';
import { type Resolution, type Structure, structurePackage } from './resolve/structure.js';
import { validateWorld } from './resolve/validate-world.js';
import { resolveWorld } from './resolve/worlds.js';

/** How WIT is resolved. */
export interface ResolveOptions {
	/** The features that `@unstable` gates let through. */
	readonly features?: Features;
}

/** What WIT files declare, or everything that is wrong with them. */
export type Resolved =
	| { readonly ok: true; readonly main: PackageNode; readonly packages: readonly PackageNode[] }
	| { readonly ok: false; readonly problems: readonly WitProblem[] };

/**
 * Resolves WIT files. The paths are those in their folder: `*.wit` are the package, `deps/*.wit` and `deps/<name>/*.wit`
 * those that it uses. What wasm-tools refuses is refused, by the version that tests compare with.
 */
export function resolveWit(
	files: ReadonlyMap<string, string>,
	{ features = new Set() }: ResolveOptions = {},
): Resolved {
	const reporter = new Reporter();
	const read = readPackages(files, reporter);
	if (read === undefined) return { ok: false, problems: inOrder(reporter.problems) };
	const resolution: Resolution = { reporter, features, packages: new Map() };
	for (const source of read.all) {
		const structure = structurePackage(source, resolution);
		resolution.packages.set(source.id, structure.node);
		resolvePackage(structure, resolution);
	}
	const main = resolution.packages.get(read.main);
	if (main === undefined || reporter.problems.length > 0) return { ok: false, problems: inOrder(reporter.problems) };
	return { ok: true, main, packages: [...resolution.packages.values()] };
}

/** Problems by their files, and in the order of the text. */
function inOrder(problems: readonly WitProblem[]): readonly WitProblem[] {
	const order = ({ path = '' }: WitProblem, { path: other = '' }: WitProblem) =>
		path < other ? -1 : path > other ? 1 : 0;
	return [...problems].sort((a, b) => order(a, b) || a.start - b.start);
}

function resolvePackage({ items, scopes }: Structure, resolution: Resolution): void {
	for (const scope of scopes) for (const item of scope.uses) findFileUse(item, scope, resolution);
	for (const { item, scope } of items) if (item.kind === 'interface') resolveInterface(item, scope, resolution);
	for (const { item, scope } of items) if (item.kind === 'world') resolveWorld(item, scope, resolution);
	for (const { item, scope } of items) {
		if (item.kind !== 'world') continue;
		includeWorlds(item, scope, resolution);
		if (item.isExcluded) continue;
		elaborate(item, resolution.reporter);
		validateWorld(item, resolution.reporter);
	}
}
