import { join } from 'node:path';
import type { Machine } from '../machine/machine.js';
import type { Hashes, ToolchainIdentity } from './identity.js';
import type { MachineFiles, Places } from './machine-files.js';
import type { Tool, Toolchain } from './toolchain.js';

/** An LLVM that is installed on the machine. */
export interface NativeLlvm {
	/** The first line of what `clang --version` says. */
	readonly version: string;
	readonly programs: Readonly<Record<Tool, string>>;
	/** The compiler itself, where `clang` is only a launcher of it. */
	readonly compiler: string;
	/** Folder of clang's own headers. */
	readonly headers: string;
	/** Flags that keep it from reading the machine's configuration. */
	readonly isolation: readonly string[];
}

/** A sysroot as clang is told about it. */
export interface Sysroot {
	/** Flags that choose target and sysroot. */
	readonly flags: readonly string[];
	/** Folder of `libc.a`. */
	readonly libraries: string;
	/** The file that programs start from. */
	readonly start: string;
	readonly builtins: string;
}

/** The suffixes of clang programs on the search path (`-19`, or none), newest version first, none last. */
export async function clangSuffixes(path: string, files: Pick<Places, 'names'>): Promise<readonly string[]> {
	const found = new Set<string>();
	const folders = path.split(':').filter((folder) => folder !== '');
	for (const name of (await Promise.all(folders.map(files.names))).flat()) {
		const suffix = name.match(/^clang(-\d+)?$/);
		if (suffix) found.add(suffix[1] ?? '');
	}
	return [...found].sort((a, b) => Number(b.slice(1) || 0) - Number(a.slice(1) || 0));
}

/** The LLVM with the given suffix, if clang, the linker and the archiver are all there. */
export async function findLlvm(machine: Machine, suffix: string, files: MachineFiles): Promise<NativeLlvm | undefined> {
	const places = (name: string) => machine.path.split(':').map((folder) => join(folder, name));
	const names = ['clang', 'wasm-ld', 'llvm-ar', 'llvm-ranlib'].map((name) => name + suffix);
	const existing = await files.existing(names.flatMap(places));
	const which = (name: string) => places(name).find((path) => existing.has(path));
	const programs = {
		clang: which(`clang${suffix}`),
		'wasm-ld': which(`wasm-ld${suffix}`),
		'llvm-ar': which(`llvm-ar${suffix}`),
		'llvm-ranlib': which(`llvm-ranlib${suffix}`),
	};
	const { clang, 'wasm-ld': linker, 'llvm-ar': archiver, 'llvm-ranlib': indexer } = programs;
	if (!clang || !linker || !archiver || !indexer) return undefined;
	const about = await askClang(clang, machine, files);
	if (!about) return undefined;
	const { version, compiler, resources, isolation } = about;
	return {
		version,
		programs: { clang, 'wasm-ld': linker, 'llvm-ar': archiver, 'llvm-ranlib': indexer },
		compiler,
		// As clang spells it, since debug information has it so.
		headers: `${resources}/include`,
		isolation,
	};
}

/** What a clang says of itself. */
interface AboutClang {
	readonly version: string;
	/** The program that compiles; another one than was called when that is a launcher. */
	readonly compiler: string;
	/** Folder of clang's own headers and libraries. */
	readonly resources: string;
	readonly isolation: readonly string[];
}

/** Asks clang what it would call to compile, which starts nothing else; not remembered of launchers, which stay when the compiler changes. */
async function askClang(clang: string, machine: Machine, files: MachineFiles): Promise<AboutClang | undefined> {
	const real = await files.real(clang);
	// Clangs before 15 read configuration files only under names with a target.
	const ask = async (): Promise<string> => {
		for (const isolation of [['--no-default-config'], []]) {
			const argv = [clang, ...isolation, '-###', '-c', '-x', 'c', '/dev/null'] as const;
			const { exitCode, output } = await machine.run({ argv, cwd: '/', env: {} });
			const about = exitCode === 0 ? parseAbout(output) : undefined;
			if (about) return JSON.stringify({ ...about, isolation, isItself: await isItself(about.compiler) });
		}
		return 'null';
	};
	const isItself = async (compiler: string) =>
		(await files.existing([compiler])).has(compiler) && (await files.real(compiler)) === real;
	const isLasting = (answer: string) => JSON.parse(answer)?.isItself === true;
	return JSON.parse(await files.remember('what clang says', [real], ask, isLasting)) ?? undefined;
}

/** Reads what `clang -###` says: its version, and the command that compiles, its words in quotes. */
export function parseAbout(output: string): Omit<AboutClang, 'isolation'> | undefined {
	const version = output.match(/^.*clang version .*$/m)?.[0];
	const command = output.split('\n').find((line) => line.includes(' "-cc1" '));
	const words = [...(command ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
		word.replace(/\\(.)/g, '$1'),
	);
	const compiler = words[0];
	const resources = words[words.indexOf('-resource-dir') + 1];
	if (version === undefined || compiler === undefined || !words.includes('-resource-dir')) return undefined;
	return resources === undefined ? undefined : { version, compiler, resources };
}

/**
 * Whether clang compiles and links a small program against the sysroot; remembered, since it starts three programs.
 * @returns `ok`, or what went wrong.
 */
export async function probe(
	machine: Machine,
	llvm: NativeLlvm,
	sysroot: Sysroot,
	files: MachineFiles,
	folder: string,
): Promise<string> {
	const { clang, 'wasm-ld': linker } = llvm.programs;
	const tested = [await files.real(clang), await files.real(linker), join(sysroot.libraries, 'libc.a')];
	const ask = async () => {
		const { exitCode, output } = await machine.run({
			argv: [
				llvm.programs.clang,
				...llvm.isolation,
				...sysroot.flags,
				'-O2',
				'-x',
				'c',
				'-',
				'-o',
				join(folder, 'probe.wasm'),
			],
			cwd: folder,
			writes: [folder],
			env: { PATH: machine.path, LC_ALL: 'C' },
			input:
				'#include <stdio.h>\n#include <math.h>\nint main(int argc, char **argv) { return printf("%f", fmod(argc, 2.5L)); }\n',
		});
		return exitCode === 0 ? 'ok' : output.trim();
	};
	// What is missing may be mended anywhere on the machine, so a failure is not remembered.
	return files.remember(`probe ${sysroot.flags.join(' ')}`, tested, ask, (answer) => answer === 'ok');
}

/** The part of a toolchain's identity that an installed LLVM is: programs, the libraries that they load, clang's headers. */
export async function identifyLlvm(
	llvm: NativeLlvm,
	files: MachineFiles,
): Promise<Pick<ToolchainIdentity, 'compiler' | 'programs' | 'libraries'> & { readonly headers: string }> {
	const isLauncher = (await files.real(llvm.compiler)) !== (await files.real(llvm.programs.clang));
	const programs = Object.entries({ ...llvm.programs, ...(isLauncher && { cc1: llvm.compiler }) });
	const headers = files.hashTrees([llvm.headers]);
	const loading = programs.map(async ([program, path]) =>
		(await files.libraries(await files.real(path))).map((library) => ({ program, ...library })),
	);
	const loaded = (await Promise.all(loading)).flat();
	const paths = [...programs.map(([, path]) => path), ...loaded.flatMap(({ path }) => path ?? [])];
	const hashes = await files.hashes([...new Set(paths)]);
	const hash = (path: string) => hashes.get(path) ?? '';
	return {
		compiler: llvm.version,
		programs: Object.fromEntries(programs.map(([name, path]) => [name, hash(path)])),
		libraries: mergeLibraries(
			loaded.map(({ program, soname, path, version }) => {
				return { program, soname, hash: path === undefined ? (version ?? '') : hash(path) };
			}),
		),
		headers: await headers,
	};
}

/** Where two programs load different libraries of one name, the later program is named too. */
function mergeLibraries(
	loaded: readonly { readonly program: string; readonly soname: string; readonly hash: string }[],
): Hashes {
	const libraries: Record<string, string> = {};
	for (const { program, soname, hash } of loaded) {
		if (libraries[soname] === undefined) libraries[soname] = hash;
		else if (libraries[soname] !== hash) libraries[`${soname} of ${program}`] = hash;
	}
	return libraries;
}

/** The file that programs start from, in a folder of libraries; old C libraries have it under its old name only. */
export async function startFile(libraries: string, files: MachineFiles): Promise<string> {
	const now = join(libraries, 'crt1-command.o');
	const before = join(libraries, 'crt1.o');
	const existing = await files.existing([now, before]);
	return existing.has(before) && !existing.has(now) ? before : now;
}

/** A toolchain of an installed LLVM and a sysroot. */
export function nativeToolchain(
	machine: Machine,
	llvm: NativeLlvm,
	sysroot: Sysroot,
	about: Pick<Toolchain, 'name' | 'identity'>,
): Toolchain {
	const argv: Toolchain['argv'] = {
		clang: [llvm.programs.clang, ...llvm.isolation, ...sysroot.flags],
		'wasm-ld': [llvm.programs['wasm-ld']],
		'llvm-ar': [llvm.programs['llvm-ar']],
		'llvm-ranlib': [llvm.programs['llvm-ranlib']],
	};
	const { libraries, start, builtins } = sysroot;
	return toolchainOn(machine, { ...about, argv, libraries, start, builtins });
}

/** Where a toolchain is on a machine: plain data. */
type Placed = Pick<Toolchain, 'name' | 'identity' | 'argv' | 'libraries' | 'start' | 'builtins'>;

/** A toolchain whose programs are on a machine. */
export function toolchainOn(machine: Machine, placed: Placed): Toolchain {
	return {
		...placed,
		run: (tool, args, place, options) =>
			machine.run({ ...place, argv: [...placed.argv[tool], ...args], env: { LC_ALL: 'C', TZ: 'UTC' } }, options),
		openForMake: async () => ({}),
		close: async () => {},
	};
}

/** `clang version 19.1.7 (3~deb12u1)` as `clang 19.1.7`. */
export function shortVersion(version: string): string {
	return version.replace(/^.*?clang version (\d[\w.]*).*$/, 'clang $1');
}
