import { describe, expect, test } from 'vitest';
import { diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { npmInstall, variablesOfNpm } from '../../../src/doctor/npm.js';
import { judgeToolchains, type ToolchainContext, type ToolchainFacts } from '../../../src/doctor/toolchain.js';
import type { ToolchainRecord } from '../../../src/toolchain/toolchain.js';
import { APT, CACHED, CHANGED, COLD } from './work-cases.js';

const NATIVE: ToolchainRecord = {
	name: 'embedded sysroot, clang 19.1.7',
	identity: {
		target: 'wasm32-wasip1',
		compiler: 'clang 19.1.7',
		programs: { clang: '1' },
		libraries: {},
		sysroot: '2',
	},
};
const WASM: ToolchainRecord = {
	name: 'embedded sysroot, clang 22 as WebAssembly',
	identity: { ...NATIVE.identity, compiler: 'clang 22', programs: { 'llvm.core.wasm': '3' } },
};

const FACTS: ToolchainFacts = {
	works: [NATIVE, WASM],
	refused: [],
	failure: [],
	choice: 'auto',
	compiler: 'auto',
	warnings: [],
	embedded: { package: '@yowasp/clang', version: '22.0.0', wanted: '22.0.0', folder: '/project', isProject: true },
	clangs: [{ name: 'clang-19', lacks: [] }],
};
const CONTEXT: ToolchainContext = {
	recorded: undefined,
	lockName: 'cpybuild.lock',
	work: COLD,
	installer: APT,
	upgrade: 'cpybuild upgrade',
};

const judge = (facts: Partial<ToolchainFacts>, context: Partial<ToolchainContext> = {}) =>
	judgeToolchains({ ...FACTS, ...facts }, { ...CONTEXT, ...context });

const TAKEN = { id: 'toolchain.choice', state: 'ok', found: 'embedded sysroot, clang 19.1.7' };
const EMBEDDED = { id: 'toolchain.embedded', state: 'ok', found: '@yowasp/clang 22.0.0' };
const NO_EMBEDDED = { ...FACTS.embedded, version: undefined };

test('the first that works is taken; why others are not is evidence', () => {
	expect(judge({})).toEqual([TAKEN, EMBEDDED]);
	const refused = ['debian: /usr/lib/wasm32-wasip1/libc.a does not exist'];
	expect(judge({ refused })).toEqual([{ ...TAKEN, details: refused }, EMBEDDED]);
});

describe('what the lock records', () => {
	test('is taken when it is here', () => {
		expect(judge({}, { recorded: WASM })[0]).toMatchObject({ found: WASM.name });
		expect(judge({ works: [WASM, NATIVE] }, { recorded: NATIVE })).toEqual([TAKEN, EMBEDDED]);
	});

	const other = { ...NATIVE, name: 'embedded sysroot, clang 19.1.4' };
	const recorded = { ...other, identity: { ...NATIVE.identity, compiler: 'clang 19.1.4', programs: { clang: '0' } } };
	const differs = {
		id: 'lock.toolchain',
		found: 'cpybuild.lock records "embedded sysroot, clang 19.1.4", and this machine has another one',
		repair: 'cpybuild upgrade app/project.yaml',
		details: ['compiler: clang 19.1.4 → clang 19.1.7', 'program clang: 0 → 1'],
	};
	const upgrade = 'cpybuild upgrade app/project.yaml';

	test('and is not here fails a build that compiles', () => {
		expect(judge({}, { recorded, upgrade })).toEqual([
			{
				...differs,
				state: 'error',
				means: 'a build compiles with the recorded toolchain only; the command below accepts the one that is here',
			},
			TAKEN,
			EMBEDDED,
		]);
	});

	test('and is not here is no matter for a build that is in the cache', () => {
		expect(judge({}, { recorded, upgrade, work: CACHED })[0]).toEqual({
			...differs,
			state: 'warning',
			means: 'this build works, since all that it needs is in the cache; one that compiles does not',
		});
	});

	test('and nothing at all is here', () => {
		expect(judge({ works: [] }, { recorded }).map(({ id }) => id)).toEqual(['toolchain.choice', 'toolchain.embedded']);
	});
});

describe('no toolchain', () => {
	const none = { works: [], embedded: NO_EMBEDDED, refused: ['wasi-sdk: nothing'] } as const;
	const install = 'npm install --no-save --prefix /project @yowasp/clang@22.0.0';

	test('fails a build that compiles', () => {
		const missing = {
			id: 'toolchain.choice',
			state: 'error',
			found: 'no toolchain for WASI was found',
			means: 'nothing can be compiled',
			repair: install,
			details: ['wasi-sdk: nothing'],
			fix: 'install-embedded',
		};
		expect(judge(none)).toEqual([missing]);
		expect(judge(none, { work: CHANGED })).toEqual([missing]);
	});

	test('is no matter for a build that is in the cache', () => {
		expect(judge(none, { work: CACHED })).toEqual([
			{
				id: 'toolchain.choice',
				state: 'warning',
				found: 'no toolchain for WASI was found',
				means: 'this build works, since all that it needs is in the cache; one that compiles does not',
				repair: install,
				details: ['wasi-sdk: nothing'],
				fix: 'install-embedded',
			},
		]);
	});

	test('of the kind that was asked for', () => {
		expect(judge({ works: [], choice: 'debian' })[0]).toEqual({
			id: 'toolchain.choice',
			state: 'error',
			found: 'the toolchain "debian" was not found',
			means: 'nothing can be compiled',
			repair: 'sudo apt-get install --no-install-recommends clang lld llvm libclang-rt-dev-wasm32 wasi-libc',
		});
		expect(judge({ works: [], choice: 'wasi-sdk@24' })[0]).toEqual({
			id: 'toolchain.choice',
			state: 'error',
			found: 'the toolchain "wasi-sdk@24" was not found',
			means: 'nothing can be compiled',
		});
		expect(judge({ works: [], choice: 'embedded', compiler: 'native' })[0]).toEqual({
			id: 'toolchain.choice',
			state: 'error',
			found: 'the toolchain "embedded" was not found',
			means: 'nothing can be compiled',
			repair: 'sudo apt-get install --no-install-recommends clang-19 lld-19 llvm-19',
		});
	});

	test('outside of the project --fix installs nothing', () => {
		const embedded = { ...NO_EMBEDDED, isProject: false };
		expect(judge({ ...none, embedded })[0]).not.toHaveProperty('fix');
		expect(judge({ ...none, embedded: { ...embedded, folder: undefined } })[0]).toMatchObject({
			repair: 'npm install --global @yowasp/clang@22.0.0',
		});
	});
});

describe('clang as WebAssembly', () => {
	const slow = {
		id: 'toolchain.choice',
		state: 'warning',
		found: 'embedded sysroot, clang 22 as WebAssembly',
		repair: 'sudo apt-get install --no-install-recommends clang-19 lld-19 llvm-19',
	};

	test.each([
		[[], 'there is none on the PATH'],
		[[{ name: 'clang-14', lacks: [] }], '"clang-14" does not work with the embedded sysroot'],
		[
			[
				{ name: 'clang-19', lacks: ['wasm-ld-19', 'llvm-ar-19'] },
				{ name: 'clang', lacks: [] },
			],
			'beside "clang-19" there is no "wasm-ld-19", "llvm-ar-19"; "clang" does not work with the embedded sysroot',
		],
	])('is slow, and it says why it is taken: %o', (clangs, why) => {
		expect(judge({ works: [WASM], clangs })[0]).toEqual({
			...slow,
			means: `it is some five times slower than a clang of the machine, from 19 on; ${why}`,
		});
	});

	test('is fine where it was asked for', () => {
		expect(judge({ works: [WASM], compiler: 'wasm' })[0]).toEqual({
			id: 'toolchain.choice',
			state: 'ok',
			found: 'embedded sysroot, clang 22 as WebAssembly',
		});
	});
});

describe('the embedded package', () => {
	test('of another version gives other bytes', () => {
		expect(judge({ embedded: { ...FACTS.embedded, version: '21.0.0' } })[1]).toEqual({
			id: 'toolchain.embedded',
			state: 'note',
			found: '@yowasp/clang 21.0.0',
			means: 'this cpybuild is tested with 22.0.0; another sysroot gives other bytes',
			repair: 'npm install --no-save --prefix /project @yowasp/clang@22.0.0',
		});
	});

	test('is not needed where another toolchain works', () => {
		expect(judge({ embedded: NO_EMBEDDED })[1]).toEqual({
			id: 'toolchain.embedded',
			state: 'note',
			found: '@yowasp/clang is not installed',
			means: 'it is the toolchain that needs nothing of the machine; here another one is taken',
			repair: 'npm install --no-save --prefix /project @yowasp/clang@22.0.0',
			fix: 'install-embedded',
		});
		expect(judge({ embedded: { ...NO_EMBEDDED, isProject: false } })[1]).not.toHaveProperty('fix');
		expect(judge({ embedded: NO_EMBEDDED, choice: 'debian' })).toEqual([TAKEN]);
	});

	test('is installed by npm where cpybuild looks for it', () => {
		expect(npmInstall(FACTS.embedded)).toEqual([
			...['npm', 'install', '--no-save', '--prefix', '/project', '@yowasp/clang@22.0.0'],
		]);
	});

	test('and npm gets its own settings of the environment, and no others', () => {
		const mine = { HOME: '/home/me', NPM_CONFIG_REGISTRY: 'x', https_proxy: 'y' };
		expect(variablesOfNpm({ ...mine, SECRET: 'z', npm_token: 'z', HOME2: 'z', no_proxy: undefined })).toEqual(mine);
	});
});

describe('a WASI-SDK', () => {
	const missing = diagnostic({
		code: 'toolchain/offline',
		message: 'WASI-SDK 24 is not on this machine, and --offline forbids fetching it',
		hint: 'build once without --offline',
		details: ['https://sdk.example/24.tar.gz'],
	});
	const release = { version: 24, url: 'https://sdk.example/24.tar.gz', isKept: false, isAllowed: true };
	const asked = { works: [], choice: 'wasi-sdk@24', failure: [missing], release } as const;

	test('that is not here is fetched', () => {
		const here = { id: 'toolchain.choice', state: 'note', found: 'WASI-SDK 24 is not on this machine' };
		expect(judge(asked)[0]).toEqual({ ...here, means: 'the next build that compiles fetches it' });
		const kept = { ...release, isKept: true, isAllowed: false };
		expect(judge({ ...asked, release: kept })[0]).toEqual({
			...here,
			means: 'the next build unpacks it from the cache',
		});
	});

	test('that may not be fetched fails a build that compiles', () => {
		const offline = { ...asked, release: { ...release, isAllowed: false } };
		const finding = {
			id: 'toolchain.choice',
			state: 'error',
			found: 'WASI-SDK 24 is not on this machine, and --offline forbids fetching it',
			means: 'build once without --offline',
			details: ['https://sdk.example/24.tar.gz'],
		};
		expect(judge(offline)[0]).toEqual(finding);
		expect(judge(offline, { work: CACHED })[0]).toEqual({ ...finding, state: 'warning' });
	});

	test('with which CPython hangs fails the build', () => {
		const failure = [
			diagnostic({
				code: 'toolchain/bad-wasi-sdk',
				message: 'WASI-SDK 27 cannot build CPython: an interpreter that is built with it hangs when it exits',
				hint: 'take the one that fits CPython 3.13: wasi-sdk@24',
			}),
		];
		expect(judge({ works: [], choice: 'wasi-sdk@27', failure })).toEqual([
			{
				id: 'toolchain.choice',
				state: 'error',
				found: 'WASI-SDK 27 cannot build CPython: an interpreter that is built with it hangs when it exits',
				means: 'take the one that fits CPython 3.13: wasi-sdk@24',
			},
			EMBEDDED,
		]);
	});

	test('of another version than the one that fits is a warning', () => {
		const warning = diagnostic({
			code: 'toolchain/other-wasi-sdk',
			severity: 'warning',
			message: 'WASI-SDK 33 is not the one that CPython 3.13 is made for and tested with: that is 24',
			hint: 'take wasi-sdk@24',
		});
		expect(judge({ warnings: [warning] })).toEqual([
			TAKEN,
			EMBEDDED,
			{
				id: 'toolchain.wasi-sdk',
				state: 'warning',
				found: 'WASI-SDK 33 is not the one that CPython 3.13 is made for and tested with: that is 24',
				means: 'take wasi-sdk@24',
			},
		]);
	});

	test('that WASI_SDK_PATH names and that does not work is a warning', () => {
		const warning = diagnostic({
			code: 'toolchain/not-found',
			severity: 'warning',
			message: 'WASI_SDK_PATH names "/nowhere", which is no WASI-SDK that works; another toolchain is taken',
			hint: 'correct WASI_SDK_PATH, or unset it',
			details: ['wasi-sdk: /nowhere does not exist'],
		});
		const slow = diagnostic({ code: 'toolchain/slow-compiler', severity: 'warning', message: 'said otherwise' });
		expect(judge({ warnings: [warning, slow] })).toEqual([
			TAKEN,
			EMBEDDED,
			{
				id: 'toolchain.wasi-sdk',
				state: 'warning',
				found: 'WASI_SDK_PATH names "/nowhere", which is no WASI-SDK that works; another toolchain is taken',
				means: 'correct WASI_SDK_PATH, or unset it',
				repair: 'unset WASI_SDK_PATH',
				details: ['wasi-sdk: /nowhere does not exist'],
			},
		]);
	});
});
