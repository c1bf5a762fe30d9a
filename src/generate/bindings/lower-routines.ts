import type { WitType } from '../../wit/type.js';
import { layoutOf, layoutRecord, layoutVariant } from '../abi/layout.js';
import type { Code, Parameter, Routine } from './code.js';
import { caseAccess } from './lift.js';
import { lower, type Place, type Statement, store, withViews } from './lower.js';
import { flagText, wantedText, withArticle } from './messages.js';
import { quote, Scope, variableName } from './names.js';
import { type Flag, type Structure, structureOf, type UnionCase } from './structure.js';
import { attempt, block } from './text.js';

/** The function that stores values of a type in memory. */
export function storeRoutine(code: Code, type: WitType): Routine {
	return {
		kind: 'function',
		doc: `Stores ${withArticle(type)} in memory.`,
		parameters: [['guest', 'Heap'], ['name', 'string'], ['value', 'unknown'], ['at', 'number'], stepParameter],
		result: 'void',
		body: storeBody(code, type, structureOf(type)),
	};
}

/** The function that lowers values of a type that is passed as one core value, and is none itself. */
export function lowerRoutine(code: Code, type: WitType): Routine {
	const structure = structureOf(type);
	const flags = structure.kind === 'flags';
	const others: readonly Parameter[] = [
		['guest', 'Heap'],
		['name', 'string'],
	];
	return {
		kind: 'function',
		doc: `Lowers ${withArticle(type)}.`,
		parameters: [...(flags ? [] : others), ['value', 'unknown'], stepParameter],
		result: layoutOf(type).flat[0] === 'i64' ? 'bigint' : 'number',
		body: lowerBody(code, type, structure),
	};
}

/** The table that gives the number of an enum's case. */
export function indicesTable(type: WitType): Routine {
	const structure = structureOf(type);
	if (structure.kind !== 'enum') throw new Error(`a ${structure.kind} has no labels`);
	const pairs = structure.labels.map(({ name }, index) => `[${quote(name)}, ${index}]`);
	return {
		kind: 'table',
		doc: `The numbers of the cases of ${withArticle(type)}.`,
		type: 'ReadonlyMap<unknown, number>',
		value: `new Map([${pairs.join(', ')}])`,
	};
}

const stepParameter: Parameter = ['step', 'string | number'];

/** Variables of routines. */
const variables: readonly string[] = ['guest', 'name', 'value', 'at', 'step', 'view', 'error', 'object', 'list'];

function storeBody(code: Code, type: WitType, structure: Structure): string[] {
	const wanted = quote(wantedText(type, structure));
	const scope = new Scope([...variables, ...code.surrounding]);
	const part = (step: string): Place => ({ code, name: 'name', step, scope });
	switch (structure.kind) {
		case 'record': {
			const { offsets } = layoutRecord(structure.fields.map((field) => field.type));
			const taken = takeMembers(structure.fields, wanted, scope);
			const statements = structure.fields.flatMap(({ type, member }, index) =>
				store(part(quote(`.${member}`)), type, taken.names[index] ?? '', 'at', offsets[index] ?? 0),
			);
			return stepping([...taken.lines, ...withViews(statements)]);
		}
		case 'tuple': {
			const { offsets } = layoutRecord(structure.items);
			const statements = structure.items.flatMap((item, index) =>
				store(part(String(index)), item, `item${index}`, 'at', offsets[index] ?? 0),
			);
			return stepping([...takeItems(structure.items, wanted), ...withViews(statements)]);
		}
		case 'option': {
			const { payloadOffset } = layoutVariant([undefined, structure.some]);
			const statements = store(part('step'), structure.some, 'value', 'at', payloadOffset);
			return [
				'if (value === undefined || value === null) viewOf(guest).setUint8(at, 0);',
				...block('else', withViews([storeCase('Uint8', 1), ...statements])),
			];
		}
		case 'union': {
			const { payloadOffset } = layoutVariant(structure.cases.map((one) => one.type));
			const access = caseAccess(structure.cases);
			const payload = (payloadType: WitType): Statement[] =>
				store(part(quote('.val')), payloadType, 'val', 'at', payloadOffset);
			return stepping(
				switchTags(type, structure, wanted, (one, index) => [
					...withViews([storeCase(access, index), ...(one.type === undefined ? [] : payload(one.type))]),
					'break;',
				]),
			);
		}
		case 'list':
			return storeList(part('index'), structure.element, wanted);
		default:
			throw new Error(`nothing stores a ${structure.kind}`);
	}
}

function storeList(place: Place, element: WitType, wanted: string): string[] {
	const { size, alignment } = layoutOf(element);
	const at = size === 1 ? 'start + index' : `start + index * ${size}`;
	return stepping([
		`const list = arrayOf(value, ${wanted}, '');`,
		// A proxy may give another length each time.
		'const count = list.length;',
		`const start = takeList(guest, name, count, ${size}, ${alignment}, '');`,
		...block(
			'for (let index = 0; index < count; index++)',
			withViews([
				{ text: 'const item = list[index];', memory: 'grows' },
				{ text: `const place = ${at};` },
				...store(place, element, 'item', 'place', 0),
			]),
		),
		'storeSpan(guest, at, start, count);',
	]);
}

function lowerBody(code: Code, type: WitType, structure: Structure): string[] {
	const wanted = quote(wantedText(type, structure));
	const scope = new Scope([...variables, ...code.surrounding]);
	const giving = (step: string, part: WitType, value: string): string[] => {
		const { before, core } = lower({ code, name: 'name', step, scope }, part, value);
		return [...before.map(({ text }) => text), `return ${core};`];
	};
	switch (structure.kind) {
		case 'flags':
			return lowerFlags(structure.flags, wanted, scope);
		case 'record': {
			const { names, lines } = takeMembers(structure.fields, wanted, scope);
			const bodies = structure.fields.flatMap(({ type, member }, index) =>
				giving(quote(`.${member}`), type, names[index] ?? ''),
			);
			return stepping([...lines, ...bodies]);
		}
		case 'tuple':
			return stepping([
				...takeItems(structure.items, wanted),
				...structure.items.flatMap((item, index) => giving(String(index), item, `item${index}`)),
			]);
		case 'union':
			return stepping(switchTags(type, structure, wanted, (_, index) => [`return ${index};`]));
		default:
			throw new Error(`nothing lowers a ${structure.kind}`);
	}
}

function lowerFlags(flags: readonly Flag[], wanted: string, scope: Scope): string[] {
	const { names, lines } = takeMembers(flags, wanted, scope);
	const bits = flags.map(({ member }, index) => `flagBit(${names[index]}, ${flagText(index)}, ${quote(`.${member}`)})`);
	return stepping([...lines, `return ${bits.join(' | ')};`]);
}

/** Reads the properties of the object that the value is to be, each once. */
function takeMembers(
	members: readonly { readonly member: string }[],
	wanted: string,
	scope: Scope,
): { readonly names: readonly string[]; readonly lines: readonly string[] } {
	const names = members.map(({ member }) => scope.take(variableName(member)));
	const pairs = members.map(({ member }, index) => ({ member, name: names[index] ?? '' }));
	const plain = pairs.filter(({ member }) => !(member in Object.prototype));
	const inherited = pairs.filter(({ member }) => member in Object.prototype);
	const pattern = plain.map(({ member, name }) => (member === name ? member : `${member}: ${name}`)).join(', ');
	const object = `objectOf(value, ${wanted}, '')`;
	if (inherited.length === 0) return { names, lines: [`const { ${pattern} } = ${object};`] };
	return {
		names,
		lines: [
			`const object = ${object};`,
			...(plain.length === 0 ? [] : [`const { ${pattern} } = object;`]),
			...inherited.map(({ member, name }) => `const ${name} = memberOf(object, ${quote(member)});`),
		],
	};
}

function takeItems(items: readonly WitType[], wanted: string): string[] {
	return [
		`const list = itemsOf(value, ${items.length}, ${wanted}, '');`,
		...items.map((_, index) => `const item${index} = list[${index}];`),
	];
}

function switchTags(
	type: WitType,
	structure: Extract<Structure, { readonly kind: 'union' }>,
	wanted: string,
	body: (one: UnionCase, index: number) => string[],
): string[] {
	const pattern = structure.cases.some((one) => one.type !== undefined) ? 'tag, val' : 'tag';
	const cases = structure.cases.flatMap((one, index) => block(`case ${quote(one.tag)}:`, body(one, index)));
	return [
		`const { ${pattern} } = objectOf(value, ${wanted}, '');`,
		...block('switch (tag)', [
			...cases,
			'default:',
			`	throw mismatch(tag, ${quote(`a case of ${withArticle(type)}`)}, '.tag');`,
		]),
	];
}

function storeCase(access: string, index: number): Statement {
	return { text: `view.set${access}(at, ${index}${access.endsWith('8') ? '' : ', true'});`, memory: 'writes' };
}

/** Statements whose errors get the step to the value before their own path. */
function stepping(lines: readonly string[]): string[] {
	return attempt(lines, 'error', ['throw within(error, step);']);
}
