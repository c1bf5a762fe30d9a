import { nearest } from '../../diagnostics/nearest.js';
import type { NameSyntax, UseSyntax } from '../syntax.js';
import { addType, broken, gateOf } from './add-type.js';
import { excludes, reportExcluded } from './gates.js';
import { findInterface } from './lookup.js';
import type { InterfaceNode, TypeBody, WorldNode } from './model.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';

/** Gives an interface or a world the types that a `use` brings. */
export function bringTypes(
	owner: InterfaceNode | WorldNode,
	use: UseSyntax,
	scope: FileScope,
	resolution: Resolution,
): void {
	const gate = gateOf(use, owner, scope, resolution);
	const from = findInterface(use.from, scope, resolution);
	for (const { name, as } of use.names) {
		const body = from === undefined ? broken : usedType(name, use, from, gate.isExcluded, scope, resolution);
		addType(owner, as ?? name, scope, resolution, { ...gate, body });
	}
}

/** What a name of another interface stands for. */
function usedType(
	name: NameSyntax,
	use: UseSyntax,
	from: InterfaceNode,
	isExcluded: boolean,
	scope: FileScope,
	{ reporter, features }: Resolution,
): TypeBody {
	const at = placeOf(scope.path, name);
	const type = from.types.get(name.text);
	const isForeign = from.package !== scope.package;
	// wasm-tools keeps a type of another package out wherever the first use of it is kept out.
	const first = scope.foreign.types.get(`${from.package.source.id}/${from.name}.${name.text}`);
	const isKeptOut = isForeign && first !== undefined && excludes(first, features);
	if (isForeign && isKeptOut && type === undefined) return broken;
	if (type === undefined) {
		reportUnknownType(name, from, at, reporter);
		return broken;
	}
	if (isExcluded) return { kind: 'same', of: type, isUse: true };
	if (type.isExcluded) reportExcluded(reporter, at, `"${name.text}"`, type.stability);
	else if (isKeptOut) reportExcluded(reporter, at, `the first use of "${use.from.name.text}.${name.text}"`, first);
	return { kind: 'same', of: type, isUse: true };
}

function reportUnknownType(
	name: NameSyntax,
	from: InterfaceNode,
	at: ReturnType<typeof placeOf>,
	reporter: Resolution['reporter'],
): void {
	if (from.functionNames.has(name.text)) {
		const message = `"${name.text}" is a function of "${from.id}", and "use" is for types`;
		reporter.report('wit/wrong-kind', at, message, { hint: 'import the interface in a world to have its functions' });
		return;
	}
	const meant = nearest(name.text, from.types.keys());
	const list = [...from.types.keys()].map((one) => `"${one}"`).join(', ');
	const hint = meant === undefined ? (list === '' ? 'it has no types' : `it has ${list}`) : `did you mean "${meant}"?`;
	reporter.report('wit/unknown-name', at, `the interface "${from.id}" has no type "${name.text}"`, { hint });
}
