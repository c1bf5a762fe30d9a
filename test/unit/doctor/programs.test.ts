import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findPrograms, judgePrograms, type ProgramFacts } from '../../../src/doctor/programs.js';
import { APT, CACHED, CHANGED, COLD } from './work-cases.js';

const FACTS: ProgramFacts = { make: '/usr/bin/make', missing: [], launcher: { choice: 'none', program: undefined } };

const judge = (facts: Partial<ProgramFacts>, work = COLD, isInProcess = false) =>
	judgePrograms({ ...FACTS, ...facts }, { work, installer: APT, isInProcess });

const SHELL = { id: 'programs.shell', state: 'ok', found: 'sh and what configure calls' };
const MAKE = { id: 'programs.make', state: 'ok', found: 'make' };

test('a machine that has all is fine', () => {
	expect(judge({})).toEqual([SHELL, MAKE]);
	const launcher = { choice: 'ccache', program: '/usr/bin/ccache' } as const;
	expect(judge({ launcher })).toEqual([SHELL, MAKE, { id: 'programs.launcher', state: 'ok', found: 'ccache' }]);
});

describe('without make', () => {
	const missing = {
		id: 'programs.make',
		found: '"make" is not on the PATH',
		repair: 'sudo apt-get install --no-install-recommends make',
	};

	test('CPython cannot be compiled', () => {
		const means = 'CPython is compiled with it';
		expect(judge({ make: undefined })).toEqual([SHELL, { ...missing, state: 'error', means }]);
	});

	test.each([CHANGED, CACHED])('a build whose CPython is in the cache works', (work) => {
		const means = 'CPython is compiled with it; this build works without, since its CPython is in the cache';
		expect(judge({ make: undefined }, work)).toEqual([SHELL, { ...missing, state: 'warning', means }]);
	});
});

describe("without programs that CPython's configure calls", () => {
	const missing = {
		id: 'programs.shell',
		repair: 'sudo apt-get install --no-install-recommends dash coreutils diffutils grep sed mawk',
	};

	test('CPython cannot be compiled', () => {
		expect(judge({ missing: ['awk'] })[0]).toEqual({
			...missing,
			state: 'error',
			found: '"awk" is not on the PATH',
			means: "CPython's configure calls it",
		});
	});

	test('a build whose CPython is in the cache works', () => {
		expect(judge({ missing: ['sh', 'awk'] }, CHANGED)[0]).toEqual({
			...missing,
			state: 'warning',
			found: '"sh", "awk" are not on the PATH',
			means: "CPython's configure calls them; this build works without, since its CPython is in the cache",
		});
	});
});

describe('a launcher that is not there', () => {
	const launcher = { choice: 'sccache', program: undefined } as const;
	const missing = {
		id: 'programs.launcher',
		found: '"sccache" is not on the PATH',
		repair: 'sudo apt-get install --no-install-recommends sccache',
	};

	test('fails a build of CPython', () => {
		const means = 'the build is to start the compiler with it; --launcher none does without';
		expect(judge({ launcher })[2]).toEqual({ ...missing, state: 'error', means });
	});

	test('is no matter for others', () => {
		const means =
			'the build is to start the compiler with it; --launcher none does without; this build works without, since its CPython is in the cache';
		expect(judge({ launcher }, CHANGED)[2]).toEqual({ ...missing, state: 'warning', means });
	});

	test('nor where clang runs as WebAssembly, which nothing can start', () => {
		const unused = {
			id: 'programs.launcher',
			state: 'warning',
			found: '"sccache" would not be used',
			means: 'clang runs as WebAssembly inside of cpybuild, where nothing can start it',
		};
		expect(judge({ launcher }, COLD, true)).toEqual([SHELL, MAKE, unused]);
		expect(judge({}, COLD, true)).toEqual([SHELL, MAKE]);
	});
});

test('where no package manager is known there is no command', () => {
	const installer = { ...APT, manager: undefined };
	const [, make] = judgePrograms({ ...FACTS, make: undefined }, { work: COLD, installer, isInProcess: false });
	expect(make).toEqual({
		id: 'programs.make',
		state: 'error',
		found: '"make" is not on the PATH',
		means: 'CPython is compiled with it',
	});
});

test('programs are looked for on the search path', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	await mkdir(join(folder, 'bin'));
	for (const name of ['sh', 'make', 'icecc']) await writeFile(join(folder, 'bin', name), '');
	expect(findPrograms(`${folder}/nowhere::${folder}/bin`, 'icecc')).toEqual({
		make: join(folder, 'bin/make'),
		missing: [
			...['awk', 'basename', 'cat', 'chmod', 'date', 'diff', 'dirname', 'echo', 'expr', 'grep', 'ln', 'ls'],
			...['mkdir', 'mv', 'rm', 'rmdir', 'sed', 'sort', 'tr', 'uname'],
		],
		launcher: { choice: 'icecc', program: join(folder, 'bin/icecc') },
	});
	expect(findPrograms('', 'none')).toMatchObject({ make: undefined, launcher: { choice: 'none', program: undefined } });
});
