import { expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { readArchive } from '../../../src/wasm/archive.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const entry = (label: string, content: string): string => {
	const size = String(encode(content).length);
	const header = `${label.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${size.padEnd(10)}\`\n`;
	return `${header}${content}${encode(content).length % 2 ? '\n' : ''}`;
};

const read = (text: string): unknown => {
	try {
		return readArchive(encode(text), 'lib.a').map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]);
	} catch (error) {
		if (error instanceof CpybuildError) return error.diagnostics.map((one) => `${one.code}: ${one.message}`);
		throw error;
	}
};

test('members have their names and bytes, and symbol tables are left out', () => {
	expect(read(`!<arch>\n${entry('/', 'symbols')}${entry('one.o/', 'odd')}${entry('two.o/', 'even')}`)).toEqual([
		['one.o', 'odd'],
		['two.o', 'even'],
	]);
});

test('long names are found in their table', () => {
	const names = 'a_name_of_many_letters.o/\nfolder/another_long_näme.o/\n';
	const second = encode('a_name_of_many_letters.o/\n').length;
	expect(read(`!<arch>\n${entry('//', names)}${entry('/0', 'first')}${entry(`/${second}`, 'second')}`)).toEqual([
		['a_name_of_many_letters.o', 'first'],
		['folder/another_long_näme.o', 'second'],
	]);
});

test('names in front of the content are understood', () => {
	expect(read(`!<arch>\n${entry('__.SYMDEF SORTED', 'symbols')}${entry('#1/12', 'long_name.o\0content')}`)).toEqual([
		['long_name.o', 'content'],
	]);
});

test('an empty archive has no members', () => {
	expect(read('!<arch>\n')).toEqual([]);
});

test.each([
	['another file', 'int main;', 'usage/not-archive: "lib.a" is not a static library'],
	[
		'a thin archive',
		'!<thin>\n',
		'usage/not-archive: "lib.a" is a thin archive, which names its object files instead of holding them',
	],
	[
		'an archive that is cut',
		`!<arch>\n${entry('one.o/', 'content')}`.slice(0, -4),
		'usage/not-archive: "lib.a" is a broken static library (at byte 8)',
	],
	[
		'a header that is cut',
		`!<arch>\n${entry('one.o/', 'even')}two.o/`,
		'usage/not-archive: "lib.a" is a broken static library (at byte 72)',
	],
])('%s is refused', (_, text, message) => {
	expect(read(text)).toEqual([message]);
});
