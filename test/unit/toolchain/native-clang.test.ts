import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';
import { nativeMachine } from '../../../src/machine/native.js';
import { ownFiles } from '../../../src/toolchain/machine-files.js';
import { clangSuffixes, findLlvm, parseAbout, shortVersion } from '../../../src/toolchain/native-clang.js';

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

/** The files of this machine, whose memo is in a folder. */
const filesWith = (bin: string) => ownFiles(nativeMachine(bin), new Memo(join(bin, 'memo.json')));

test('compilers are tried newest first, the one without a number last', async () => {
	const one = await makeBin(['clang', 'clang-9', 'clang-19', 'clang-format-20', 'clang++-21']);
	const two = await makeBin(['clang-19', 'clang-20']);
	expect(await clangSuffixes(`${one}::${two}:/no/such/folder`, filesWith(one))).toEqual(['-20', '-19', '-9', '']);
});

/** A script that says what `clang -###` says, of a compiler in a folder. */
const sayings = (bin: string, { version = '19.1.7', compiler = join(bin, 'clang-19') } = {}) =>
	`cat <<'END'
clang version ${version}
 "${compiler}" "-cc1" "-triple" "x" "-resource-dir" "${join(bin, '../lib/clang/19')}" "-x" "c"
END`;

test('an LLVM is there when all its programs are', async () => {
	const bin = await makeBin(['wasm-ld-19', 'llvm-ar-19']);
	await script(join(bin, 'clang-19'), sayings(bin));
	const find = () => findLlvm(nativeMachine(bin), '-19', filesWith(bin));
	expect(await find()).toBeUndefined();
	await script(join(bin, 'llvm-ranlib-19'), '');
	// The fake clang needs a program of the system.
	const machine = nativeMachine(`${bin}:/usr/bin:/bin`);
	expect(await findLlvm(machine, '-19', filesWith(bin))).toEqual({
		version: 'clang version 19.1.7',
		compiler: join(bin, 'clang-19'),
		headers: join(bin, '../lib/clang/19/include'),
		isolation: ['--no-default-config'],
		programs: {
			clang: join(bin, 'clang-19'),
			'wasm-ld': join(bin, 'wasm-ld-19'),
			'llvm-ar': join(bin, 'llvm-ar-19'),
			'llvm-ranlib': join(bin, 'llvm-ranlib-19'),
		},
	});
});

test('a clang that knows no option against configuration files is taken without it', async () => {
	const bin = await makeBin(['wasm-ld', 'llvm-ar', 'llvm-ranlib']);
	await script(join(bin, 'clang'), `[ "$1" = --no-default-config ] && exit 1\n${sayings(bin)}`);
	const machine = nativeMachine(`${bin}:/usr/bin:/bin`);
	expect((await findLlvm(machine, '', filesWith(bin)))?.isolation).toEqual([]);
});

test('the compiler behind a launcher is asked each time, since the launcher stays the same file', async () => {
	const bin = await makeBin(['wasm-ld', 'llvm-ar', 'llvm-ranlib']);
	await script(join(bin, 'launcher'), `exec sh ${join(bin, 'real')}`);
	await symlink(join(bin, 'launcher'), join(bin, 'clang'));
	const files = filesWith(bin);
	for (const version of ['19.1.7', '20.1.0']) {
		await script(join(bin, 'real'), sayings(bin, { version, compiler: join(bin, 'real') }));
		const llvm = await findLlvm(nativeMachine(`${bin}:/usr/bin:/bin`), '', files);
		expect(llvm).toMatchObject({ version: `clang version ${version}`, compiler: join(bin, 'real') });
	}
});

test('what clang says is read with quotes and spaces in paths', () => {
	const output = `clang version 18.1.0 (https://example.org 123)
Target: wasm32-unknown-wasi
InstalledDir: /opt/a b/bin
 (in-process)
 "/opt/a b/bin/clang-18" "-cc1" "-D" "X=\\"y\\"" "-resource-dir" "/opt/a \\$b/lib/clang/18" "-x" "c" "/dev/null"
`;
	expect(parseAbout(output)).toEqual({
		version: 'clang version 18.1.0 (https://example.org 123)',
		compiler: '/opt/a b/bin/clang-18',
		resources: '/opt/a $b/lib/clang/18',
	});
	expect(parseAbout('Apple clang version 16\n')).toBeUndefined();
	expect(parseAbout('usage: something else\n')).toBeUndefined();
});

test.each([
	['Debian clang version 19.1.7 (3~deb12u1)', 'clang 19.1.7'],
	['clang version 18.1.2-wasi-sdk (https://example.org 26a1d66)', 'clang 18.1.2'],
	['Ubuntu clang version 20.1.0rc1', 'clang 20.1.0rc1'],
])('%s is shown as %s', (version, shown) => {
	expect(shortVersion(version)).toBe(shown);
});
