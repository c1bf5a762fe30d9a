import type { DefaultValue } from '../../manifest/manifest.js';
import type { WitType } from '../../wit/type.js';

/** Characters that are escaped: controls, and the invisible ones that reorder text, which compilers warn of. */
const invisible = '\\p{Cc}\\u061C\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2069\\uFEFF';
const escapedInString = new RegExp(`["\\\\${invisible}]|(?<=\\?)\\?`, 'gu');
const replacedInComment = new RegExp(`[${invisible}]`, 'gu');

/** A C string literal of a text's UTF-8. Characters that compilers complain about are escaped. */
export function cString(text: string): string {
	const escaped = replaceLoneSurrogates(text).replaceAll(escapedInString, (character) => {
		switch (character) {
			case '\n':
				return '\\n';
			case '"':
			case '\\':
			case '?':
				return `\\${character}`;
			default:
				return octal(Buffer.from(character, 'utf8'));
		}
	});
	return `"${escaped}"`;
}

/** A text as adjacent C string literals, one per line of the text. */
export function cLines(text: string): string {
	return (
		text
			.split(/(?<=\n)/)
			.map(cString)
			.join('\n') || '""'
	);
}

/**
 * A string literal for an attribute of an import: clang does not evaluate those, so that escapes by number are not
 * allowed there.
 */
export function cAttributeString(text: string): string {
	return `"${replaceLoneSurrogates(text)
		.replaceAll(/["\\]|(?<=\?)\?/g, '\\$&')
		.replaceAll('\n', '\\n')}"`;
}

/** The text of a doc string: what a C string cannot hold is replaced. */
export function withoutNul(text: string): string {
	return text.replaceAll('\0', '\uFFFD');
}

/** A text that may stand inside a block comment, on one line. */
export function cCommentText(text: string): string {
	return text
		.replaceAll(/\s+/g, ' ')
		.trim()
		.replaceAll('*/', '* /')
		.replaceAll('/*', '/ *')
		.replaceAll(replacedInComment, '\uFFFD');
}

/** A block comment of a text, broken at spaces to lines of at most 79 columns where it has spaces. */
export function cComment(text: string): string {
	const lines = cCommentText(text).match(/.{1,73}(?= |$)|[^ ]+/gu) ?? [];
	return `/* ${lines.map((line) => line.trim()).join('\n   ')} */`;
}

/** The C expression of a default value. */
export function cDefault(type: WitType, value: DefaultValue): string {
	switch (type.kind) {
		case 'bool':
			return value === true ? 'true' : 'false';
		case 's64':
			return cInt64(BigInt(value as number | bigint));
		case 'u64':
			return `UINT64_C(${value})`;
		case 'f32':
			return cReal(Number(value), 'f');
		case 'f64':
			return cReal(Number(value), '');
		case 'char':
			return `0x${(String(value).codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
		case 'string':
			return `(cpybuild_string){${cString(String(value))}, ${Buffer.byteLength(String(value), 'utf8')}}`;
		case 'list': {
			const content = value as Uint8Array;
			return `(cpybuild_bytes){(const uint8_t *)"${octal(content)}", ${content.length}}`;
		}
		case 's32':
			return Number(value) === -(2 ** 31) ? 'INT32_MIN' : String(value);
		case 'u32':
			return `UINT32_C(${value})`;
		default:
			return String(value);
	}
}

/** The smallest value has no literal: its digits alone are out of range. */
function cInt64(value: bigint): string {
	return value === -(2n ** 63n) ? 'INT64_MIN' : `INT64_C(${value})`;
}

function cReal(value: number, suffix: string): string {
	if (Number.isNaN(value)) {
		return 'NAN';
	}
	if (!Number.isFinite(value)) {
		return value > 0 ? 'INFINITY' : '-INFINITY';
	}
	const digits = Object.is(value, -0) ? '-0' : String(value);
	return `${/[.e]/.test(digits) ? digits : `${digits}.0`}${suffix}`;
}

function octal(content: Uint8Array): string {
	return [...content].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function replaceLoneSurrogates(text: string): string {
	return text.replaceAll(/[\ud800-\udfff]/gu, '\uFFFD');
}
