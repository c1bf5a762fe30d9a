import type { Primitive, WitType } from '../wit/type.js';
import { isPrimitive } from '../wit/types.js';
import type { DefaultValue } from './manifest.js';

/** A default value as the manifest gives it. */
export interface WrittenDefault {
	readonly value: unknown;
	/** Its spelling, which keeps what a number loses: digits beyond 2^53, and `1.0` as opposed to `1`. */
	readonly written: string;
}

/** A default value of the right type and range, or what would be right. */
export type ParsedDefault =
	| { readonly ok: true; readonly value: DefaultValue }
	| { readonly ok: false; readonly expected: string };

/** Takes a default value for a parameter of a type. */
export function parseDefault(type: WitType, given: WrittenDefault): ParsedDefault {
	const value = readerOf(type)(given);
	return value === undefined ? { ok: false, expected: expected(type) } : { ok: true, value };
}

function readerOf(type: WitType): Reader {
	if (isPrimitive(type)) return readers[type.kind] ?? integer(type.kind);
	if (type.kind === 'named' && type.definition.kind === 'alias') return readerOf(type.definition.type);
	if (isBytes(type)) return ({ value }) => bytes(value);
	return isOption(type) ? ({ value }) => (value === 'none' || value === null ? null : undefined) : () => undefined;
}

function isOption(type: WitType): boolean {
	return type.kind === 'option';
}

function isBytes(type: WitType): boolean {
	return type.kind === 'list' && type.element.kind === 'u8';
}

type Reader = (given: WrittenDefault) => DefaultValue | undefined;

const readers: Readonly<Partial<Record<Primitive, Reader>>> = {
	bool: ({ value }) => (typeof value === 'boolean' ? value : undefined),
	f32: (given) => float(given, 3.4028234663852886e38),
	f64: (given) => float(given, Number.MAX_VALUE),
	char: ({ value }) => (isUtf8Text(value) && [...value].length === 1 ? value : undefined),
	string: ({ value }) => (isUtf8Text(value) ? value : undefined),
};

function integer(kind: Primitive): Reader {
	const { min, max } = integerRange(kind);
	const exact = kind === 's64' || kind === 'u64';
	return ({ value, written }) => {
		if (typeof value !== 'number' || !/^[-+]?\d+$|^0[xo][0-9a-fA-F]+$/.test(written)) return undefined;
		const digits = written.replace(/^[-+]/, '');
		const number = written.startsWith('-') ? -BigInt(digits) : BigInt(digits);
		if (number < min || number > max) return undefined;
		return exact ? number : Number(number);
	};
}

function integerRange(kind: Primitive): { readonly min: bigint; readonly max: bigint } {
	const bits = BigInt(kind.slice(1));
	if (kind.startsWith('u')) return { min: 0n, max: 2n ** bits - 1n };
	return { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n };
}

/** `.inf` and `.nan` are meant; a number that is only too large for the type is a mistake. */
function float({ value, written }: WrittenDefault, largest: number): number | undefined {
	if (typeof value !== 'number') return undefined;
	if (/inf|nan/i.test(written)) return value;
	return Math.abs(value) <= largest ? value : undefined;
}

function bytes(value: unknown): Uint8Array | undefined {
	if (isUtf8Text(value)) return new TextEncoder().encode(value);
	if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255))
		return undefined;
	return Uint8Array.from(value);
}

/** Text that UTF-8 can carry: without lone surrogates, which YAML's escapes can spell. */
export function isUtf8Text(value: unknown): value is string {
	return typeof value === 'string' && !/\p{Surrogate}/u.test(value);
}

function expected(type: WitType): string {
	if (!isPrimitive(type)) {
		if (type.kind === 'named' && type.definition.kind === 'alias') return expected(type.definition.type);
		if (isBytes(type)) return 'a text or a list of numbers from 0 to 255';
		return isOption(type) ? 'none' : 'a default to a parameter of a simple type instead';
	}
	switch (type.kind) {
		case 'bool':
			return 'true or false';
		case 'f32':
		case 'f64':
			return `a number in the range of ${type.kind}`;
		case 'char':
			return 'a text of one character';
		case 'string':
			return 'a text';
		default: {
			const { min, max } = integerRange(type.kind);
			return `a whole number from ${min} to ${max}`;
		}
	}
}
