import { mkdirSync, renameSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { presumeWhileFinding } from '../../../src/toolchain/presumed.js';
import type { Toolchain } from '../../../src/toolchain/toolchain.js';

const identity = {
	target: 'wasm32-wasip1',
	compiler: 'clang version 19.1.7',
	programs: {},
	libraries: {},
	sysroot: '1',
};
const place = { cwd: '/', reads: [], writes: [] };

/** A toolchain that tells which of its tools ran, and whose tools say what they are called with. */
function fakeToolchain(clang: string, ran: string[], exitCode = 0): Toolchain {
	return {
		name: 'recorded',
		identity,
		argv: { clang: [clang], 'wasm-ld': ['wasm-ld'], 'llvm-ar': ['ar'], 'llvm-ranlib': ['ranlib'] },
		libraries: '/lib',
		start: '/lib/crt1.o',
		builtins: '/builtins.a',
		run: async (tool, args, _place, options) => {
			ran.push(`${clang} ${tool} ${args.join(' ')}`);
			options?.onLine?.(`warning of ${clang}`);
			return { exitCode, output: '', stdout: '' };
		},
		openForMake: async () => ({ FROM: clang }),
		close: async () => void ran.push(`${clang} closed`),
	};
}

async function makeFolder(): Promise<string> {
	const folder = join(await mkdtemp(join(tmpdir(), 'cpybuild-presumed-')), 'sysroot');
	mkdirSync(folder);
	return folder;
}

describe('a presumed toolchain', () => {
	test('runs before the recorded one is found, and once when it is the same', async () => {
		const ran: string[] = [];
		const toolchain = presumeWhileFinding(
			{ toolchain: fakeToolchain('clang', ran), folders: [await makeFolder()] },
			async () => {
				ran.push('found');
				return fakeToolchain('clang', ran);
			},
		);
		const lines: string[] = [];
		const onLine = (line: string) => void lines.push(line);
		expect(await toolchain.run('clang', ['a.c'], place, { onLine })).toMatchObject({ exitCode: 0 });
		expect(await toolchain.run('wasm-ld', ['a.o'], place, { onLine })).toMatchObject({ exitCode: 0 });
		expect(ran).toEqual(['clang clang a.c', 'found', 'clang wasm-ld a.o']);
		expect(lines).toEqual(['warning of clang', 'warning of clang']);
	});

	test('gives way to the one that is found, whose tools run again and whose lines alone are told', async () => {
		const ran: string[] = [];
		const presumption = { toolchain: fakeToolchain('old', ran, 1), folders: [] };
		const toolchain = presumeWhileFinding(presumption, async () => fakeToolchain('new', ran));
		const lines: string[] = [];
		const options = { onLine: (line: string) => void lines.push(line) };
		expect(await toolchain.run('clang', ['a.c'], place, options)).toMatchObject({ exitCode: 0 });
		expect(ran).toEqual(['old clang a.c', 'new clang a.c']);
		expect(lines).toEqual(['warning of new']);
		expect(toolchain.argv.clang).toEqual(['new']);
		await toolchain.close();
		expect(ran.at(-1)).toBe('new closed');
	});

	test('runs again when one of its folders was replaced because it was damaged', async () => {
		const ran: string[] = [];
		const folder = await makeFolder();
		const toolchain = presumeWhileFinding({ toolchain: fakeToolchain('clang', ran), folders: [folder] }, async () => {
			renameSync(folder, `${folder}-damaged`);
			mkdirSync(folder);
			return fakeToolchain('clang', ran);
		});
		await toolchain.run('clang', ['a.c'], place);
		expect(ran).toEqual(['clang clang a.c', 'clang clang a.c']);
	});

	test('fails with the reason for which the recorded one was not found, whatever its tools did', async () => {
		const presumption = { toolchain: fakeToolchain('clang', []), folders: [] };
		const toolchain = presumeWhileFinding(presumption, () => Promise.reject(new Error('not the recorded one')));
		await expect(toolchain.run('clang', ['a.c'], place)).rejects.toThrow(new Error('not the recorded one'));
	});

	test('is not what make is told: the recorded one is found first', async () => {
		const presumption = { toolchain: fakeToolchain('old', []), folders: [] };
		const toolchain = presumeWhileFinding(presumption, async () => fakeToolchain('new', []));
		expect(await toolchain.openForMake()).toEqual({ FROM: 'new' });
		expect(toolchain.argv.clang).toEqual(['new']);
	});
});
