import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';
import type { Machine } from '../../../src/machine/machine.js';
import { hashTrees } from '../../../src/toolchain/fingerprint.js';
import { compareIdentities, describeChange, isSameIdentity } from '../../../src/toolchain/identity.js';
import { loadedLibraries, loaderOf, parseLoaderList } from '../../../src/toolchain/loaded-libraries.js';
import { ownFiles } from '../../../src/toolchain/machine-files.js';
import { identifyLlvm, type NativeLlvm } from '../../../src/toolchain/native-clang.js';

async function temporaryFolder(): Promise<string> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'cpybuild-identity-')));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, content);
}

/** A memo that remembers the files of a test too, which are otherwise too young. */
const openMemo = (path: string) => new Memo(path, () => Date.now() + 60_000);

/** The first bytes of a 64-bit program that names a loader, or of a static one. */
function elf(loader: string | undefined): Buffer {
	const bytes = Buffer.alloc(512);
	bytes.write('\x7fELF', 0, 'latin1');
	bytes.set([2, 1], 4);
	bytes.writeBigUInt64LE(64n, 32);
	bytes.writeUInt16LE(56, 54);
	bytes.writeUInt16LE(2, 56);
	bytes.writeUInt32LE(6, 64);
	bytes.writeUInt32LE(loader ? 3 : 1, 120);
	bytes.writeBigUInt64LE(256n, 128);
	bytes.writeBigUInt64LE(BigInt((loader?.length ?? 0) + 1), 152);
	bytes.write(loader ?? '', 256);
	return bytes;
}

/** A machine whose loader knows which program loads what, and that counts how often it is asked. */
function fakeMachine(libraries: Readonly<Record<string, readonly string[]>>) {
	const asked: string[] = [];
	const machine: Machine = {
		processors: 1,
		path: '',
		node: '',
		run: async ({ argv }) => {
			asked.push(argv.join(' '));
			const lines = (libraries[argv[2] ?? ''] ?? []).map(
				(path) => `\t${path.split('/').at(-1)} => ${path} (0x00007f66)`,
			);
			const stdout = `${['\tlinux-vdso.so.1 (0x00007ffc)', ...lines].join('\n')}\n`;
			return { exitCode: 0, stdout, output: stdout };
		},
	};
	return { machine, asked };
}

/** An LLVM of which clang and the linker load libraries, the archiver is static, and its indexer a script. */
async function fakeLlvm(folder: string) {
	const file = (path: string) => join(folder, path);
	await write(file('bin/clang'), elf('/lib/ld.so'));
	await write(file('bin/lld'), elf('/lib/ld.so'));
	await symlink('lld', file('bin/wasm-ld'));
	await write(file('bin/llvm-ar'), elf(undefined));
	await write(file('bin/llvm-ranlib'), '#!/bin/sh\n');
	await write(file('headers/stddef.h'), '1\n');
	await write(file('headers/sys/limits.h'), '2\n');
	await write(file('lib/libLLVM.so.19'), 'LLVM');
	await write(file('lib/libz.so.1'), 'z');
	const llvm: NativeLlvm = {
		version: 'clang version 19',
		compiler: file('bin/clang'),
		headers: file('headers'),
		isolation: [],
		programs: {
			clang: file('bin/clang'),
			'wasm-ld': file('bin/wasm-ld'),
			'llvm-ar': file('bin/llvm-ar'),
			'llvm-ranlib': file('bin/llvm-ranlib'),
		},
	};
	const { machine, asked } = fakeMachine({
		[file('bin/clang')]: [file('lib/libLLVM.so.19'), file('lib/libz.so.1')],
		[file('bin/lld')]: [file('lib/libLLVM.so.19')],
	});
	const identify = (memo = openMemo(file('memo.json'))) => identifyLlvm(llvm, ownFiles(machine, memo));
	return { llvm, machine, asked, identify };
}

describe('the identity of an LLVM', () => {
	test('names programs and libraries, and holds no path', async () => {
		const folder = await temporaryFolder();
		const { identify } = await fakeLlvm(folder);
		const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
		const identity = await identify();
		expect(identity).toEqual({
			compiler: 'clang version 19',
			programs: { clang: hash, 'wasm-ld': hash, 'llvm-ar': hash, 'llvm-ranlib': hash },
			libraries: { 'libLLVM.so.19': hash, 'libz.so.1': hash },
			headers: hash,
		});
		const elsewhere = await fakeLlvm(await temporaryFolder());
		expect(await elsewhere.identify()).toEqual(identity);
	});

	test.each([
		['bin/clang', ['programs', 'clang']],
		['bin/lld', ['programs', 'wasm-ld']],
		['bin/llvm-ar', ['programs', 'llvm-ar']],
		['bin/llvm-ranlib', ['programs', 'llvm-ranlib']],
		['lib/libLLVM.so.19', ['libraries', 'libLLVM.so.19']],
		['lib/libz.so.1', ['libraries', 'libz.so.1']],
		['headers/stddef.h', ['headers']],
		['headers/sys/limits.h', ['headers']],
	])('changes with %s and with nothing else', async (path, part) => {
		const folder = await temporaryFolder();
		const { identify } = await fakeLlvm(folder);
		const before = flatten(await identify());
		appendFileSync(join(folder, path), 'x');
		const after = flatten(await identify());
		const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
		expect(changed).toEqual([part.join(' ')]);
	});

	test('changes when a header appears, is renamed, or goes', async () => {
		const folder = await temporaryFolder();
		const { identify } = await fakeLlvm(folder);
		const first = (await identify()).headers;
		await write(join(folder, 'headers/new.h'), '');
		const second = (await identify()).headers;
		await rm(join(folder, 'headers/new.h'));
		await write(join(folder, 'headers/newer.h'), '');
		const third = (await identify()).headers;
		await rm(join(folder, 'headers/newer.h'));
		expect(new Set([first, second, third]).size).toBe(3);
		expect((await identify()).headers).toBe(first);
	});

	test('has the compiler behind a launcher too', async () => {
		const { llvm, machine } = await fakeLlvm(await temporaryFolder());
		const folder = await temporaryFolder();
		await write(join(folder, 'ccache'), '#!/bin/sh\n');
		const launched = { ...llvm, programs: { ...llvm.programs, clang: join(folder, 'ccache') } };
		const memo = openMemo(join(folder, 'memo.json'));
		const { programs, libraries } = await identifyLlvm(launched, ownFiles(machine, memo));
		expect(Object.keys(programs)).toEqual(['clang', 'wasm-ld', 'llvm-ar', 'llvm-ranlib', 'cc1']);
		expect(Object.keys(libraries).sort()).toEqual(['libLLVM.so.19', 'libz.so.1']);
	});

	test('tells two libraries of one name apart', async () => {
		const folder = await temporaryFolder();
		const { llvm } = await fakeLlvm(folder);
		await write(join(folder, 'other/libz.so.1'), 'another z');
		const { machine } = fakeMachine({
			[join(folder, 'bin/clang')]: [join(folder, 'lib/libz.so.1')],
			[join(folder, 'bin/lld')]: [join(folder, 'other/libz.so.1')],
		});
		const { libraries } = await identifyLlvm(llvm, ownFiles(machine, openMemo(join(folder, 'memo.json'))));
		expect(Object.keys(libraries)).toEqual(['libz.so.1', 'libz.so.1 of wasm-ld']);
	});

	test('is asked of the loader once, and again when a library is another file', async () => {
		const folder = await temporaryFolder();
		const { machine, asked } = await fakeLlvm(folder);
		const program = join(folder, 'bin/clang');
		const ask = (memo: Memo) => loadedLibraries(program, machine, memo, 'linux');
		const libraries = [
			{ soname: 'libLLVM.so.19', path: join(folder, 'lib/libLLVM.so.19') },
			{ soname: 'libz.so.1', path: join(folder, 'lib/libz.so.1') },
		];
		expect(await ask(openMemo(join(folder, 'memo.json')))).toEqual(libraries);
		expect(await ask(openMemo(join(folder, 'memo.json')))).toEqual(libraries);
		expect(asked).toEqual([`/lib/ld.so --list ${program}`]);
		await rm(join(folder, 'lib/libz.so.1'));
		await write(join(folder, 'lib/libz.so.1'), 'z that loads others');
		expect(await ask(openMemo(join(folder, 'memo.json')))).toEqual(libraries);
		expect(asked).toHaveLength(2);
	});
});

/** An identity as flat text: `programs clang` → hash. */
function flatten(identity: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(identity).flatMap(([part, value]) =>
			typeof value === 'string'
				? [[part, value]]
				: Object.entries(value).map(([name, hash]) => [`${part} ${name}`, String(hash)]),
		),
	);
}

describe('the hash of a tree', () => {
	test('is one of paths and contents, whatever the place, and follows links', async () => {
		const folder = await temporaryFolder();
		await write(join(folder, 'one/a.h'), 'a');
		await write(join(folder, 'one/sys/b.h'), 'b');
		await mkdir(join(folder, 'two'));
		await symlink('../one/a.h', join(folder, 'two/a.h'));
		await symlink('../one/sys', join(folder, 'two/sys'));
		await symlink('..', join(folder, 'two/around'));
		await symlink('nowhere', join(folder, 'two/dangling'));
		const hash = (...names: string[]) =>
			hashTrees(
				names.map((name) => join(folder, name)),
				openMemo(join(folder, 'memo/memo.json')),
			);
		const one = await hash('one');
		await rm(join(folder, 'two/around'));
		expect(await hash('two')).toBe(one);
		expect(await hash('one', 'missing')).toBe(one);
		expect(await hash('missing', 'one')).not.toBe(one);
		await symlink('.', join(folder, 'two/circle'));
		expect(await hash('two')).toBe(one);
	});
});

describe('what a loader says', () => {
	test('is read from glibc and musl', () => {
		expect(
			parseLoaderList(`	linux-vdso.so.1 (0x00007f6633534000)
	libLLVM.so.19.1 => /lib/x86_64-linux-gnu/libLLVM.so.19.1 (0x00007f6627400000)
	libclang-cpp.so.19.1 => /opt/a b/bin/../lib/libclang-cpp.so.19.1 (0x00007f662f000000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f6633536000)
	libmissing.so.1 => not found
`),
		).toEqual([
			{ soname: 'ld-linux-x86-64.so.2', path: '/lib64/ld-linux-x86-64.so.2' },
			{ soname: 'libLLVM.so.19.1', path: '/lib/x86_64-linux-gnu/libLLVM.so.19.1' },
			{ soname: 'libclang-cpp.so.19.1', path: '/opt/a b/bin/../lib/libclang-cpp.so.19.1' },
		]);
		expect(
			parseLoaderList(`	/lib/ld-musl-x86_64.so.1 (0x7f0de3a51000)
	libz.so.1 => /usr/lib/libz.so.1 (0x7f0de39c6000)
	libc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f0de3a51000)
`).map(({ soname }) => soname),
		).toEqual(['ld-musl-x86_64.so.1', 'libc.musl-x86_64.so.1', 'libz.so.1']);
	});

	test('is asked of the loader that the program names', async () => {
		const folder = await temporaryFolder();
		await write(join(folder, 'dynamic'), elf('/lib64/ld-linux-x86-64.so.2'));
		await write(join(folder, 'static'), elf(undefined));
		await write(join(folder, 'script'), `#!/bin/sh\n${'#'.repeat(100)}\n`);
		await write(join(folder, 'empty'), '');
		const found = ['dynamic', 'static', 'script', 'empty'].map((name) => loaderOf(join(folder, name)));
		expect(found).toEqual(['/lib64/ld-linux-x86-64.so.2', undefined, undefined, undefined]);
	});
});

describe('on macOS', () => {
	const otool: Readonly<Record<string, string>> = {
		'-l': `Load command 14
          cmd LC_RPATH
      cmdsize 48
         path @loader_path/../lib (offset 12)
`,
	};

	test('libraries that are files are found through the folders that the program names, others by their version', async () => {
		const folder = await temporaryFolder();
		const program = join(folder, 'bin/clang');
		await write(program, '');
		await write(join(folder, 'lib/libLLVM.dylib'), 'LLVM');
		const listings: Readonly<Record<string, string>> = {
			[program]: `${program}:
	@rpath/libLLVM.dylib (compatibility version 1.0.0, current version 19.1.7)
	/usr/lib/libSystem.B.dylib (compatibility version 1.0.0, current version 1351.0.0)
`,
			[join(folder, 'lib/libLLVM.dylib')]: `${folder}/lib/libLLVM.dylib:
	@rpath/libLLVM.dylib (compatibility version 1.0.0, current version 19.1.7)
	/no/such/libc++.1.dylib (compatibility version 1.0.0, current version 1900.178.0)
`,
		};
		const machine: Machine = {
			processors: 1,
			path: '',
			node: '',
			run: async ({ argv: [, option = '', path = ''] }) => {
				const stdout = otool[option] ?? listings[path] ?? '';
				return { exitCode: 0, stdout, output: stdout };
			},
		};
		const version = (current: string) => `compatibility version 1.0.0, current version ${current}`;
		expect(await loadedLibraries(program, machine, openMemo(join(folder, 'memo.json')), 'darwin')).toEqual([
			{ soname: 'libLLVM.dylib', path: join(folder, 'lib/libLLVM.dylib') },
			{ soname: 'libSystem.B.dylib', version: version('1351.0.0') },
			{ soname: 'libc++.1.dylib', version: version('1900.178.0') },
		]);
	});
});

describe('two identities', () => {
	const hash = (digit: string) => digit.repeat(64);
	const identity = {
		target: 'wasm32-wasip1',
		compiler: 'clang version 19',
		programs: { clang: hash('1'), 'wasm-ld': hash('2') },
		libraries: { 'libz.so.1': hash('3') },
		headers: hash('4'),
		sysroot: hash('5'),
	};

	test('are the same in whatever order their parts stand', () => {
		const { sysroot, ...rest } = identity;
		expect(isSameIdentity(identity, { sysroot, ...rest, programs: { 'wasm-ld': hash('2'), clang: hash('1') } })).toBe(
			true,
		);
		expect(isSameIdentity(identity, { ...identity, headers: hash('6') })).toBe(false);
	});

	test('differ in parts that have names', () => {
		const { headers: _, ...without } = identity;
		const other = {
			...without,
			compiler: 'clang version 20',
			programs: { clang: hash('6'), 'wasm-ld': hash('2') },
			libraries: { 'libxml2.so.2': hash('7') },
			builtins: hash('8'),
		};
		expect(compareIdentities(identity, other).map(describeChange)).toEqual([
			'compiler: clang version 19 → clang version 20',
			"clang's headers: 444444444444 → none",
			'compiler runtime library: none → 888888888888',
			'program clang: 111111111111 → 666666666666',
			'library libz.so.1: 333333333333 → none',
			'library libxml2.so.2: none → 777777777777',
		]);
	});
});
