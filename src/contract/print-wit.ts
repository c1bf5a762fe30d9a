import { OWN_PACKAGE, OWN_WORLD } from '../manifest/interface-name.js';
import { witText } from '../wit/name.js';
import type { NameOf } from '../wit/print.js';
import { type PrintOptions, printDefinition, printDoc, printFunction } from '../wit/print-definition.js';
import type { Outline, OutlinedInterface } from './outline.js';
import { type Definition, definitionsUsedBy } from './uses.js';

/**
 * The WIT text of what a python.wasm and its host agree on: a package with an interface for each module and the world
 * `python`, then the packages of others that it uses. What the world of a .wit file has by itself is in `python` itself.
 * Equal interfaces give equal text.
 */
export function printWit({ imports, exports }: Outline, { docs }: { readonly docs: boolean }): string {
	const items: readonly OutlinedInterface[] = [...imports, ...exports];
	const itself = items.filter(({ inWorld }) => inWorld?.kind === 'world');
	const [world] = itself;
	// Functions that the world imports and those that it exports have the same types beside them.
	const scope = world && { ...world, functions: itself.flatMap(({ functions }) => functions) };
	const all = [...(scope ? [scope] : []), ...items.filter((one) => !itself.includes(one))];
	const packages = new Map<string, OutlinedInterface[]>([[OWN_PACKAGE, []]]);
	for (const one of all) {
		if (one.inWorld !== undefined) continue;
		const others = packages.get(one.package) ?? [];
		// An interface may be imported and exported.
		if (!others.some(({ name }) => name === one.name)) packages.set(one.package, [...others, one]);
	}
	const [[own, interfaces], ...others] = [...packages] as [
		[string, OutlinedInterface[]],
		...[string, OutlinedInterface[]][],
	];
	const print = (one: OutlinedInterface): string => printInterface(one, `interface ${witText(one.name)}`, all, docs);
	const options = scope && scopeOptions(scope, all, docs);
	const externs = (word: 'import' | 'export', ones: readonly OutlinedInterface[]): readonly string[] =>
		ones.flatMap((one): readonly string[] => {
			if (one.inWorld === undefined) return [`${word} ${pathFrom(OWN_PACKAGE, one)};`];
			if (one.inWorld.kind === 'inline') {
				return [printInterface(one, `${word} ${witText(one.inWorld.name)}: interface`, all, docs)];
			}
			return options === undefined ? [] : worldFunctions(word, one, options);
		});
	const lines = [
		...(scope && options ? [...options.uses, ...scope.types.flatMap((one) => printDefinition(one, options))] : []),
		...externs('import', imports),
		...externs('export', exports),
	];
	const body = lines.map((line) => `${indent(line)}\n`).join('');
	return `${[
		`package ${own};`,
		...interfaces.map(print),
		`world ${OWN_WORLD} {\n${body}}`,
		...others.map(([name, ones]) => `package ${name} {\n${ones.map(print).map(indent).join('\n\n')}\n}`),
	].join('\n\n')}\n`;
}

/** How what a world has by itself names definitions: no interface within it has such a name. */
function scopeOptions(
	scope: OutlinedInterface,
	all: readonly OutlinedInterface[],
	docs: boolean,
): PrintOptions & { readonly uses: readonly string[] } {
	const inline = all.flatMap(({ inWorld }) => (inWorld?.kind === 'inline' ? [inWorld.name] : []));
	return { docs, ...usesOf(scope, all, inline) };
}

function worldFunctions(word: 'import' | 'export', one: OutlinedInterface, options: PrintOptions): readonly string[] {
	return one.functions.flatMap(({ name, function: { signature, doc } }) => {
		const lines = printFunction(name, signature, doc, options);
		return [...lines.slice(0, -1), `${word} ${lines.at(-1)}`];
	});
}

/** An interface as another package names it; within its own package the name is enough. */
function pathFrom(from: string, { package: home, name }: OutlinedInterface): string {
	if (home === from) return witText(name);
	const [id = '', version] = home.split('@');
	return `${id}/${witText(name)}${version === undefined ? '' : `@${version}`}`;
}

function printInterface(
	one: OutlinedInterface,
	head: string,
	all: readonly OutlinedInterface[],
	docs: boolean,
): string {
	const { uses, nameOf } = usesOf(one, all);
	const options: PrintOptions = { nameOf, docs };
	const blocks = [
		uses,
		...one.types.map((definition) => printDefinition(definition, options)),
		one.functions.flatMap(({ name, function: { signature, doc } }) => printFunction(name, signature, doc, options)),
	].filter((lines) => lines.length > 0);
	const doc = docs && one.doc !== undefined ? `${printDoc(one.doc).join('\n')}\n` : '';
	if (blocks.length === 0) return `${doc}${head} {}`;
	return `${doc}${head} {\n${blocks.map((lines) => indent(lines.join('\n'))).join('\n\n')}\n}`;
}

/** The `use` lines for the definitions of other interfaces, and the names by which this one knows definitions. */
function usesOf(
	one: OutlinedInterface,
	all: readonly OutlinedInterface[],
	others: readonly string[] = [],
): { readonly uses: readonly string[]; readonly nameOf: NameOf } {
	const taken = new Set([...[...one.types, ...one.functions].map(({ name }) => name), ...others]);
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
