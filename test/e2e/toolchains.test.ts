import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import { renderPretty } from '../../src/diagnostics/render.js';
import { nativeMachine } from '../../src/machine/native.js';
import { resolveToolchain } from '../../src/toolchain/resolve.js';
import { makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { makeProject } from '../helpers/project.js';
import { WITHOUT_FETCHING } from '../helpers/resolving.js';
import { embeddedSysroot, LLVM, makeSdk, writeScript } from '../helpers/wasi-sdk.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32, b: s32) -> s32" }
`;

/** The sysroot of the embedded toolchain, unpacked in the store. */
let sysroot: string;

beforeAll(async () => {
	sysroot = await embeddedSysroot();
});

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** Looks for a toolchain as a build does, with a store of its own. */
async function resolving(
	choice: Parameters<typeof resolveToolchain>[0],
	options: { path?: string; sdk?: string; root?: string; compiler?: 'auto' | 'native' | 'wasm' } = {},
) {
	const folder = await temporaryFolder();
	const cache = await makeCache(folder, ['sysroot']);
	const warnings: string[] = [];
	const path = options.path ?? process.env.PATH ?? '';
	const toolchain = await resolveToolchain(
		choice,
		{
			machine: nativeMachine(path),
			store: await openStore(cache),
			memo: new Memo(join(cache, 'memo.json')),
			compiler: options.compiler ?? 'auto',
			environment: { WASI_SDK_PATH: options.sdk },
			...WITHOUT_FETCHING,
			warn: (warning) => warnings.push(renderPretty([warning])),
		},
		options.root ?? join(folder, 'root'),
	);
	await toolchain.close();
	return { toolchain, warnings };
}

describe('a WASI-SDK', () => {
	test.each(['wasm32-wasip1', 'wasm32-wasi'])('is found through WASI_SDK_PATH (%s)', async (target) => {
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot, target });
		for (const choice of ['wasi-sdk', 'auto'] as const) {
			const { toolchain, warnings } = await resolving(choice, { sdk });
			expect(toolchain.name).toMatch(/^WASI-SDK 24\.0, .*clang 19\./);
			expect(toolchain.libraries).toBe(join(sdk, 'share/wasi-sysroot/lib', target));
			expect(warnings).toEqual([]);
		}
	});

	test('is the same toolchain wherever it lies', async () => {
		const folder = await temporaryFolder();
		const project = await makeProject({ 'project.yaml': MANIFEST });
		const keys = async (name: string) => {
			const WASI_SDK_PATH = await makeSdk(join(folder, name), { sysroot });
			const args = ['plan', '--json', '--toolchain', 'wasi-sdk'];
			const { stdout } = await cpybuild(args, { cwd: project.folder, env: { WASI_SDK_PATH } });
			return JSON.parse(stdout).steps.map(({ id, key }: { id: string; key: string }) => `${id} ${key}`);
		};
		const first = await keys('first');
		expect(first).toHaveLength(8);
		expect(await keys('second/place')).toEqual(first);
		const { toolchain } = await resolving('wasi-sdk', { sdk: join(folder, 'first') });
		expect(JSON.stringify(toolchain.identity)).not.toContain(folder);
		expect(toolchain.name).not.toContain(folder);
	});

	test('below /opt is found without a variable, the newest first', async () => {
		const root = await temporaryFolder();
		for (const name of ['wasi-sdk-9', 'wasi-sdk-24', 'wasi-sdk-21.0'])
			await makeSdk(join(root, 'opt', name), { sysroot });
		const { toolchain } = await resolving('wasi-sdk', { root });
		expect(toolchain.libraries).toBe(join(root, 'opt/wasi-sdk-24/share/wasi-sysroot/lib/wasm32-wasip1'));
	});

	test('without a C library is refused with the file that it lacks', async () => {
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot });
		await rm(join(sdk, 'share/wasi-sysroot/lib'), { recursive: true });
		const project = await makeProject({ 'project.yaml': MANIFEST });
		const env = { WASI_SDK_PATH: sdk };
		const { code, stderr } = await cpybuild(['plan', '--toolchain', 'wasi-sdk'], { cwd: project.folder, env });
		expect(code).toBe(3);
		expect(stderr.replaceAll(sdk, '<sdk>')).toBe(`error[toolchain/not-found]: the toolchain "wasi-sdk" was not found
    wasi-sdk: <sdk>/share/wasi-sysroot/lib/wasm32-wasip1/libc.a does not exist
   = hint: wasi-sdk: let cpybuild fetch one (--toolchain wasi-sdk, without WASI_SDK_PATH), or set WASI_SDK_PATH to the folder of one`);
	});

	test('that does not work is told when another toolchain takes its place', async () => {
		const sdk = join(await temporaryFolder(), 'sdk');
		const { toolchain, warnings } = await resolving('auto', { sdk });
		expect(toolchain.name).toMatch(/^embedded sysroot, clang 19\./);
		expect(warnings.map((text) => text.replaceAll(sdk, '<sdk>'))).toEqual([
			`warning[toolchain/not-found]: WASI_SDK_PATH names "<sdk>", which is no WASI-SDK that works; another toolchain is taken
    wasi-sdk: <sdk>/share/wasi-sysroot/lib/wasm32-wasip1/libc.a does not exist
   = hint: correct WASI_SDK_PATH, or unset it
`,
		]);
	});
});

describe("Debian's toolchain", () => {
	test('is clang of the search path with the wasi-libc below /usr', async () => {
		const root = await temporaryFolder();
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot });
		for (const folder of ['include', 'lib']) {
			await mkdir(join(root, 'usr', folder), { recursive: true });
			await symlink(join(sysroot, folder, 'wasm32-wasip1'), join(root, 'usr', folder, 'wasm32-wasi'));
		}
		const { toolchain } = await resolving('debian', { root, path: `${sdk}/bin` });
		expect(toolchain.name).toMatch(/^Debian's wasi-libc, .*clang 19\./);
		expect(toolchain.argv.clang).toEqual([
			join(sdk, 'bin/clang'),
			'--no-default-config',
			'--target=wasm32-wasi',
			`--sysroot=${root}/usr`,
			'-nostdlibinc',
			'-idirafter',
			`${root}/usr/include/wasm32-wasi`,
			`-ffile-prefix-map=${root}/usr/=/sysroot/`,
			`-ffile-prefix-map=${sdk}/bin/../lib/clang/19/include/=/clang/include/`,
		]);
	});

	test('does not show clang the headers of the machine', async () => {
		const root = await temporaryFolder();
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot });
		for (const folder of ['include', 'lib']) {
			await mkdir(join(root, 'usr', folder), { recursive: true });
			await symlink(join(sysroot, folder, 'wasm32-wasip1'), join(root, 'usr', folder, 'wasm32-wasi'));
		}
		await writeFile(join(root, 'usr/include/zlib.h'), '');
		const { toolchain } = await resolving('debian', { root, path: `${sdk}/bin` });
		await writeFile(join(root, 'a.c'), '#include <stdint.h>\n#include <stddef.h>\n#include <zlib.h>\nint32_t a;\n');
		const { exitCode, output } = await toolchain.run('clang', ['-c', 'a.c', '-o', 'a.o'], { cwd: root });
		expect(exitCode).toBe(1);
		expect(output.split('\n')[0]).toBe("a.c:3:10: fatal error: 'zlib.h' file not found");
	});

	test('without wasi-libc is not there', async () => {
		const root = await temporaryFolder();
		await expect(resolving('debian', { root })).rejects.toMatchObject({
			diagnostics: [
				{
					code: 'toolchain/not-found',
					message: 'the toolchain "debian" was not found',
					hint: 'debian: apt-get install clang lld llvm libclang-rt-dev-wasm32 wasi-libc (Debian 13 or newer; older ones have a wasi-libc that CPython 3.13 refuses)',
					details: [`debian: ${root}/usr/lib/wasm32-wasip1/libc.a does not exist`],
				},
			],
		});
	});
});

describe('the embedded toolchain', () => {
	const slow =
		'warning[toolchain/slow-compiler]: no clang of this machine works with the embedded sysroot, so clang runs as WebAssembly, some five times slower\n   = hint: install clang and lld 19 or newer for native speed\n';
	const fakes: readonly (readonly [string, (bin: string) => Promise<void>])[] = [
		['there is none', async () => {}],
		[
			'it has no linker',
			async (bin) => {
				await symlink(join(LLVM, 'clang'), join(bin, 'clang'));
			},
		],
		[
			'it knows no wasm',
			async (bin) => {
				for (const tool of ['wasm-ld', 'llvm-ar', 'llvm-ranlib']) await symlink(join(LLVM, tool), join(bin, tool));
				await writeScript(
					join(bin, 'clang'),
					`case "$2" in
-###)
	echo 'clang version 14.0.0' >&2
	echo ' "${bin}/clang" "-cc1" "-resource-dir" "/usr/lib/llvm-19/lib/clang/19" "-x" "c"' >&2
	exit 0 ;;
esac
echo "error: unable to create target: 'No available targets are compatible with triple'" >&2
exit 1`,
				);
			},
		],
	];

	test.each(fakes)('takes the wasm compiler, with a warning, when of clang %s', async (_, arrange) => {
		const bin = await temporaryFolder();
		await arrange(bin);
		const path = `${bin}:/bin-of-nothing`;
		const { toolchain, warnings } = await resolving('embedded', { path });
		expect(toolchain.name).toMatch(/^embedded sysroot, clang [\d.]+ as WebAssembly$/);
		expect(warnings).toEqual([slow]);
	});

	test('prefers the newest clang that works', async () => {
		const bin = await temporaryFolder();
		for (const tool of ['clang', 'wasm-ld', 'llvm-ar', 'llvm-ranlib'])
			await symlink(join(LLVM, tool), join(bin, `${tool}-19`));
		for (const tool of ['wasm-ld', 'llvm-ar', 'llvm-ranlib']) await symlink(join(LLVM, tool), join(bin, `${tool}-21`));
		await writeScript(join(bin, 'clang-21'), 'echo "clang version 21.0.0"; exit 1');
		const { toolchain, warnings } = await resolving('embedded', { path: `${bin}:/bin` });
		expect(toolchain.argv.clang[0]).toBe(join(bin, 'clang-19'));
		expect(warnings).toEqual([]);
	});

	test('starts no program when it is looked for again', async () => {
		const cache = await makeCache(await temporaryFolder(), ['sysroot']);
		const machine = nativeMachine(process.env.PATH ?? '');
		const started: string[] = [];
		const look = async () => {
			const store = await openStore(cache);
			const toolchain = await resolveToolchain('embedded', {
				machine: {
					...machine,
					run: (command, options) => {
						started.push(command.argv.join(' '));
						return machine.run(command, options);
					},
				},
				store,
				// Files that are as young as those of this test would not be remembered.
				memo: new Memo(join(cache, 'memo.json'), () => Date.now() + 60_000),
				compiler: 'native',
				environment: {},
				...WITHOUT_FETCHING,
				warn: () => {},
			});
			await store.close();
			return toolchain.identity;
		};
		const first = await look();
		expect(started).not.toEqual([]);
		started.length = 0;
		expect(await look()).toEqual(first);
		expect(started).toEqual([]);
	});

	test('without a clang of the machine is not there when only that is wanted', async () => {
		await expect(resolving('embedded', { path: '/bin-of-nothing', compiler: 'native' })).rejects.toMatchObject({
			diagnostics: [{ code: 'toolchain/not-found', message: 'the toolchain "embedded" was not found' }],
		});
	});
});

describe('the identity of an installed toolchain', () => {
	/** Makes another archive of a link to one. */
	const addMember = async (path: string) => {
		const content = readFileSync(path);
		await rm(path);
		await writeFile(path, content);
		execFileSync(join(LLVM, 'llvm-ar'), ['q', path, join(LLVM, '../lib/clang/19/include/stddef.h')]);
	};

	test.each([
		['share/wasi-sysroot/include/wasm32-wasip1/stdio.h', '\n', 'sysroot'],
		['share/wasi-sysroot/include/wasm32-wasip1/new.h', '', 'sysroot'],
		['share/wasi-sysroot/lib/wasm32-wasip1/libm.a', undefined, 'sysroot'],
		['lib/clang/19/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a', '', 'builtins'],
		['lib/clang/19/include/stddef.h', '\n', 'headers'],
		['bin/clang', '\n# another launcher', 'programs'],
	])('changes with %s', async (path, added, part) => {
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot });
		for (const link of [
			'share/wasi-sysroot/include/wasm32-wasip1',
			'share/wasi-sysroot/lib/wasm32-wasip1',
			'lib/clang/19/include',
		]) {
			const target = realpathSync(join(sdk, link));
			await rm(join(sdk, link));
			await cp(target, join(sdk, link), { recursive: true });
		}
		const identify = async () => (await resolving('wasi-sdk', { sdk })).toolchain.identity;
		const before = await identify();
		const file = join(sdk, path);
		if (added === undefined) await rm(file);
		else if (!existsSync(file)) await writeFile(file, added);
		else if (part === 'builtins') await addMember(file);
		else appendFileSync(file, added);
		const after = await identify();
		const changed = Object.keys(before).filter(
			(one) => !isDeepStrictEqual(before[one as 'target'], after[one as 'target']),
		);
		expect(changed).toEqual([part]);
	});

	test('has the compiler that a script starts, and the libraries that it loads', async () => {
		const sdk = await makeSdk(join(await temporaryFolder(), 'sdk'), { sysroot });
		const { identity } = (await resolving('wasi-sdk', { sdk })).toolchain;
		expect(Object.keys(identity.programs).sort()).toEqual(['cc1', 'clang', 'llvm-ar', 'llvm-ranlib', 'wasm-ld']);
		expect(
			Object.keys(identity.libraries)
				.filter((name) => /LLVM|clang-cpp/.test(name))
				.sort(),
		).toEqual(['libLLVM.so.19.1', 'libclang-cpp.so.19.1']);
	});
});

test('with no toolchain at all the message says how to get each', async () => {
	const root = await temporaryFolder();
	await expect(resolving('auto', { root, path: '/bin-of-nothing', compiler: 'native' })).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/not-found',
				message: 'no toolchain for WASI was found',
				hint: [
					'embedded: npm install @yowasp/clang (an optional dependency of cpybuild); with --compiler native also clang and lld 19 or newer',
					'wasi-sdk: let cpybuild fetch one (--toolchain wasi-sdk, without WASI_SDK_PATH), or set WASI_SDK_PATH to the folder of one',
					'debian: apt-get install clang lld llvm libclang-rt-dev-wasm32 wasi-libc (Debian 13 or newer; older ones have a wasi-libc that CPython 3.13 refuses)',
				].join('; '),
			},
		],
	});
});

test('without make the first build names it', async () => {
	const bin = await temporaryFolder();
	const tools = [
		'sh',
		'clang-19',
		'wasm-ld-19',
		'llvm-ar-19',
		'llvm-ranlib-19',
		'sed',
		'grep',
		'awk',
		'cat',
		'rm',
		'mkdir',
	];
	const more = [
		'expr',
		'uname',
		'hostname',
		'tr',
		'cp',
		'mv',
		'ls',
		'sort',
		'chmod',
		'basename',
		'dirname',
		'date',
		'ln',
		'rmdir',
		'install',
		'cmp',
		'diff',
		'touch',
		'test',
		'echo',
		'env',
		'od',
		'head',
		'wc',
		'sleep',
		'id',
		'mktemp',
		'readlink',
		'tee',
		'egrep',
		'fgrep',
		'printf',
		'true',
		'false',
	];
	for (const tool of [...tools, ...more]) {
		const found = ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find((path) => existsSync(path));
		if (found) await symlink(found, join(bin, tool));
	}
	const project = await makeProject({ 'project.yaml': MANIFEST });
	const cache = await makeCache(join(project.folder, 'cache'), ['source', 'sysroot', 'resource-dir']);
	const args = ['build', '--quiet', '--cache-dir', cache];
	const result = await cpybuild(args, { cwd: project.folder, env: { PATH: bin } });
	expect(result).toEqual({
		code: 3,
		stdout: '',
		stderr: `error[toolchain/not-found]: there is no program "make" on this machine
   = hint: install it, or add its folder to PATH`,
	});
	expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
	expect(readFileSync(join(project.folder, '.cpybuild/logs/base.log'), 'utf8')).not.toBe('');
});
