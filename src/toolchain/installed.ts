import { join } from 'node:path';
import type { ToolchainChoice } from '../manifest/manifest.js';
import type { MachineFiles } from './machine-files.js';
import {
	clangSuffixes,
	findLlvm,
	identifyLlvm,
	type NativeLlvm,
	nativeToolchain,
	probe,
	type Sysroot,
	shortVersion,
	startFile,
} from './native-clang.js';
import { prefixMap } from './prefix-map.js';
import type { Resolving } from './resolving.js';
import { TARGET } from './target.js';
import type { Toolchain } from './toolchain.js';

/** Looking for a toolchain that may be installed in several places. */
export interface Looking extends Resolving {
	/** Receives what is wrong with a place that was looked at. */
	readonly refuse: (reason: string) => void;
	/** Where systems install software: `/`. */
	readonly root: string;
	readonly choice: ToolchainChoice;
	readonly files: MachineFiles;
	/** Whether these are not the files of this process's own machine, so that nothing can be fetched for it. */
	readonly isElsewhere: boolean;
}

/** Names of the target in installed toolchains, newest first: WASI-SDKs before 22 and older Debians have only the second. */
const TARGETS = [TARGET, 'wasm32-wasi'];

/** Debian's clangs with Debian's wasi-libc. */
export async function* debianToolchains(looking: Looking): AsyncGenerator<Toolchain> {
	const { path } = looking.machine;
	const sysroot = join(looking.root, 'usr');
	const suffixes = await clangSuffixes(path, looking.files);
	yield* installed(looking, { name: "Debian's wasi-libc", sysroot, path, suffixes });
}

/** A sysroot with the compilers that may go with it. */
export interface Installation {
	/** For people, and in the record of a build: without paths. */
	readonly name: string;
	readonly sysroot: string;
	/** Where the compilers are looked for. */
	readonly path: string;
	/** Suffixes of their names, most wanted first. */
	readonly suffixes: readonly string[];
}

/** The toolchains of an installation that work, most wanted first. */
export async function* installed(looking: Looking, installation: Installation): AsyncGenerator<Toolchain> {
	const { sysroot, path, suffixes } = installation;
	const machine = { ...looking.machine, path };
	const libc = (target: string) => join(sysroot, 'lib', target, 'libc.a');
	const existing = await looking.files.existing(TARGETS.map(libc));
	const targets = TARGETS.filter((one) => existing.has(libc(one)));
	if (targets.length === 0) looking.refuse(`${libc(TARGET)} does not exist`);
	for (const suffix of targets.length > 0 ? suffixes : []) {
		const llvm = await findLlvm(machine, suffix, looking.files);
		if (!llvm) {
			looking.refuse(
				`clang${suffix}, wasm-ld${suffix}, llvm-ar${suffix} and llvm-ranlib${suffix} are not all in ${path}`,
			);
			continue;
		}
		// A C library may have more targets than the compiler has a runtime library for.
		for (const target of targets) {
			const toolchain = await combine({ ...looking, machine }, installation, llvm, target);
			if (toolchain) yield toolchain;
		}
	}
}

/** The toolchain of a compiler and a sysroot for one target, if they work together. */
async function combine(
	{ machine, files, store, refuse }: Looking,
	{ name, sysroot: folder }: Installation,
	llvm: NativeLlvm,
	target: string,
): Promise<Toolchain | undefined> {
	const libraries = join(folder, 'lib', target);
	const headers = join(folder, 'include', target);
	const flags = [
		`--target=${target}`,
		`--sysroot=${folder}`,
		// Else clang would look into the sysroot's own include folder too: Debian's holds the headers of the machine.
		'-nostdlibinc',
		'-idirafter',
		headers,
		...prefixMap(folder, '/sysroot/'),
		...prefixMap(llvm.headers, '/clang/include/'),
	];
	const { stdout } = await machine.run({
		argv: [llvm.programs.clang, ...llvm.isolation, ...flags, '--print-libgcc-file-name', '--rtlib=compiler-rt'],
		cwd: '/',
		env: {},
	});
	const builtins = stdout.trim();
	if (builtins === '' || !(await files.existing([builtins])).has(builtins)) {
		refuse(`${llvm.programs.clang} has no ${builtins}`);
		return undefined;
	}
	const sysroot: Sysroot = { flags, libraries, builtins, start: await startFile(libraries, files) };
	const probed = await store.scratch((scratch) => probe(machine, llvm, sysroot, files, scratch));
	if (probed !== 'ok') {
		refuse(`${llvm.programs.clang} does not work: ${probed.split('\n')[0]}`);
		return undefined;
	}
	const [identity, hashes, tree] = await Promise.all([
		identifyLlvm(llvm, files),
		files.hashes([builtins]),
		files.hashTrees([headers, libraries]),
	]);
	return nativeToolchain(machine, llvm, sysroot, {
		name: `${name}, ${shortVersion(llvm.version)}`,
		identity: { target, ...identity, builtins: hashes.get(builtins) ?? '', sysroot: tree },
	});
}
