import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfLargeFile } from '../cache/key.js';
import { clangSuffixes, findLlvm, nativeToolchain, probe, type Sysroot, shortVersion } from './native-clang.js';
import type { Resolving } from './resolving.js';
import { TARGET } from './target.js';
import type { Toolchain } from './toolchain.js';

/** An installed WASI-SDK: `$WASI_SDK_PATH`, else the newest below `/opt`. */
export async function wasiSdkToolchain(resolving: Resolving): Promise<Toolchain | undefined> {
	for (const sdk of wasiSdkFolders(resolving.environment.WASI_SDK_PATH)) {
		const sysroot = join(sdk, 'share/wasi-sysroot');
		const toolchain = await installed(resolving, `${join(sdk, 'bin')}`, sysroot, TARGET, `WASI-SDK in ${sdk}`, ['']);
		if (toolchain) return toolchain;
	}
	return undefined;
}

/** Debian's clang with Debian's wasi-libc. */
export async function debianToolchain(resolving: Resolving): Promise<Toolchain | undefined> {
	const target = ['wasm32-wasip1', 'wasm32-wasi'].find((one) => existsSync(`/usr/lib/${one}/libc.a`));
	if (!target) return undefined;
	const { path } = resolving.machine;
	return installed(resolving, path, '/usr', target, "Debian's wasi-libc", clangSuffixes(path));
}

/** Where a WASI-SDK may be, most wanted first. */
function wasiSdkFolders(named: string | undefined): readonly string[] {
	if (named) return [named];
	if (!existsSync('/opt')) return [];
	return readdirSync('/opt')
		.filter((name) => name.startsWith('wasi-sdk'))
		.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
		.map((name) => join('/opt', name));
}

async function installed(
	resolving: Resolving,
	path: string,
	folder: string,
	target: string,
	name: string,
	suffixes: readonly string[],
): Promise<Toolchain | undefined> {
	const { memo, store } = resolving;
	const machine = { ...resolving.machine, path };
	const libraries = join(folder, 'lib', target);
	const libc = join(libraries, 'libc.a');
	if (!existsSync(libc)) return undefined;
	for (const suffix of suffixes) {
		const llvm = await findLlvm(machine, suffix, memo);
		if (!llvm) continue;
		const flags = [`--target=${target}`, `--sysroot=${folder}`];
		const { stdout } = await machine.run({
			argv: [llvm.programs.clang, ...flags, '--print-libgcc-file-name', '--rtlib=compiler-rt'],
			cwd: '/',
			env: {},
		});
		const sysroot: Sysroot = { flags, libraries, builtins: stdout.trim() };
		if (!existsSync(sysroot.builtins)) continue;
		if ((await store.scratch((scratch) => probe(machine, llvm, sysroot, memo, scratch))) !== 'ok') continue;
		const libcHash = await memo.remember('sha256', [libc], () => sha256OfLargeFile(libc));
		return nativeToolchain(machine, llvm, sysroot, {
			name: `${name}, ${shortVersion(llvm.version)}`,
			identity: { target, libc: libcHash, compiler: llvm.version, sha256: llvm.sha256 },
		});
	}
	return undefined;
}
