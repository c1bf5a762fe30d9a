import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CACHE } from './cache.js';
import { planKeys } from './events.js';

/** The folder of Debian's LLVM programs. */
export const LLVM = '/usr/lib/llvm-19/bin';

/** The folder of clang's own headers and libraries, as clang asks for it. */
const RESOURCES = 'lib/clang/19';

/** The sysroot of the embedded toolchain, unpacked in the store. */
export async function embeddedSysroot(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	await writeFile(join(folder, 'project.yaml'), 'python: "3.13.5"\nmodules: {}\n');
	await planKeys(folder);
	await rm(folder, { recursive: true });
	const key = readdirSync(join(CACHE, 'trees/sysroot')).find((name) => !name.endsWith('.json'));
	return join(CACHE, 'trees/sysroot', key ?? '');
}

/** Writes a program of the shell. */
export async function writeScript(path: string, lines: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, `#!/bin/sh\n${lines}\n`);
	await chmod(path, 0o755);
}

/** How a WASI-SDK is laid out. */
export interface SdkLayout {
	readonly sysroot: string;
	readonly target?: string;
	readonly version?: string;
}

/** Lays out a WASI-SDK as its releases are, of links to this machine's clang and the embedded sysroot. */
export async function makeSdk(sdk: string, layout: SdkLayout): Promise<string> {
	const { sysroot, target = 'wasm32-wasip1', version = '24.0' } = layout;
	for (const tool of ['wasm-ld', 'llvm-ar', 'llvm-ranlib']) {
		await mkdir(join(sdk, 'bin'), { recursive: true });
		await symlink(join(LLVM, tool), join(sdk, 'bin', tool));
	}
	// Debian's clang asks for the linker by this name.
	await symlink(join(LLVM, 'wasm-ld'), join(sdk, 'bin/wasm-ld-19'));
	const resources = join(sdk, RESOURCES);
	await mkdir(join(resources, 'lib'), { recursive: true });
	await symlink('/usr/lib/llvm-19/lib/clang/19/include', join(resources, 'include'));
	for (const name of ['wasip1', 'wasm32-unknown-wasip1', 'wasi', 'wasm32-unknown-wasi']) {
		await mkdir(join(resources, 'lib', name));
		for (const file of ['libclang_rt.builtins-wasm32.a', 'libclang_rt.builtins.a'])
			await symlink(join(sysroot, 'builtins/libclang_rt.builtins.a'), join(resources, 'lib', name, file));
	}
	// A release's own clang looks for these beside itself.
	await writeScript(join(sdk, 'bin/clang'), CLANG);
	for (const folder of ['include', 'lib']) {
		await mkdir(join(sdk, 'share/wasi-sysroot', folder), { recursive: true });
		await symlink(join(sysroot, folder, 'wasm32-wasip1'), join(sdk, 'share/wasi-sysroot', folder, target));
	}
	await writeFile(join(sdk, 'VERSION'), `${version}\nwasi-libc: 1.2\n`);
	return sdk;
}

const CLANG = `exec ${LLVM}/clang -resource-dir "\${0%/*}/../${RESOURCES}" "$@"`;

/**
 * An archive of a WASI-SDK as releases have them: with links within, and nothing that leads out, and with libraries of
 * another target. Equal calls give equal bytes.
 */
export async function packSdk(sysroot: string, version = '24.0', folder = `wasi-sdk-${version}`): Promise<Buffer> {
	const scratch = await mkdtemp(join(tmpdir(), 'cpybuild-sdk-'));
	try {
		const sdk = join(scratch, folder);
		for (const tool of ['wasm-ld', 'wasm-ld-19', 'llvm-ar', 'llvm-ranlib']) {
			await writeScript(join(sdk, 'bin', tool), `exec ${LLVM}/${tool.replace('-19', '')} "$@"`);
		}
		await writeScript(join(sdk, 'bin/clang-19'), CLANG);
		await symlink('clang-19', join(sdk, 'bin/clang'));
		const copy = (from: string, to: string) => cp(from, join(sdk, to), { recursive: true, dereference: true });
		await copy(join(LLVM, '..', RESOURCES, 'include'), `${RESOURCES}/include`);
		await copy(join(sysroot, 'builtins'), `${RESOURCES}/lib/wasm32-unknown-wasip1`);
		for (const part of ['include', 'lib']) {
			await copy(join(sysroot, part, 'wasm32-wasip1'), `share/wasi-sysroot/${part}/wasm32-wasip1`);
		}
		await mkdir(join(sdk, 'share/wasi-sysroot/lib/wasm32-wasip2'));
		await writeFile(join(sdk, 'share/wasi-sysroot/lib/wasm32-wasip2/libc.a'), '');
		await writeFile(join(sdk, 'VERSION'), `${version}\n`);
		const reproducibly = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
		const tar = execFileSync('tar', [...reproducibly, '-C', scratch, '-cf', '-', basename(sdk)], {
			maxBuffer: 2 ** 30,
		});
		return execFileSync('gzip', ['-n1'], { input: tar, maxBuffer: 2 ** 30 });
	} finally {
		await rm(scratch, { recursive: true });
	}
}
