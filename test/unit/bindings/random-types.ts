import fc from 'fast-check';
import { type Structure, structureOf } from '../../../src/generate/bindings/structure.js';
import type { Primitive, WitType } from '../../../src/wit/type.js';
import { alias, enumOf, flags, list, option, record, result, tuple, variant } from './types.js';

const primitives: readonly Primitive[] = [
	...(['bool', 's8', 's16', 's32', 's64', 'u8', 'u16', 'u32', 'u64', 'f32', 'f64', 'char', 'string'] as const),
];

/** Names that need care: of JavaScript, of generated code, of what all objects inherit, and such as meet in camel case. */
const labels: readonly string[] = [
	...['a', 'b', 'id', 'name', 'value', 'at', 'step', 'view', 'guest', 'tag', 'val', 'error', 'list', 'object', 'bits'],
	...['to-string', 'constructor', 'value-of', 'default', 'await', 'mismatch', 'view-of', 'load-row', 'x1', 'x-one'],
];

/** Names that definitions share, with others and with what generated code has. */
const names: readonly string[] = [
	'row',
	'string',
	'list-of-row',
	'number',
	'heap',
	'uint8-array',
	'host',
	'option-of-u8',
];

const name = fc.constantFrom(...names);
const someLabels = (max: number): fc.Arbitrary<string[]> =>
	fc.uniqueArray(fc.constantFrom(...labels), { minLength: 1, maxLength: max });

/** A type whose parts are of these. */
function compound(part: fc.Arbitrary<WitType>): fc.Arbitrary<WitType> {
	const parts = fc.array(part, { minLength: 1, maxLength: 4 });
	const maybe = fc.option(part, { nil: undefined });
	return fc.oneof(
		part.map(list),
		parts.map((items) => tuple(...items)),
		part.map(option),
		fc.tuple(maybe, maybe).map(([ok, err]) => result(ok, err)),
		fc.tuple(name, someLabels(5), parts).map(([text, members, types]) => {
			return record(text, Object.fromEntries(members.map((one, index) => [one, types[index % types.length] ?? 'u8'])));
		}),
		fc.tuple(name, someLabels(5), fc.array(maybe, { minLength: 1, maxLength: 4 })).map(([text, tags, types]) => {
			return variant(text, Object.fromEntries(tags.map((tag, index) => [tag, types[index % types.length]])));
		}),
		fc.tuple(name, part).map(([text, type]) => alias(text, type)),
	);
}

const leaf: fc.Arbitrary<WitType> = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom(...primitives).map((kind): WitType => ({ kind })) },
	{ weight: 1, arbitrary: fc.tuple(name, someLabels(5)).map(([text, all]) => enumOf(text, ...all)) },
	{
		weight: 1,
		arbitrary: fc.tuple(name, fc.integer({ min: 6, max: 300 })).map(([text, count]) => enumOf(text, ...many(count))),
	},
	{ weight: 1, arbitrary: fc.tuple(name, someLabels(9)).map(([text, all]) => flags(text, ...all)) },
	{
		weight: 1,
		arbitrary: fc.tuple(name, fc.integer({ min: 1, max: 32 })).map(([text, count]) => flags(text, ...many(count))),
	},
	{ weight: 1, arbitrary: fc.constantFrom(...primitives).map((kind) => list(kind)) },
);

function many(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `case${index}`);
}

/** Type trees of up to four levels. */
export const randomType: fc.Arbitrary<WitType> = [1, 2, 3].reduce<fc.Arbitrary<WitType>>(
	(part) => fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 2, arbitrary: compound(part) }),
	leaf,
);

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 40 });

const numbers: Readonly<Record<Exclude<Primitive, 'bool' | 'char' | 'string'>, fc.Arbitrary<number | bigint>>> = {
	s8: fc.integer({ min: -128, max: 127 }),
	s16: fc.integer({ min: -32768, max: 32767 }),
	s32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
	s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
	u8: fc.integer({ min: 0, max: 255 }),
	u16: fc.integer({ min: 0, max: 65535 }),
	u32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
	u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	f32: fc.float(),
	f64: fc.double(),
};

/** Values of a type, as hosts see them. */
export function randomValue(type: WitType): fc.Arbitrary<unknown> {
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'primitive':
			return randomPrimitive(structure.primitive);
		case 'numbers':
			return randomNumbers(structure);
		case 'list':
			return fc.array(randomValue(structure.element), { maxLength: 5 });
		case 'record':
			return fc.record(Object.fromEntries(structure.fields.map(({ member, type }) => [member, randomValue(type)])));
		case 'tuple':
			return fc.tuple(...structure.items.map(randomValue));
		case 'option':
			return fc.option(randomValue(structure.some), { nil: undefined });
		case 'union':
			return fc.oneof(
				...structure.cases.map(({ tag, type }) =>
					type === undefined ? fc.constant({ tag }) : randomValue(type).map((val) => ({ tag, val })),
				),
			);
		case 'enum':
			return fc.constantFrom(...structure.labels.map(({ name }) => name));
		case 'flags':
			return fc.record(Object.fromEntries(structure.flags.map(({ member }) => [member, fc.boolean()])));
		case 'handle':
			throw new Error('no random handles');
	}
}

function randomPrimitive(primitive: Primitive): fc.Arbitrary<unknown> {
	if (primitive === 'bool') return fc.boolean();
	if (primitive === 'string') return wellFormed;
	if (primitive !== 'char') return numbers[primitive];
	return fc.integer({ min: 0, max: 0x10f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));
}

function randomNumbers({ array }: Extract<Structure, { readonly kind: 'numbers' }>): fc.Arbitrary<unknown> {
	const types = globalThis as unknown as Readonly<Record<string, { new (bytes: ArrayBufferLike): unknown }>>;
	const type = types[array] ?? Uint8Array;
	return fc.uint8Array({ maxLength: 5 }).map((counts) => {
		const bytes = new Uint8Array(counts.length * 8).map((_, index) => (counts[index % counts.length] ?? 0) + index);
		return new type(bytes.buffer);
	});
}
