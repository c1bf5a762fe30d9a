import type { DefaultValue } from '../../manifest/manifest.js';
import type { WitType } from '../../wit/type.js';

/** The Python literal of a default value; NaN, which has none, is an expression. */
export function pythonLiteral(type: WitType, value: DefaultValue): string {
	switch (type.kind) {
		case 'option':
			return 'None';
		case 'named':
			return type.definition.kind === 'alias' ? pythonLiteral(type.definition.type, value) : String(value);
		case 'bool':
			return value === true ? 'True' : 'False';
		case 'f32':
		case 'f64':
			return pythonFloat(Number(value));
		case 'char':
		case 'string':
			return pythonString(String(value));
		case 'list':
			return pythonBytes(value as Uint8Array);
		default:
			return String(value);
	}
}

function pythonFloat(value: number): string {
	if (Number.isNaN(value)) {
		return '1e999 - 1e999';
	}
	if (!Number.isFinite(value)) {
		return value > 0 ? '1e999' : '-1e999';
	}
	const digits = Object.is(value, -0) ? '-0' : String(value);
	return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A Python string literal in ASCII, as `ascii()` writes it. */
export function pythonString(text: string): string {
	const escaped = text.replaceAll(/['\\]|[^\x20-\x7E]/gu, (character) => {
		switch (character) {
			case "'":
			case '\\':
				return `\\${character}`;
			case '\n':
				return '\\n';
			case '\t':
				return '\\t';
			case '\r':
				return '\\r';
			default:
				return escapeCode(character.codePointAt(0) ?? 0);
		}
	});
	return `'${escaped}'`;
}

/** A doc string of a stub file: triple quotes, the text as it is where a source file can hold it. */
export function pythonDocString(text: string): string {
	const escaped = text
		.replaceAll('\\', '\\\\')
		.replaceAll('"""', '\\"\\"\\"')
		.replace(/"$/, '\\"')
		.replaceAll(/[\p{Cc}\p{Surrogate}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu, (character) =>
			character === '\n' || character === '\t' ? character : escapeCode(character.codePointAt(0) ?? 0),
		);
	return `"""${escaped}"""`;
}

function pythonBytes(content: Uint8Array): string {
	const escaped = [...content].map((byte) => {
		const character = String.fromCharCode(byte);
		return /['\\]/.test(character) ? `\\${character}` : /[ -~]/.test(character) ? character : hex('x', byte, 2);
	});
	return `b'${escaped.join('')}'`;
}

function escapeCode(code: number): string {
	return code < 0x100 ? hex('x', code, 2) : code < 0x10000 ? hex('u', code, 4) : hex('U', code, 8);
}

function hex(letter: string, code: number, digits: number): string {
	return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}
