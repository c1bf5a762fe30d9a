import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { virtualCall } from '../../../src/toolchain/wasm-clang/arguments.js';
import { SourceReader } from '../../../src/toolchain/wasm-clang/sources.js';

describe('a command line for the wasm clang', () => {
	const args = (tool: string, line: string) => virtualCall(tool, line.split(' '), '/work/build').args.join(' ');

	test.each([
		[
			'-c -I. -I../src/Include -o x.o ../src/a.c',
			'-c -I/host/work/build -I/host/work/src/Include -o /host/work/build/x.o /host/work/src/a.c',
		],
		[
			'-I ../a -isystem b -L../lib -lm x.o',
			'-I /host/work/a -isystem /host/work/build/b -L/host/work/lib -lm /host/work/build/x.o',
		],
		['-D X=../y -UZ -x c - -E', '-D X=../y -UZ -x c - -E'],
		[
			'-Wl,-z,stack-size=8 -O2 --target=wasm32-wasip1 a.c',
			'-Wl,-z,stack-size=8 -O2 --target=wasm32-wasip1 /host/work/build/a.c',
		],
		[
			'-ffile-prefix-map=/work/= -include ../c.h a.c',
			'-ffile-prefix-map=/host/work/= -include /host/work/c.h /host/work/build/a.c',
		],
	])('has the paths of %s below the root', (line, expected) => {
		expect(args('clang', line)).toBe(expected);
	});

	test("leaves the archiver's operation alone", () => {
		expect(args('llvm-ar', 'rcs lib.a ../x.o')).toBe('rcs /host/work/build/lib.a /host/work/x.o');
	});

	test('names what is read and where to look', () => {
		const call = virtualCall(
			'clang',
			['-Iinc', '-I', '../more', '-L.', '-lz', '-include', 'c.h', 'a.c', '-o', 'a.o'],
			'/w/b',
		);
		expect(call).toMatchObject({
			files: ['/w/b/c.h', '/w/b/a.c'],
			includeFolders: ['/w/b/inc', '/w/more'],
			libraryFolders: ['/w/b'],
			libraries: ['z'],
		});
	});
});

describe('the files that a compilation may read', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'cpybuild-sources-'));
	});
	afterEach(() => rm(folder, { recursive: true }));

	const write = async (path: string, text: string) => {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	};
	const collect = (reader: SourceReader, files: string[], folders: string[]) =>
		new Map(
			[
				...reader.collect(
					files.map((path) => join(folder, path)),
					folders.map((path) => join(folder, path)),
				),
			].map(([path, bytes]) => [path.slice(folder.length + 1), Buffer.from(bytes).toString()]),
		);

	test('are the sources and all that they include, whatever the conditions', async () => {
		await write('a.c', '#include "near.h"\n#if 0\n#  include <far.h>\n#endif\n#include <stdio.h>\n');
		await write('near.h', '#include "near.h"\n');
		await write('inc/far.h', '#include_next <far.h>\n');
		await write('next/far.h', 'int far;\n');
		await write('other.h', '');
		expect([...collect(new SourceReader(), ['a.c'], ['inc', 'next']).keys()].sort()).toEqual([
			'a.c',
			'inc/far.h',
			'near.h',
			'next/far.h',
		]);
	});

	test('have whole paths in place of "..", which the wasm clang does not follow', async () => {
		await write('sub/a.c', '#include "../top.h"\n#include "b.h" // not ../b.h\n');
		await write('top.h', 'int top;\n');
		const found = collect(new SourceReader(), ['sub/a.c'], []);
		expect(found.get('sub/a.c')).toBe(`#include "/host${folder}/top.h"\n#include "b.h" // not ../b.h\n`);
		expect(found.get('top.h')).toBe('int top;\n');
	});

	test('are read again when they have changed', async () => {
		await write('a.c', '#include "one.h"\n');
		await write('one.h', '');
		await write('other.h', '');
		const reader = new SourceReader();
		expect([...collect(reader, ['a.c'], []).keys()]).toEqual(['a.c', 'one.h']);
		await write('a.c', '#include "other.h"\n');
		expect([...collect(reader, ['a.c'], []).keys()]).toEqual(['a.c', 'other.h']);
	});
});
