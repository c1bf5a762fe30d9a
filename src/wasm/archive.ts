import { fail } from '../diagnostics/diagnostic.js';

/** A file in a static library. */
export interface ArchiveMember {
	readonly name: string;
	readonly bytes: Uint8Array;
}

const magic = '!<arch>\n';
const thinMagic = '!<thin>\n';
const headerSize = 60;

/** Reads a static library (`.a`, GNU or BSD names); symbol tables are left out. `file` is its name in messages. */
export function readArchive(bytes: Uint8Array, file: string): ArchiveMember[] {
	requireWholeArchive(bytes, file);
	if (latin1(bytes, 0, magic.length) !== magic)
		fail({ code: 'usage/not-archive', message: `"${file}" is not a static library` });

	const members: ArchiveMember[] = [];
	let longNames = '';
	let offset = magic.length;
	while (offset < bytes.length) {
		const { label, content, next } = readEntry(bytes, offset, file);
		offset = next;
		if (label === '//') longNames = latin1(content, 0, content.length);
		else if (!isSymbolTable(label)) members.push(nameMember(label, content, longNames));
	}
	return members;
}

/** Refuses an archive that names its object files instead of holding them: its bytes do not say what is linked. */
export function requireWholeArchive(bytes: Uint8Array, file: string): void {
	if (latin1(bytes, 0, magic.length) !== thinMagic) return;
	fail({
		code: 'usage/not-archive',
		message: `"${file}" is a thin archive, which names its object files instead of holding them`,
		hint: 'make it without "T" (or "--thin")',
	});
}

interface Entry {
	readonly label: string;
	readonly content: Uint8Array;
	readonly next: number;
}

/** Header of an entry: name (16), time (12), owner (6), group (6), mode (8), size (10), end mark (2); then the content, padded to even. */
function readEntry(bytes: Uint8Array, offset: number, file: string): Entry {
	const label = latin1(bytes, offset, 16).trimEnd();
	const size = Number(latin1(bytes, offset + 48, 10));
	const endMark = latin1(bytes, offset + 58, 2);
	const start = offset + headerSize;
	if (endMark !== '`\n' || !Number.isInteger(size) || size < 0 || start + size > bytes.length) {
		fail({ code: 'usage/not-archive', message: `"${file}" is a broken static library (at byte ${offset})` });
	}
	return { label, content: bytes.subarray(start, start + size), next: start + size + (size % 2) };
}

function isSymbolTable(label: string): boolean {
	return label === '/' || label === '/SYM64/' || label.startsWith('__.SYMDEF');
}

function nameMember(label: string, content: Uint8Array, longNames: string): ArchiveMember {
	const bsdLength = /^#1\/(\d+)$/.exec(label)?.[1];
	if (bsdLength !== undefined) {
		const length = Math.min(Number(bsdLength), content.length);
		return { name: utf8(latin1(content, 0, length).replace(/\0+$/, '')), bytes: content.subarray(length) };
	}
	const longOffset = /^\/(\d+)$/.exec(label)?.[1];
	if (longOffset !== undefined) {
		const rest = longNames.slice(Number(longOffset));
		return { name: utf8(rest.slice(0, endOfName(rest))), bytes: content };
	}
	return { name: utf8(label.replace(/\/$/, '')), bytes: content };
}

/** A long name ends at `/` and a line end; members may be in folders, so a `/` alone does not end it. */
function endOfName(text: string): number {
	const end = text.search(/\/?\n/);
	return end < 0 ? text.length : end;
}

/** One character per byte, so that positions stay those of the bytes. */
function latin1(bytes: Uint8Array, start: number, length: number): string {
	return Array.from(bytes.subarray(start, start + length), (byte) => String.fromCharCode(byte)).join('');
}

function utf8(text: string): string {
	return new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
