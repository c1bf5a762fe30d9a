const pieces = /\\u\{([0-9A-Fa-f][0-9A-Fa-f_]*)\}|\\([0-9A-Fa-f]{2})|\\(["'tnr\\])|([^"\\])/uy;

/** Whether a quoted text, quotes and all, is a string as wasm-tools reads it: right escapes, no control characters, UTF-8. */
export function isStringLiteral(text: string): boolean {
	const bytes: number[] = [];
	pieces.lastIndex = 1;
	while (pieces.lastIndex < text.length - 1) {
		const found = pieces.exec(text);
		if (found === null) return false;
		const [, unicode, hex, , plain] = found;
		if (unicode !== undefined && !isScalarValue(unicode)) return false;
		if (plain !== undefined && isControl(plain)) return false;
		// A byte escape may be a part of a character; every other piece ends the one before it, so any ASCII letter will do.
		bytes.push(hex === undefined ? 0x61 : Number.parseInt(hex, 16));
	}
	return isUtf8(Uint8Array.from(bytes));
}

function isScalarValue(digits: string): boolean {
	const value = Number.parseInt(digits.replaceAll('_', ''), 16);
	return !digits.endsWith('_') && value <= 0x10_ffff && !(value >= 0xd800 && value <= 0xdfff);
}

function isControl(character: string): boolean {
	const code = character.charCodeAt(0);
	return code < 0x20 || code === 0x7f;
}

function isUtf8(bytes: Uint8Array): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}
