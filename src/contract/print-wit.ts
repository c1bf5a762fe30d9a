import { OWN_PACKAGE, OWN_WORLD } from '../manifest/interface-name.js';
import { witText } from '../wit/name.js';
import type { NameOf } from '../wit/print.js';
import { type PrintOptions, printDefinition, printDoc, printFunction } from '../wit/print-definition.js';
import type { Outline, OutlinedInterface } from './outline.js';
import { type Definition, definitionsUsedBy } from './uses.js';

/**
 * The WIT text of what a python.wasm and its host agree on: a package with an interface for each module and the world
 * `python`, then the packages of others that it uses. Equal interfaces give equal text.
 */
export function printWit({ imports, exports }: Outline, { docs }: { readonly docs: boolean }): string {
	const packages = new Map<string, OutlinedInterface[]>([[OWN_PACKAGE, []]]);
	const all = [...imports, ...exports];
	for (const one of all) {
		const others = packages.get(one.package) ?? [];
		// An interface may be imported and exported.
		if (!others.some(({ name }) => name === one.name)) packages.set(one.package, [...others, one]);
	}
	const [[own, interfaces], ...others] = [...packages] as [
		[string, OutlinedInterface[]],
		...[string, OutlinedInterface[]][],
	];
	const print = (one: OutlinedInterface): string => printInterface(one, all, docs);
	const world = [
		`world ${OWN_WORLD} {`,
		...imports.map((one) => `  import ${pathFrom(OWN_PACKAGE, one)};`),
		...exports.map((one) => `  export ${pathFrom(OWN_PACKAGE, one)};`),
		'}',
	].join('\n');
	return `${[
		`package ${own};`,
		...interfaces.map(print),
		world,
		...others.map(([name, ones]) => `package ${name} {\n${ones.map(print).map(indent).join('\n\n')}\n}`),
	].join('\n\n')}\n`;
}

/** An interface as another package names it; within its own package the name is enough. */
function pathFrom(from: string, { package: home, name }: OutlinedInterface): string {
	if (home === from) return witText(name);
	const [id = '', version] = home.split('@');
	return `${id}/${witText(name)}${version === undefined ? '' : `@${version}`}`;
}

function printInterface(one: OutlinedInterface, all: readonly OutlinedInterface[], docs: boolean): string {
	const { uses, nameOf } = usesOf(one, all);
	const options: PrintOptions = { nameOf, docs };
	const blocks = [
		uses,
		...one.types.map((definition) => printDefinition(definition, options)),
		one.functions.flatMap(({ name, function: { signature, doc } }) => printFunction(name, signature, doc, options)),
	].filter((lines) => lines.length > 0);
	const doc = docs && one.doc !== undefined ? `${printDoc(one.doc).join('\n')}\n` : '';
	if (blocks.length === 0) return `${doc}interface ${witText(one.name)} {}`;
	return `${doc}interface ${witText(one.name)} {\n${blocks.map((lines) => indent(lines.join('\n'))).join('\n\n')}\n}`;
}

/** The `use` lines for the definitions of other interfaces, and the names by which this one knows definitions. */
function usesOf(
	one: OutlinedInterface,
	all: readonly OutlinedInterface[],
): { readonly uses: readonly string[]; readonly nameOf: NameOf } {
	const taken = new Set([...one.types, ...one.functions].map(({ name }) => name));
	const names = new Map<Definition, string>();
	const uses: string[] = [];
	for (const definition of definitionsUsedBy(one)) {
		const home = all.find(({ owner }) => owner === definition.owner);
		if (home === one) continue;
		if (home === undefined) throw new Error(`no module defines ${definition.owner}.${definition.name}`);
		let local = definition.name;
		while (taken.has(local)) local = `${home.name}-${local}`;
		taken.add(local);
		names.set(definition, local);
		const as = local === definition.name ? '' : ` as ${witText(local)}`;
		uses.push(`use ${pathFrom(one.package, home)}.{${witText(definition.name)}${as}};`);
	}
	return { uses, nameOf: (definition) => witText(names.get(definition) ?? definition.name) };
}

function indent(text: string): string {
	return text.replaceAll(/^(?=.)/gm, '  ');
}
