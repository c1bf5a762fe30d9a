import type { Random } from './random.js';

/** Names that exist while a text is made up. */
interface Scope {
	/** Types of any kind. */
	readonly types: string[];
	readonly resources: string[];
}

/** An interface that others may use. */
interface Known {
	/** How it is written in its own package. */
	readonly name: string;
	/** How it is written elsewhere. */
	readonly path: string;
	readonly types: readonly string[];
	readonly resources: readonly string[];
	/** Worlds are included, not used. */
	readonly isWorld?: true;
}

const words = [
	'a',
	'b',
	'row',
	'query',
	'db-error',
	'x1',
	'HTTP',
	'get-2nd',
	'row-s',
	'rows',
	'%list',
	'%type',
	'c',
	'id',
] as const;
const primitives = ['bool', 's8', 'u8', 's16', 'u32', 's64', 'u64', 'f32', 'f64', 'char', 'string'] as const;
const versions = ['', '', '@0.1.0', '@1.2.3', '@1.0.0-rc.1', '@0.2.0-a.b--1+c.01'] as const;

/** A made-up WIT text, mostly right: packages with interfaces and worlds that use each other. */
export function generateText(random: Random): string {
	const others: Known[] = [];
	const inner = random.chance(0.35) ? random.times(1, 2, (index) => nestedPackage(random, index, others)) : [];
	const version = random.pick(versions);
	const body = packageBody(random, { name: 'ns:main', version }, others);
	return [`${comment(random)}package ns:main${version};`, ...body.lines, ...inner].join('\n');
}

function nestedPackage(random: Random, index: number, others: Known[]): string {
	const [name, version] = [`dep:p${index}`, random.pick(versions)];
	const { lines, known } = packageBody(random, { name, version }, others);
	others.push(...known);
	return `package ${name}${version} {\n${lines.join('\n')}\n}`;
}

function packageBody(
	random: Random,
	{ name, version }: { readonly name: string; readonly version: string },
	others: readonly Known[],
): { readonly lines: readonly string[]; readonly known: readonly Known[] } {
	const known: Known[] = [];
	const lines: string[] = [];
	const isVersioned = version !== '';
	const aliases: Known[] = [];
	if (others.length > 0 && random.chance(0.2)) {
		const first = others[random.below(others.length)];
		if (first !== undefined) {
			lines.push(`use ${first.path} as alias;`);
			aliases.push({ ...first, name: 'alias' });
		}
	}
	for (const index of random.times(1, 3, (one) => one)) {
		const own = random.chance(0.015) ? random.pick(['I0', 'i0']) : `i${index}`;
		const scope: Scope = { types: [], resources: [] };
		const usable = [
			...known,
			...aliases,
			...others.filter((one) => one.isWorld === undefined).map((one) => ({ ...one, name: one.path })),
		];
		const items = interfaceItems(random, scope, usable, isVersioned);
		lines.push(`${before(random, isVersioned, 0.03)}interface ${own} {\n${items.join('\n')}\n}`);
		known.push({
			name: own,
			path: `${name}/${own}${version}`,
			types: [...scope.types],
			resources: [...scope.resources],
		});
	}
	const foreign = others.filter((one) => one.isWorld === true);
	const worlds: string[] = foreign.map(({ path }) => path);
	for (const index of random.times(0, 2, (one) => one)) {
		const usable = [
			...known.filter((one) => one.isWorld === undefined),
			...others.filter((one) => one.isWorld === undefined).map((one) => ({ ...one, name: one.path })),
		];
		const own = `w${index}`;
		lines.push(world(random, own, usable, worlds, isVersioned));
		worlds.push(own);
		known.push({ name: own, path: `${name}/${own}${version}`, types: [], resources: [], isWorld: true });
	}
	return { lines: random.chance(0.2) ? [...lines].reverse() : lines, known };
}

function world(
	random: Random,
	name: string,
	known: readonly Known[],
	worlds: readonly string[],
	isVersioned: boolean,
): string {
	const scope: Scope = { types: [], resources: [] };
	const items: string[] = [];
	if (worlds.length > 0 && random.chance(0.4)) items.push(include(random, worlds));
	for (const { name: path } of known) {
		if (random.chance(0.4)) items.push(`${before(random, isVersioned, 0.04)}import ${path};`);
		if (random.chance(0.25)) items.push(`export ${path};`);
		if (random.chance(0.05)) items.push(`import ${fresh(random, items.length)}: ${path};`);
	}
	if (random.chance(0.4)) items.push(...typeItems(random, scope, known, isVersioned, 2));
	for (const kind of random.times(0, 3, () => random.pick(['import', 'export']))) {
		const own = fresh(random, items.length);
		items.push(
			random.chance(0.15)
				? `${kind} ${own}: interface {\n${interfaceItems(random, { types: [], resources: [] }, known, isVersioned).join('\n')}\n}`
				: `${before(random, isVersioned, 0.04)}${kind} ${own}: ${func(random, scope)};`,
		);
	}
	return `world ${name} {\n${items.map((item) => `\t${item}`).join('\n')}\n}`;
}

function include(random: Random, worlds: readonly string[]): string {
	const [first = 'w0', ...rest] = worlds;
	const path = random.pick([first, ...rest]);
	return random.chance(0.15)
		? `include ${path} with { ${random.pick(words)} as n${random.below(3)} }`
		: `include ${path};`;
}

function interfaceItems(
	random: Random,
	scope: Scope,
	known: readonly Known[],
	isVersioned: boolean,
): readonly string[] {
	const types = typeItems(random, scope, known, isVersioned, 4);
	const functions = random.times(
		0,
		3,
		(index) => `${before(random, isVersioned, 0.05)}${fresh(random, index, 'f')}: ${func(random, scope)};`,
	);
	const items = [...types, ...functions];
	return random.chance(0.3) ? [...items].reverse() : items;
}

function typeItems(
	random: Random,
	scope: Scope,
	known: readonly Known[],
	isVersioned: boolean,
	most: number,
): readonly string[] {
	const items: string[] = [];
	const [first, ...rest] = known.filter(({ types }) => types.length > 0);
	if (first !== undefined && random.chance(0.4)) {
		const from = random.pick([first, ...rest]);
		const [type = 'a', ...more] = from.types;
		const used = random.pick([type, ...more]);
		const as = random.chance(0.85) ? ` as u${items.length}` : '';
		items.push(`${before(random, isVersioned, 0.03)}use ${from.name}.{${used}${as}};`);
		const own = as === '' ? used : `u${items.length - 1}`;
		scope.types.push(own);
		if (from.resources.includes(used)) scope.resources.push(own);
	}
	for (const index of random.times(0, most, (one) => one)) {
		const name = fresh(random, index, 't');
		items.push(before(random, isVersioned, 0.05) + definition(random, name, scope));
		scope.types.push(name);
	}
	return items;
}

function definition(random: Random, name: string, scope: Scope): string {
	const members = (make: (index: number) => string, least = random.chance(0.01) ? 0 : 1) =>
		random.times(least, least + 3, (index) => `${comment(random)}${make(index)}`).join(', ') +
		(random.chance(0.2) ? ',' : '');
	switch (random.below(6)) {
		case 0:
			return `record ${name} { ${members((index) => `${fresh(random, index)}: ${type(random, scope)}`)} }`;
		case 1:
			return `variant ${name} { ${members((index) => `${fresh(random, index)}${random.chance(0.5) ? `(${type(random, scope)})` : ''}`)} }`;
		case 2:
			return `enum ${name} { ${members((index) => fresh(random, index))} }`;
		case 3:
			return `flags ${name} { ${members((index) => fresh(random, index), random.chance(0.02) ? 31 : 1)} }`;
		case 4:
			if (scope.resources.length > 0 && random.chance(0.2)) {
				const alias = `type ${name} = ${random.pick([scope.resources[0] ?? 'a', ...scope.resources])};`;
				scope.resources.push(name);
				return alias;
			}
			return `type ${name} = ${type(random, scope)};`;
		default:
			scope.resources.push(name);
			return random.chance(0.3) ? `resource ${name};` : resource(random, name, scope);
	}
}

function resource(random: Random, name: string, scope: Scope): string {
	const items = random.times(0, 3, (index) => {
		if (random.chance(index === 0 ? 0.4 : 0.02)) {
			const result = random.chance(0.3)
				? ` -> result<${name}${random.chance(0.5) ? `, ${type(random, scope)}` : ''}>`
				: '';
			return `constructor(${params(random, scope)})${result};`;
		}
		const method = random.chance(0.02) ? name : fresh(random, index, 'm');
		return `${method}: ${random.chance(0.3) ? 'static ' : ''}${func(random, scope)};`;
	});
	return `resource ${name} { ${items.join(' ')} }`;
}

function func(random: Random, scope: Scope): string {
	const given = random.chance(0.9) ? type(random, scope).replaceAll('borrow<', 'own<') : type(random, scope);
	const result = random.chance(0.6) ? ` -> ${given}` : '';
	return `${random.chance(0.1) ? 'async ' : ''}func(${params(random, scope)})${result}`;
}

function params(random: Random, scope: Scope): string {
	return random.times(0, 3, (index) => `${fresh(random, index)}: ${type(random, scope)}`).join(', ');
}

function type(random: Random, scope: Scope, depth = 0): string {
	const inner = () => type(random, scope, depth + 1);
	const [first, ...rest] = scope.types;
	const [resource, ...resources] = scope.resources;
	if (resource !== undefined && random.chance(0.1)) {
		return `${random.pick(['own', 'borrow'])}<${random.pick([resource, ...resources])}>`;
	}
	if (first !== undefined && random.chance(0.35)) return random.pick([first, ...rest]);
	if (depth > 3 || random.chance(0.45)) return random.pick(primitives);
	switch (random.below(12)) {
		case 0:
		case 1:
			return `list<${inner()}>`;
		case 2:
		case 3:
			return `option<${inner()}>`;
		case 4:
			return random.pick(['result', `result<${inner()}>`, `result<_, ${inner()}>`, `result<${inner()}, ${inner()}>`]);
		case 5:
		case 6:
			return `tuple<${random.times(1, 3, inner).join(', ')}>`;
		case 7:
			return `list<${inner()}, ${random.chance(0.05) ? '0' : random.pick(['4', '1'])}>`;
		case 8:
			return `map<${random.chance(0.97) ? random.pick(['string', 'u8']) : inner()}, ${inner()}>`;
		case 9:
			return random.pick(['stream', 'future', 'stream<u8>', `future<${inner()}>`]);
		case 10:
			return 'error-context';
		default:
			return random.chance(0.97) ? 'string' : random.pick(words);
	}
}

/** A name that mostly is not there yet. */
function fresh(random: Random, index: number, prefix = 'n'): string {
	return random.chance(0.03) ? random.pick(words) : `${prefix}${index}`;
}

/** Gates and documentation before a declaration. */
function before(random: Random, isVersioned: boolean, probability: number): string {
	const docs = comment(random);
	if (isVersioned && random.chance(probability)) {
		const deprecated = random.chance(0.3) ? '@deprecated(version = 0.1.0) ' : '';
		return `${docs}@since(version = ${random.chance(0.98) ? '0.1.0' : '9.0.0'}) ${deprecated}`;
	}
	if (random.chance(probability / 2)) return `${docs}@unstable(feature = ${random.pick(['one', 'two'])}) `;
	return random.chance(0.01) ? `${docs}@external-id("\\u{41}\\c3\\a9 ${random.pick(words)}") ` : docs;
}

function comment(random: Random): string {
	return random.chance(0.06) ? random.pick(['/// of it\n', '/** of it */ ', '// aside\n', '/* aside */ ']) : '';
}
