import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256OfLargeFile } from '../cache/key.js';
import type { Memo } from '../cache/memo.js';
import type { Machine, RunOptions } from '../machine/machine.js';
import type { Tool, Toolchain } from './toolchain.js';

/** An LLVM that is installed on the machine. */
export interface NativeLlvm {
	/** First line of `clang --version`. */
	readonly version: string;
	/** sha256 of the clang program's file. */
	readonly sha256: string;
	readonly programs: Readonly<Record<Tool, string>>;
}

/** A sysroot as clang is told about it. */
export interface Sysroot {
	/** Flags that choose target and sysroot. */
	readonly flags: readonly string[];
	/** Folder of `crt1-command.o` and `libc.a`. */
	readonly libraries: string;
	readonly builtins: string;
}

/** The suffixes of clang programs on the search path (`-19`, or none), newest version first, none last. */
export function clangSuffixes(path: string): readonly string[] {
	const found = new Set<string>();
	for (const folder of path.split(':')) {
		if (folder === '' || !existsSync(folder)) continue;
		for (const name of readdirSync(folder)) {
			const suffix = name.match(/^clang(-\d+)?$/);
			if (suffix) found.add(suffix[1] ?? '');
		}
	}
	return [...found].sort((a, b) => Number(b.slice(1) || 0) - Number(a.slice(1) || 0));
}

/** The LLVM with the given suffix, if clang, the linker and the archiver are all there. */
export async function findLlvm(machine: Machine, suffix: string, memo: Memo): Promise<NativeLlvm | undefined> {
	const which = (name: string) =>
		machine.path
			.split(':')
			.map((folder) => join(folder, name))
			.find((path) => existsSync(path));
	const programs = {
		clang: which(`clang${suffix}`),
		'wasm-ld': which(`wasm-ld${suffix}`),
		'llvm-ar': which(`llvm-ar${suffix}`),
		'llvm-ranlib': which(`llvm-ranlib${suffix}`),
	};
	const { clang, 'wasm-ld': linker, 'llvm-ar': archiver, 'llvm-ranlib': indexer } = programs;
	if (!clang || !linker || !archiver || !indexer) return undefined;
	const real = realpathSync(clang);
	const askVersion = async () => {
		const { stdout } = await machine.run({ argv: [clang, '--version'], cwd: '/', env: {} });
		return stdout.split('\n')[0] ?? '';
	};
	// A link to a launcher (ccache) is one file for all compilers behind it, and stays when they change.
	const isItself = basename(real).startsWith('clang');
	const version = isItself ? await memo.remember('version', [real], askVersion) : await askVersion();
	const sha256 = await memo.remember('sha256', [real], () => sha256OfLargeFile(real));
	return {
		version,
		sha256,
		programs: { clang, 'wasm-ld': linker, 'llvm-ar': archiver, 'llvm-ranlib': indexer },
	};
}

/**
 * Whether clang compiles and links a small program against the sysroot; remembered, since it starts three programs.
 * @returns `ok`, or what went wrong.
 */
export async function probe(machine: Machine, llvm: NativeLlvm, sysroot: Sysroot, memo: Memo, folder: string) {
	const files = [
		realpathSync(llvm.programs.clang),
		realpathSync(llvm.programs['wasm-ld']),
		join(sysroot.libraries, 'libc.a'),
	];
	const ask = async () => {
		const { exitCode, output } = await machine.run({
			argv: [llvm.programs.clang, ...sysroot.flags, '-O2', '-x', 'c', '-', '-o', join(folder, 'probe.wasm')],
			cwd: folder,
			env: { PATH: machine.path, LC_ALL: 'C' },
			input:
				'#include <stdio.h>\n#include <math.h>\nint main(int argc, char **argv) { return printf("%f", fmod(argc, 2.5L)); }\n',
		});
		return exitCode === 0 ? 'ok' : output.trim();
	};
	// What is missing may be mended anywhere on the machine, so a failure is not remembered.
	return memo.remember(`probe ${sysroot.flags.join(' ')}`, files, ask, (answer) => answer === 'ok');
}

/** A toolchain of an installed LLVM and a sysroot. */
export function nativeToolchain(
	machine: Machine,
	llvm: NativeLlvm,
	sysroot: Sysroot,
	about: Pick<Toolchain, 'name' | 'identity'>,
): Toolchain {
	const argv: Toolchain['argv'] = {
		clang: [llvm.programs.clang, ...sysroot.flags],
		'wasm-ld': [llvm.programs['wasm-ld']],
		'llvm-ar': [llvm.programs['llvm-ar']],
		'llvm-ranlib': [llvm.programs['llvm-ranlib']],
	};
	return {
		...about,
		argv,
		libraries: sysroot.libraries,
		builtins: sysroot.builtins,
		run: (tool: Tool, args: readonly string[], cwd: string, options?: RunOptions) =>
			machine.run({ argv: [...argv[tool], ...args], cwd, env: { LC_ALL: 'C', TZ: 'UTC' } }, options),
		openForMake: async () => ({}),
		close: async () => {},
	};
}

/** `clang version 19.1.7 (3~deb12u1)` as `clang 19.1.7`. */
export function shortVersion(version: string): string {
	return version.replace(/^.*?clang version (\d[\w.]*).*$/, 'clang $1');
}
