import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { contractOf } from '../../../src/contract/contract.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import { inspectModule } from '../../../src/inspect.js';
import { loadManifest } from '../../../src/project.js';
import { linkStep } from '../../../src/steps/link.js';
import { makeStep } from '../../../src/steps/make-step.js';
import type { StepContext } from '../../../src/steps/step.js';
import type { Toolchain } from '../../../src/toolchain/toolchain.js';
import { wasm } from '../wasm/assemble.js';

/** Links a module with a library, by a linker that does what it is told; gives its arguments, or what went wrong. */
async function linkWith(library: string, whileLinking: (path: string) => void = () => {}) {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-link-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	await writeFile(join(root, 'project.yaml'), 'python: "3.13.5"\nmodules:\n  m: { sources: [m.c], libs: [libm.a] }\n');
	await writeFile(join(root, 'm.c'), '');
	await writeFile(join(root, 'libm.a'), library);
	const manifest = await loadManifest(join(root, 'project.yaml'));
	const step = (id: string) => makeStep({ id, title: '', inputs: {}, run: async () => {} });
	const [base, inittab, compile] = [step('base'), step('inittab'), step('compile:m')];
	for (const id of ['base', 'compile:m', 'out']) await mkdir(join(root, id));
	await writeFile(
		join(root, 'base/link.json'),
		JSON.stringify({ objects: ['python.o'], libraries: ['libpython.a', '-ldl'] }),
	);
	await writeFile(join(root, 'compile:m/m.o'), '');
	let given: readonly string[] = [];
	const toolchain = {
		identity: { target: '', compiler: '', programs: {}, libraries: {}, sysroot: '' },
		name: '',
		libraries: '/sysroot/lib',
		start: '/sysroot/lib/crt1-command.o',
		builtins: '/builtins.a',
		run: async (_, args) => {
			given = args;
			await writeFile(join(root, 'out/python.wasm'), wasm());
			whileLinking(join(root, 'libm.a'));
			return { exitCode: 0, stdout: '', output: '' };
		},
	} satisfies Partial<Toolchain> as unknown as Toolchain;
	const compiled = [{ step: compile, module: manifest.modules[0] }];
	const link = linkStep({ base, inittab, compiled }, manifest, toolchain, contractOf(manifest));
	const context = {
		out: join(root, 'out'),
		output: (need) => join(root, need.id),
		toolchain: async () => toolchain,
		logPath: '',
		runOptions: {},
	} satisfies Partial<StepContext> as unknown as StepContext;
	try {
		await link.run(context);
	} catch (error) {
		if (error instanceof CpybuildError) return renderPretty(error.diagnostics);
		throw error;
	}
	expect((await inspectModule(join(root, 'out/python.wasm'))).contract).toEqual(contractOf(manifest));
	return given.map((arg) => arg.replace(root, '<root>'));
}

test('objects and archives are given in the order that decides which definition is taken, and the contract is added', async () => {
	expect(await linkWith('!<arch>\n')).toEqual([
		'-m',
		'wasm32',
		'--import-undefined',
		'-z',
		'stack-size=8388608',
		'--stack-first',
		'--initial-memory=20971520',
		'--max-memory=1073741824',
		'--strip-all',
		'-L/sysroot/lib',
		'/sysroot/lib/crt1-command.o',
		'<root>/base/python.o',
		'<root>/inittab/config.o',
		'<root>/compile:m/m.o',
		'<root>/libm.a',
		'<root>/base/libpython.a',
		'-ldl',
		'-lc',
		'/builtins.a',
		'-o',
		'<root>/out/python.wasm',
	]);
});

test('a thin archive is refused, since its bytes do not say what is linked', async () => {
	expect(await linkWith('!<thin>\n')).toBe(
		'error[usage/not-archive]: "libm.a" is a thin archive, which names its object files instead of holding them\n' +
			'   = hint: make it without "T" (or "--thin")\n',
	);
});

test('a library that changes while it is linked is not kept', async () => {
	expect(await linkWith('!<arch>\n', (path) => writeFileSync(path, '!<arch>\nmore'))).toBe(
		'error[build/step-failed]: "libm.a" changed while it was read\n   = hint: run the command again\n',
	);
});
