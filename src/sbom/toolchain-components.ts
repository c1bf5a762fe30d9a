import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { type Component, fileComponent, hashes, hashOf, spdx } from './component.js';

/** What the toolchain puts into python.wasm. */
export function systemLibraries({ identity }: ToolchainRecord): readonly Component[] {
	const { sysroot, builtins } = identity;
	return [
		{
			type: 'library',
			'bom-ref': 'wasi-libc',
			name: 'wasi-libc',
			description: 'The C library, with what it takes from musl, cloudlibc and dlmalloc',
			scope: 'required',
			hashes: hashes(sysroot),
			licenses: spdx('(Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT) AND MIT AND BSD-2-Clause AND CC0-1.0'),
			purl: 'pkg:github/WebAssembly/wasi-libc',
			properties: hashOf('the sysroot that the toolchain was identified by'),
		},
		{
			type: 'library',
			'bom-ref': 'compiler-rt',
			name: 'compiler-rt',
			description: "The compiler's runtime library",
			scope: 'required',
			hashes: hashes(builtins ?? sysroot),
			licenses: spdx('Apache-2.0 WITH LLVM-exception'),
			purl: 'pkg:github/llvm/llvm-project#compiler-rt',
			properties: hashOf(builtins ? 'libclang_rt.builtins.a' : 'the sysroot, which holds libclang_rt.builtins.a'),
		},
	];
}

/** The compiler and linker that made python.wasm, with every file that can change what they make. */
export function buildTools({ name, identity }: ToolchainRecord): Component {
	const owner = 'toolchain';
	const { compiler, programs, libraries, headers } = identity;
	const files = (kind: string, parts: Readonly<Record<string, string>>) =>
		Object.entries(parts)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([file, sha256]) => fileComponent(`${owner}/${kind}`, file, sha256));
	// `Debian clang version 19.1.7 (3~deb12u1)`, or an npm package with its version.
	const version = /clang version (\S+)/.exec(compiler)?.[1] ?? / (\d\S*)$/.exec(compiler)?.[1];
	const npm = /^(@[\w-]+)\/([\w-]+) (\d\S*)$/.exec(compiler);
	return {
		type: 'application',
		'bom-ref': owner,
		name: 'clang',
		...(version && { version }),
		description: `${compiler}; ${name}`,
		scope: 'excluded',
		licenses: spdx('Apache-2.0 WITH LLVM-exception'),
		...(npm
			? { purl: `pkg:npm/${encodeURIComponent(npm[1] ?? '')}/${npm[2]}@${npm[3]}` }
			: version && { cpe: `cpe:2.3:a:llvm:clang:${version}:*:*:*:*:*:*:*` }),
		components: [
			...files('program', programs),
			...files('library', libraries),
			...(headers ? [{ ...fileComponent(owner, 'headers', headers), description: "All of clang's own headers" }] : []),
		],
	};
}
