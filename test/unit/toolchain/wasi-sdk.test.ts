import { expect, test } from 'vitest';
import { RECIPES } from '../../../src/cpython/recipe.js';
import { WASI_SDK_PLATFORMS } from '../../../src/manifest/toolchain-choice.js';
import { releaseUrl, WASI_SDK_PINS, wasiSdkPlatform } from '../../../src/toolchain/wasi-sdk-pins.js';
import { releaseOf } from '../../../src/toolchain/wasi-sdk-release.js';
import { exactChoice, judgeWasiSdk, wasiSdkOf } from '../../../src/toolchain/wasi-sdk-verdict.js';

test('every minor version has the WASI-SDK of PEP 816', () => {
	expect(RECIPES.map(({ minor }) => [minor, wasiSdkOf(minor)])).toEqual([
		['3.11', 21],
		['3.12', 21],
		['3.13', 24],
		['3.14', 24],
		['3.15', 33],
	]);
	expect(wasiSdkOf('3.7')).toBeUndefined();
});

test('a version fits, is another one, or is bad for every CPython', () => {
	const verdicts = [21, 24, 25, 26, 27, 28].map((version) => judgeWasiSdk(version, '3.13').verdict);
	expect(verdicts).toEqual(['other', 'fits', 'other', 'bad', 'bad', 'other']);
	expect(judgeWasiSdk(25, '3.13')).toEqual({ verdict: 'other', fitting: 24 });
	expect(judgeWasiSdk(26, '3.11')).toEqual({
		verdict: 'bad',
		bug: {
			effect: 'an interpreter that is built with it hangs when it exits',
			report: 'https://github.com/WebAssembly/wasi-libc/issues/617',
		},
		fitting: 21,
	});
	expect(judgeWasiSdk(40, '3.99')).toEqual({ verdict: 'fits' });
});

test('locks record the version that a choice comes to', () => {
	expect([exactChoice('wasi-sdk', '3.15'), exactChoice('wasi-sdk@25', '3.15'), exactChoice('auto', '3.15')]).toEqual([
		'wasi-sdk@33',
		'wasi-sdk@25',
		'auto',
	]);
});

test('every pin has a hash, two records of different people, and a release', () => {
	for (const { version, platform, sha256, records } of WASI_SDK_PINS) {
		const name = `${version} ${platform}`;
		expect(sha256, name).toMatch(/^[0-9a-f]{64}$/);
		const owners = records.map((record) => record.match(/^([\w-]+)\/[\w.-]+ [0-9a-f]{40} \S+$/)?.[1]);
		expect(new Set(owners).size, name).toBe(2);
		expect(owners, name).not.toContain(undefined);
		expect(releaseUrl(version, platform), name).toBeDefined();
		expect(judgeWasiSdk(version, '3.13').verdict, name).not.toBe('bad');
	}
	const names = WASI_SDK_PINS.map(({ version, platform }) => `${version} ${platform}`);
	expect(new Set(names).size).toBe(names.length);
});

test('every fitting version is pinned for Linux on x86_64', () => {
	const pinned = WASI_SDK_PINS.filter(({ platform }) => platform === 'x86_64-linux').map(({ version }) => version);
	expect(pinned).toEqual([...new Set(RECIPES.map(({ minor }) => wasiSdkOf(minor)))]);
});

test('the hashes are those that were looked up', () => {
	expect(releaseOf(24, undefined, 'x86_64-linux')).toEqual({
		version: 24,
		url: 'https://github.com/WebAssembly/wasi-sdk/releases/download/wasi-sdk-24/wasi-sdk-24.0-x86_64-linux.tar.gz',
		sha256: 'c6c38aab56e5de88adf6c1ebc9c3ae8da72f88ec2b656fb024eda8d4167a0bc5',
		bytes: 118_879_731,
	});
	expect(releaseOf(33, undefined, 'x86_64-linux').sha256).toBe(
		'0ba8b5bfaeb2adf3f29bab5841d76cf5318ab8e1642ea195f88baba1abd47bce',
	);
	expect(releaseOf(21, undefined, 'x86_64-linux').url).toBe(
		'https://github.com/WebAssembly/wasi-sdk/releases/download/wasi-sdk-21/wasi-sdk-21.0-linux.tar.gz',
	);
});

test('a hash of the manifest comes before the pin, for its platform', () => {
	const sha256 = 'ab'.repeat(32);
	const pinned = releaseOf(33, undefined, 'arm64-macos').sha256;
	expect(releaseOf(33, { sha256 }, 'arm64-macos').sha256).toBe(sha256);
	expect(releaseOf(33, { sha256: { 'arm64-macos': sha256 } }, 'arm64-macos').sha256).toBe(sha256);
	expect(releaseOf(33, { sha256: { 'arm64-linux': sha256 } }, 'arm64-macos').sha256).toBe(pinned);
	expect(releaseOf(21, { sha256, url: 'https://example.org/{platform}.tgz' }, 'arm64-linux').url).toBe(
		'https://example.org/arm64-linux.tgz',
	);
});

test('what was never released is not looked for', () => {
	expect(() => releaseOf(21, { sha256: 'ab'.repeat(32) }, 'arm64-linux')).toThrow(
		'toolchain/unpinned: WASI-SDK 21 is not on this machine, and there is none for arm64-linux',
	);
});

test('platforms are called as WASI-SDKs call them', () => {
	const named = (['linux', 'darwin'] as const).flatMap((system) =>
		(['x64', 'arm64'] as const).map((processor) => wasiSdkPlatform(system, processor)),
	);
	expect(named).toEqual([...WASI_SDK_PLATFORMS]);
	expect([wasiSdkPlatform('win32', 'x64'), wasiSdkPlatform('linux', 'riscv64')]).toEqual([undefined, undefined]);
});
