import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Key, keyOf } from '../cache/key.js';
import type { Store } from '../cache/store.js';
import { diagnostic } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Machine } from '../machine/machine.js';
import { packageAbove, packageFolder, programFile } from '../own-files.js';
import { hashFile } from './fingerprint.js';
import type { Hashes, ToolchainIdentity } from './identity.js';
import type { Looking } from './installed.js';
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
import type { Presumption } from './presumed.js';
import { TARGET } from './target.js';
import type { Tool, Toolchain, ToolchainRecord } from './toolchain.js';
import { WasmClangPool } from './wasm-clang/pool.js';
import { SOCKET_VARIABLE } from './wasm-clang/protocol.js';

/** The npm package that carries a WASI sysroot, and clang and lld as WebAssembly. */
export const EMBEDDED_PACKAGE = '@yowasp/clang';

/** Folder of the embedded toolchain's package, if it is installed. */
export function findEmbeddedPackage(): { readonly folder: string; readonly version: string } | undefined {
	try {
		// Looking upwards takes a tenth of asking Node, which also remembers what was not there, if it is installed meanwhile.
		const folder = packageAbove(packageFolder(), EMBEDDED_PACKAGE) ?? resolvedPackage();
		if (folder === undefined) return undefined;
		return { folder, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version };
	} catch {
		return undefined;
	}
}

/** For package managers that have no such folders. */
function resolvedPackage(): string | undefined {
	try {
		return dirname(dirname(createRequire(import.meta.url).resolve(EMBEDDED_PACKAGE)));
	} catch {
		return undefined;
	}
}

/**
 * The embedded toolchains: the package's sysroot, with each clang of this machine that works with it and is not
 * refused, then with the package's own clang.
 */
export async function* embeddedToolchains(looking: Looking): AsyncGenerator<Toolchain> {
	const found = findEmbeddedPackage();
	if (!found) return;
	const { machine, store, memo, compiler, files } = looking;
	const { tar, hash: sysrootHash, key } = await identifySysroot(found.folder, memo);
	const fillSysroot = (folder: string) => unpackSysroot(tar, folder);
	const { path: sysroot } = await store.ensure('sysroot', key, { fill: fillSysroot, shared: false });
	const layout = await layoutOf(sysroot, files);
	let works = false;
	if (compiler !== 'wasm') {
		for await (const native of nativeCompilers(machine, store, files, sysroot, layout, key)) {
			works = true;
			const llvm = await identifyLlvm(native.llvm, files);
			yield nativeToolchain(machine, native.llvm, native.sysroot, {
				name: `embedded sysroot, ${shortVersion(llvm.compiler)}`,
				identity: { target: TARGET, ...llvm, sysroot: sysrootHash },
			});
		}
		if (compiler === 'native') return;
	}
	if (compiler === 'auto' && !works) {
		looking.warn(
			diagnostic({
				code: 'toolchain/slow-compiler',
				severity: 'warning',
				message:
					'no clang of this machine works with the embedded sysroot, so clang runs as WebAssembly, some five times slower',
				hint: 'install clang and lld 19 or newer for native speed',
			}),
		);
	}
	const identity = {
		target: TARGET,
		compiler: `${EMBEDDED_PACKAGE} ${found.version}`,
		programs: await hashPackage(found.folder, memo),
		libraries: {},
		sysroot: sysrootHash,
	};
	yield wasmToolchain(found.version, identity, layout, machine.processors);
}

/**
 * The toolchain that `embeddedToolchains` gives with the recorded compiler when nothing has changed since the last build:
 * nothing is verified, made or tried. Nothing where that has to be done first, and for the wasm clang.
 */
export async function presumeEmbedded(looking: Looking, recorded: ToolchainRecord): Promise<Presumption | undefined> {
	const found = findEmbeddedPackage();
	const { machine, store, memo, compiler, files } = looking;
	if (!found || compiler === 'wasm') return undefined;
	const { key } = await identifySysroot(found.folder, memo);
	if (!store.has('sysroot', key)) return undefined;
	const sysroot = store.path('sysroot', key);
	// Listing all folders of the search path takes longer than asking for the names that such a compiler has.
	const major = shortVersion(recorded.identity.compiler).match(/ (\d+)/)?.[1];
	for (const suffix of [`-${major}`, '']) {
		const llvm = await findLlvm(machine, suffix, files);
		if (llvm?.version !== recorded.identity.compiler) continue;
		const resources = resourceKey(llvm, key);
		if (!store.has('resource-dir', resources)) return undefined;
		const resourceDir = store.path('resource-dir', resources);
		const place = { ...(await layoutOf(sysroot, files)), flags: sysrootFlags(sysroot, resourceDir) };
		return { toolchain: nativeToolchain(machine, llvm, place, recorded), folders: [sysroot, resourceDir] };
	}
	return undefined;
}

/** The archive that holds the package's sysroot, and the key of what is unpacked from it. */
async function identifySysroot(
	folder: string,
	memo: Looking['memo'],
): Promise<{ readonly tar: string; readonly hash: string; readonly key: Key }> {
	const tar = join(folder, 'gen/llvm-resources.tar');
	const hash = await hashFile(tar, memo);
	return { tar, hash, key: keyOf('sysroot', { tar: hash }, {}) };
}

async function layoutOf(sysroot: string, files: MachineFiles): Promise<Omit<Sysroot, 'flags'>> {
	const libraries = join(sysroot, 'lib', TARGET);
	const builtins = join(sysroot, 'builtins/libclang_rt.builtins.a');
	return { libraries, start: await startFile(libraries, files), builtins };
}

/** The files that are the wasm clang: its modules, and the program that runs them. */
async function hashPackage(folder: string, memo: Looking['memo']): Promise<Hashes> {
	const names = readdirSync(join(folder, 'gen')).filter((name) => /\.(wasm|js)$/.test(name));
	const hashes = names.sort().map(async (name) => [name, await hashFile(join(folder, 'gen', name), memo)] as const);
	return Object.fromEntries(await Promise.all(hashes));
}

/** Takes C headers and libraries from the tar; C++ and clang's own headers are not needed. */
async function unpackSysroot(tar: string, folder: string): Promise<void> {
	const wanted = [`include/${TARGET}/`, `lib/${TARGET}/`, 'lib/wasm32-unknown-wasip1/'];
	const { unpackTar } = await import('modern-tar/fs');
	const unpack = unpackTar(folder, {
		filter: ({ name }) => wanted.some((prefix) => name.startsWith(prefix)) && !name.includes('/c++'),
	});
	await pipeline(createReadStream(tar), unpack);
	await cp(join(folder, 'lib/wasm32-unknown-wasip1'), join(folder, 'builtins'), { recursive: true });
}

async function* nativeCompilers(
	machine: Machine,
	store: Store,
	files: MachineFiles,
	sysroot: string,
	layout: Omit<Sysroot, 'flags'>,
	sysrootKey: Key,
): AsyncGenerator<{ readonly llvm: NativeLlvm; readonly sysroot: Sysroot }> {
	for (const suffix of await clangSuffixes(machine.path, files)) {
		const llvm = await findLlvm(machine, suffix, files);
		if (!llvm || !existsSync(llvm.headers)) continue;
		const fill = async (folder: string) => {
			await symlink(llvm.headers, join(folder, 'include'));
			await mkdir(join(folder, 'lib'));
			await cp(join(sysroot, 'builtins'), join(folder, 'lib/wasm32-unknown-wasip1'), { recursive: true });
		};
		const key = resourceKey(llvm, sysrootKey);
		const { path: resourceDir } = await store.ensure('resource-dir', key, { fill, shared: false });
		const candidate = { ...layout, flags: sysrootFlags(sysroot, resourceDir) };
		const result = await store.scratch((folder) => probe(machine, llvm, candidate, files, folder));
		if (result === 'ok') yield { llvm, sysroot: candidate };
	}
}

/** clang looks for its builtins library beside its own headers, where a plain clang for another CPU has none. */
function resourceKey(llvm: NativeLlvm, sysroot: Key): Key {
	return keyOf('resource-dir', { headers: llvm.headers }, { sysroot });
}

function sysrootFlags(sysroot: string, resourceDir: string): readonly string[] {
	return [
		`--target=${TARGET}`,
		`--sysroot=${sysroot}`,
		'-resource-dir',
		resourceDir,
		// Debug information names headers; where they are on this machine is nobody's business.
		...prefixMap(sysroot, '/sysroot/'),
		...prefixMap(resourceDir, '/clang/'),
	];
}

function wasmToolchain(
	version: string,
	identity: ToolchainIdentity,
	layout: Omit<Sysroot, 'flags'>,
	processors: number,
): Toolchain {
	const client = programFile('toolchain/wasm-clang/client');
	const tool = (name: Tool): readonly [string, ...string[]] => [process.execPath, client, name];
	let pool: WasmClangPool | undefined;
	return {
		name: `embedded sysroot, clang ${version.split('-')[0]} as WebAssembly`,
		identity,
		argv: {
			clang: tool('clang'),
			'wasm-ld': tool('wasm-ld'),
			'llvm-ar': tool('llvm-ar'),
			'llvm-ranlib': tool('llvm-ranlib'),
		},
		...layout,
		inProcess: true,
		run: async (name, args, { cwd }, options) => {
			pool ??= new WasmClangPool(processors, 'short');
			const stop = () => void pool?.close();
			options?.signal?.addEventListener('abort', stop);
			try {
				const answer = await pool.run({ tool: name, args, cwd, input: '' });
				throwIfInterrupted(options?.signal);
				for (const line of answer.output.split('\n').filter((one) => one !== '')) options?.onLine?.(line);
				return answer;
			} finally {
				options?.signal?.removeEventListener('abort', stop);
			}
		},
		openForMake: async () => {
			pool ??= new WasmClangPool(processors, 'long');
			return { [SOCKET_VARIABLE]: await pool.listen() };
		},
		close: async () => pool?.close(),
	};
}
