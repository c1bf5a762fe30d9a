import { nearest } from '../../diagnostics/nearest.js';
import type { ItemPath } from '../syntax.js';
import type { InterfaceNode, WorldNode } from './model.js';
import { packageId } from './packages.js';
import { type FileScope, placeOf, type Resolution, reportUnknownItem } from './structure.js';

/** The interface that a way leads to. Undefined when there is none, or only one that a gate keeps out. */
export function findInterface(path: ItemPath, scope: FileScope, resolution: Resolution): InterfaceNode | undefined {
	const found = findItem(path, 'interface', scope, resolution);
	return found?.kind === 'interface' ? found : undefined;
}

/** The world that a way leads to. */
export function findWorld(path: ItemPath, scope: FileScope, resolution: Resolution): WorldNode | undefined {
	const found = findItem(path, 'world', scope, resolution);
	return found?.kind === 'world' ? found : undefined;
}

/** Reports what a `use` between interfaces says of other packages, whether or not anything needs it. */
export function findFileUse(path: ItemPath, scope: FileScope, resolution: Resolution): void {
	if (path.package === undefined) return;
	const kind = scope.foreign.kinds.get(`${packageId(path.package)}/${path.name.text}`) ?? 'interface';
	findForeign(path, path, kind, scope, resolution);
}

function findItem(
	path: ItemPath,
	kind: 'interface' | 'world',
	scope: FileScope,
	resolution: Resolution,
): InterfaceNode | WorldNode | undefined {
	const meaning = path.package === undefined ? scope.names.get(path.name.text) : undefined;
	const foreign =
		path.package !== undefined ? path : meaning !== undefined && 'path' in meaning ? meaning.path : undefined;
	if (foreign !== undefined) return findForeign(path, foreign, kind, scope, resolution);
	const { reporter } = resolution;
	const name = meaning !== undefined && 'local' in meaning ? meaning.local : path.name.text;
	const found = scope.package.items.get(name);
	if (found === undefined) {
		// A top-level `use` of what does not exist has been reported at its own place.
		if (meaning === undefined) reportUnknownItem(path.name, scope.path, scope.package, reporter);
		return undefined;
	}
	if (found.kind === kind) return found;
	reportKind(path, found.kind, scope, resolution);
	return undefined;
}

function findForeign(
	path: ItemPath,
	{ package: name, name: item }: ItemPath,
	kind: 'interface' | 'world',
	scope: FileScope,
	resolution: Resolution,
): InterfaceNode | WorldNode | undefined {
	if (name === undefined) return undefined;
	const key = `${packageId(name)}/${item.text}`;
	const known = resolution.packages.get(packageId(name));
	const found = known?.items.get(item.text);
	const expected = scope.foreign.kinds.get(key) ?? kind;
	if (expected !== kind) {
		// wasm-tools takes what a top-level `use` names for an interface, whatever it is; that has been said there.
		if (found?.kind !== kind || scope.foreign.excluded.has(key)) reportKind(path, expected, scope, resolution);
		return undefined;
	}
	if (found !== undefined && found.kind === kind && !found.isExcluded) return found;
	if (known === undefined || scope.foreign.excluded.has(key)) return undefined;
	const at = placeOf(scope.path, item);
	const { reporter } = resolution;
	if (found?.kind === kind) {
		const feature = found.stability.kind === 'unstable' ? found.stability.feature : undefined;
		const hint = feature === undefined ? undefined : `enable the feature "${feature}"`;
		reporter.report('wit/feature-gate', at, `a feature gate leaves out the ${kind} "${found.id}"`, { hint });
		return undefined;
	}
	if (found !== undefined) {
		reportKind(path, found.kind, scope, resolution);
		return undefined;
	}
	const candidates = [...known.items.values()].filter((one) => one.kind === kind).map((one) => one.name);
	const meant = nearest(item.text, candidates);
	const message = `the package "${known.source.id}" has no ${kind} "${item.text}"`;
	const list = candidates.length === 0 ? undefined : `it has ${candidates.map((one) => `"${one}"`).join(', ')}`;
	reporter.report('wit/unknown-name', at, message, { hint: meant === undefined ? list : `did you mean "${meant}"?` });
	return undefined;
}

function reportKind(path: ItemPath, kind: 'interface' | 'world', scope: FileScope, { reporter }: Resolution): void {
	const message =
		kind === 'world'
			? `"${path.name.text}" is a world, not an interface`
			: `"${path.name.text}" is an interface, not a world`;
	const hint =
		kind === 'world' ? 'move what both need into an interface' : 'write "import" or "export" instead of "include"';
	reporter.report('wit/wrong-kind', placeOf(scope.path, path.name), message, { hint });
}
