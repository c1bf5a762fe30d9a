import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import { CPYTHON_PINS } from '../../src/cpython/pins.js';
import { nativeMachine } from '../../src/machine/native.js';
import { settleOptions } from '../../src/settle.js';
import { fetchTarball } from '../../src/source/tarball.js';
import { unpackTarball } from '../../src/source/unpack.js';
import { resolveToolchain } from '../../src/toolchain/resolve.js';
import type { Toolchain } from '../../src/toolchain/toolchain.js';
import type { Ended } from './cli.js';
import { WITHOUT_FETCHING } from './resolving.js';

/** The tarball of a pinned CPython, fetched as a build fetches it. */
export async function cpythonTarball(version: string): Promise<string> {
	const pin = CPYTHON_PINS.find((one) => one.version === version);
	if (!pin) throw new TypeError(`${version} is not a pinned version`);
	const { cacheDir, path, mirror } = settleOptions({}, process.env);
	const context = {
		store: await openStore(cacheDir),
		machine: nativeMachine(path),
		log: () => {},
		warn: () => {},
		mirror,
	};
	return fetchTarball({ kind: 'pinned', pin }, context);
}

/** Unpacks all of a tarball, as a user of CPython's own driver would. */
export function unpackWhole(tarball: string, folder: string): Promise<void> {
	return unpackTarball(tarball, folder, () => true);
}

/** The native toolchain that a build on this machine uses: the embedded sysroot with a clang of the system. */
export async function systemToolchain(): Promise<Toolchain> {
	const { cacheDir, path } = settleOptions({}, process.env);
	return resolveToolchain('embedded', {
		machine: nativeMachine(path),
		store: await openStore(cacheDir),
		memo: new Memo(join(cacheDir, 'memo.json')),
		compiler: 'native',
		environment: {},
		...WITHOUT_FETCHING,
		warn: () => {},
	});
}

/** Makes a folder that CPython's driver takes for a WASI-SDK: its programs are those of the toolchain. */
export async function makeWasiSdk(folder: string, toolchain: Toolchain): Promise<void> {
	const bin = join(folder, 'bin');
	await mkdir(bin, { recursive: true });
	await mkdir(join(folder, 'share'));
	const { clang, ...others } = toolchain.argv;
	const sysroot = clang.find((word) => word.startsWith('--sysroot='))?.slice('--sysroot='.length) ?? '';
	await symlink(sysroot, join(folder, 'share/wasi-sysroot'));
	const programs: Readonly<Record<string, readonly string[]>> = {
		...others,
		clang,
		'clang-cpp': [...clang, '-E'],
		'clang++': [...clang, '--driver-mode=g++'],
		ar: toolchain.argv['llvm-ar'],
		ranlib: toolchain.argv['llvm-ranlib'],
	};
	for (const [name, argv] of Object.entries(programs)) {
		const path = join(bin, name);
		await writeFile(path, `#!/bin/sh\nexec ${argv.map((word) => `'${word}'`).join(' ')} "$@"\n`);
		await chmod(path, 0o755);
	}
}

/** What CPython's driver is told. */
export interface DriverRun {
	/** CPython's tree. */
	readonly tree: string;
	readonly sdk: string;
	/** A command of `Tools/wasm/wasi.py`, with its arguments. */
	readonly args: readonly string[];
}

/** Runs CPython's own driver for WASI; `stdout` is its report. The logs that it names lie beside the tree. */
export async function runDriver({ tree, sdk, args }: DriverRun): Promise<Ended> {
	const result = await execa('python3', ['Tools/wasm/wasi.py', ...args], {
		cwd: tree,
		env: { WASI_SDK_PATH: sdk, TMPDIR: dirname(tree), PYTHONUTF8: '1', TERM: 'dumb' },
		reject: false,
		maxBuffer: 100_000_000,
	});
	return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}
