import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';
import { nativeMachine } from '../../../src/machine/native.js';
import { clangSuffixes, findLlvm, shortVersion } from '../../../src/toolchain/native-clang.js';

async function makeBin(names: readonly string[]): Promise<string> {
	const bin = await mkdtemp(join(tmpdir(), 'cpybuild-bin-'));
	onTestFinished(() => rm(bin, { recursive: true, force: true }));
	for (const name of names) await script(join(bin, name), 'echo clang version 19.1.7');
	return bin;
}

async function script(path: string, line: string): Promise<void> {
	await writeFile(path, `#!/bin/sh\n${line}\n`);
	await chmod(path, 0o755);
}

test('compilers are tried newest first, the one without a number last', async () => {
	const one = await makeBin(['clang', 'clang-9', 'clang-19', 'clang-format-20', 'clang++-21']);
	const two = await makeBin(['clang-19', 'clang-20']);
	expect(clangSuffixes(`${one}::${two}:/no/such/folder`)).toEqual(['-20', '-19', '-9', '']);
});

test('an LLVM is there when all its programs are', async () => {
	const bin = await makeBin(['clang-19', 'wasm-ld-19', 'llvm-ar-19']);
	const find = () => findLlvm(nativeMachine(bin), '-19', new Memo(join(bin, 'memo.json')));
	expect(await find()).toBeUndefined();
	await script(join(bin, 'llvm-ranlib-19'), '');
	expect(await find()).toEqual({
		version: 'clang version 19.1.7',
		sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
		programs: {
			clang: join(bin, 'clang-19'),
			'wasm-ld': join(bin, 'wasm-ld-19'),
			'llvm-ar': join(bin, 'llvm-ar-19'),
			'llvm-ranlib': join(bin, 'llvm-ranlib-19'),
		},
	});
});

test('the compiler behind a launcher is asked each time, since the launcher stays the same file', async () => {
	const bin = await makeBin(['wasm-ld', 'llvm-ar', 'llvm-ranlib']);
	await script(join(bin, 'launcher'), `read line < ${join(bin, 'version')}; echo "$line"`);
	await symlink(join(bin, 'launcher'), join(bin, 'clang'));
	const memo = new Memo(join(bin, 'memo.json'));
	for (const version of ['clang version 19.1.7', 'clang version 20.1.0']) {
		await writeFile(join(bin, 'version'), `${version}\n`);
		expect((await findLlvm(nativeMachine(bin), '', memo))?.version).toBe(version);
	}
});

test.each([
	['Debian clang version 19.1.7 (3~deb12u1)', 'clang 19.1.7'],
	['clang version 18.1.2-wasi-sdk (https://example.org 26a1d66)', 'clang 18.1.2'],
	['Ubuntu clang version 20.1.0rc1', 'clang 20.1.0rc1'],
])('%s is shown as %s', (version, shown) => {
	expect(shortVersion(version)).toBe(shown);
});
