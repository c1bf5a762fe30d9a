import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canonical, sha256 } from '../../../src/cache/key.js';
import { CpybuildError, type Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { LauncherChoice } from '../../../src/manifest/manifest.js';
import type { ToolchainIdentity } from '../../../src/toolchain/identity.js';
import { findLauncher, launcherInput } from '../../../src/toolchain/launcher.js';

const identity: ToolchainIdentity = {
	target: 'wasm32-wasip1',
	compiler: 'clang version 19.1.7',
	programs: { clang: 'c1a9' },
	libraries: {},
	sysroot: '5150',
};

/** The hash by which launchers tell compilers apart. */
const compiler = sha256(canonical(identity));

/** A search path of one folder that has the programs. */
function pathOf(...programs: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-launcher-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	for (const program of programs) {
		writeFileSync(join(folder, program), '#!/bin/sh\n');
		chmodSync(join(folder, program), 0o755);
	}
	return folder;
}

/** Somebody's environment, with variables of everything. */
const environment = {
	HOME: '/home/me',
	PATH: '/nowhere',
	XDG_CACHE_HOME: '/home/me/caches',
	AWS_SECRET_ACCESS_KEY: 'secret',
	CCACHE_DIR: '/cc',
	CCACHE_PREFIX: 'distcc',
	CCACHE_COMPILERCHECK: 'none',
	CCACHE_BASEDIR: '/',
	SCCACHE_DIR: '/scc',
	SCCACHE_C_CUSTOM_CACHE_BUSTER: 'mine',
	DISTCC_HOSTS: 'far/8',
	ICECC_PREFERRED_HOST: 'near',
	ICECC_VERSION: 'other-clang.tar.gz',
	ICECC_CC: 'gcc',
};

function find(choice: LauncherChoice, path: string, inProcess = false) {
	const warnings: Diagnostic[] = [];
	const warn = (warning: Diagnostic) => warnings.push(warning);
	return { launcher: findLauncher({ choice, environment }, { identity, inProcess }, path, warn), warnings };
}

describe('a launcher', () => {
	test.each([
		[
			'ccache',
			{
				HOME: '/home/me',
				XDG_CACHE_HOME: '/home/me/caches',
				CCACHE_DIR: '/cc',
				CCACHE_PREFIX: '',
				CCACHE_COMPILER: '',
				CCACHE_COMPILERCHECK: `string:${compiler}`,
				CCACHE_BASEDIR: '',
				CCACHE_SLOPPINESS: '',
			},
			false,
		],
		[
			'sccache',
			{
				HOME: '/home/me',
				XDG_CACHE_HOME: '/home/me/caches',
				SCCACHE_DIR: '/scc',
				SCCACHE_C_CUSTOM_CACHE_BUSTER: compiler,
			},
			true,
		],
		['distcc', { HOME: '/home/me', DISTCC_HOSTS: 'far/8' }, false],
		['icecc', { HOME: '/home/me', ICECC_PREFERRED_HOST: 'near' }, false],
	] as const)(
		'%s gets its own variables, less those that would change what is compiled',
		(choice, variables, hashes) => {
			const path = pathOf(choice);
			const found = { program: join(path, choice), variables, hashesPrefixMaps: hashes };
			expect(find(choice, path)).toEqual({ launcher: found, warnings: [] });
		},
	);

	test('is the first program of its name on the path', () => {
		const [nothing, right, other] = [pathOf(), pathOf('ccache'), pathOf('ccache')];
		mkdirSync(join(nothing, 'ccache'));
		const text = pathOf('ccache');
		chmodSync(join(text, 'ccache'), 0o644);
		expect(find('ccache', [nothing, text, right, other].join(':')).launcher?.program).toBe(join(right, 'ccache'));
	});

	test('that is not there is an error that says how to get it', () => {
		try {
			find('distcc', pathOf('ccache'));
			expect.unreachable();
		} catch (error) {
			expect(error instanceof CpybuildError && error.diagnostics).toEqual([
				{
					code: 'toolchain/launcher-not-found',
					severity: 'error',
					message: 'there is no program "distcc" on the PATH',
					hint: 'install it (apt-get install distcc, brew install distcc), or build without it: --launcher none',
				},
			]);
		}
	});

	test('has nothing to start where clang is WebAssembly', () => {
		expect(find('ccache', pathOf(), true)).toEqual({
			launcher: undefined,
			warnings: [
				{
					code: 'toolchain/launcher-unused',
					severity: 'warning',
					message: 'clang runs as WebAssembly inside of cpybuild, where "ccache" cannot start it; it is not used',
					hint: 'install clang and lld 19 or newer, or build with --launcher none',
				},
			],
		});
	});

	test('is not looked for when none is asked for', () => {
		expect(find('none', '/nowhere', true)).toEqual({ launcher: undefined, warnings: [] });
	});
});

test.each([
	['none', null],
	['ccache', null],
	['sccache', null],
	['icecc', null],
	['distcc', 'distcc'],
] as const)('the key with %s has %s', (choice, input) => {
	expect(launcherInput(choice)).toBe(input);
});
