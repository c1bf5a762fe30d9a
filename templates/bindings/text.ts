import { describe, RAISES, raiseInPython, reject, rejectSize } from './errors.js';
import { allocate, fault, type Guest, locate, storePair } from './guest.js';

/** Reads the guest's text; a byte order mark is a character like any other. */
export const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes text for the guest. */
export const encoder = new TextEncoder();

/** A string that the guest passes: bytes of UTF-8. */
export function liftString(guest: Guest, pointer: number, length: number, name: string): string {
	const size = length >>> 0;
	const start = locate(guest, pointer, size, name);
	const short = liftAscii(guest, start, size);
	if (short !== undefined) return short;
	try {
		return decoder.decode(guest.bytes.subarray(start, start + size));
	} catch {
		throw fault(name, `a string of ${size} bytes that is not UTF-8`);
	}
}

/**
 * Short ASCII text, for which this takes a fraction of the decoder's time; undefined when it is something else. The string is
 * made by one call: one of several parts would be put together only when it is read, which costs more.
 */
export function liftAscii(guest: Guest, start: number, size: number): string | undefined {
	const { bytes } = guest;
	const codes = guest.codes[size];
	if (codes === undefined) return undefined;
	let all = 0;
	for (let at = 0; at < size; at++) {
		const code = bytes[start + at] ?? 0;
		all |= code;
		codes[at] = code;
	}
	return all < 0x80 ? String.fromCharCode(...codes) : undefined;
}

/** A char that the guest passes: a Unicode scalar value. */
export function liftChar(code: number, name: string): string {
	if (code >>> 0 > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
		throw fault(name, `${code >>> 0} as a char, which is no Unicode scalar value`);
	}
	return String.fromCodePoint(code);
}

/** A string result: text in a buffer of the guest, its place in the return area. */
export function lowerString(guest: Guest, name: string, value: unknown, area: number): void {
	if (typeof value !== 'string') reject(guest, name, value, 'a string');
	else if (!isWellFormed(value)) rejectSurrogate(guest, name, value);
	else {
		const { pointer, length } = writeText(guest, value, name);
		if (pointer === 0) rejectSize(guest, name, `${value.length} characters`);
		else storePair(guest, area, pointer, length, name);
	}
}

/** A char result. */
export function lowerChar(guest: Guest, name: string, value: unknown): number {
	if (typeof value !== 'string') reject(guest, name, value, 'a char (string)');
	else {
		const code = value.codePointAt(0) ?? 0;
		if (value.length !== (code > 0xffff ? 2 : 1)) {
			const message = `${name}: the host returned ${describe(value)}, not one character`;
			raiseInPython(guest, RAISES.ValueError, message, name);
		} else if (code >= 0xd800 && code <= 0xdfff) rejectSurrogate(guest, name, value);
		else return code;
	}
	return 0;
}

/** Makes the call raise because of text that UTF-8 cannot carry. */
export function rejectSurrogate(guest: Guest, name: string, value: string): void {
	const message = `${name}: the host returned ${describe(value)}, which has a lone surrogate`;
	raiseInPython(guest, RAISES.ValueError, message, name);
}

/** Tells whether a text has no lone surrogate. */
export function isWellFormed(text: string & { readonly isWellFormed?: () => boolean }): boolean {
	// With the flag `u`, a pair is one code point, so only lone surrogates match.
	return typeof text.isWellFormed === 'function' ? text.isWellFormed() : !/\p{Surrogate}/u.test(text);
}

/** Writes text into a new buffer of the guest, which the guest frees; its address is 0 when memory is full. */
export function writeText(guest: Guest, text: string, name: string): { pointer: number; length: number } {
	const size = text.length;
	const pointer = allocate(guest, size, name);
	if (pointer === 0) return { pointer, length: 0 };
	if (size <= 32 && lowerAscii(guest.bytes, pointer, text)) return { pointer, length: size };
	const { read, written } = encoder.encodeInto(text, guest.bytes.subarray(pointer, pointer + size));
	if (read === size) return { pointer, length: written };
	// Not ASCII: a UTF-16 unit takes three bytes at most.
	const room = written + (size - read) * 3;
	const moved = allocate(guest, room, name, pointer, size);
	if (moved === 0) {
		guest.realloc(pointer, size, 1, 0);
		return { pointer: 0, length: 0 };
	}
	const rest = encoder.encodeInto(text.slice(read), guest.bytes.subarray(moved + written, moved + room));
	return { pointer: moved, length: written + rest.written };
}

/** Writes short ASCII text, for which this takes less time than the encoder; false when it is not ASCII. */
export function lowerAscii(bytes: Uint8Array, start: number, text: string): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code >= 0x80) return false;
		bytes[start + at] = code;
	}
	return true;
}
