import { suggestWitName } from '../wit/name.js';

/** The package that modules without an interface of their own are in. */
export const OWN_PACKAGE = 'cpybuild:project';

/** The world of that package, which is named like an interface. */
export const OWN_WORLD = 'python';

/** Names of interfaces for modules. */
export function interfaceNames(modules: readonly string[]): ReadonlyMap<string, string> {
	return witNames(modules, [OWN_WORLD]);
}

/**
 * WIT names for Python names, in their order. Python tells apart names that WIT cannot, so that a later one gets a further
 * word; `taken` are those that something else has.
 */
export function witNames(python: readonly string[], taken: Iterable<string> = []): ReadonlyMap<string, string> {
	const used = new Set([...taken].map(nameInComponents));
	return new Map(
		python.map((name) => {
			const wanted = suggestWitName(name) ?? 'x';
			let unused = wanted;
			for (let number = 2; used.has(nameInComponents(unused)); number++) unused = `${wanted}-n${number}`;
			used.add(nameInComponents(unused));
			return [name, unused];
		}),
	);
}

/** What must differ between names that stand side by side in a component: case and hyphens do not count (Explainer.md). */
export function nameInComponents(witName: string): string {
	return witName.replaceAll('-', '').toLowerCase();
}
