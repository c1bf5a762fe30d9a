import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/cache/store.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import { execute } from '../../../src/execute.js';
import { programPart } from '../../../src/generate/program-part.js';
import { nativeMachine } from '../../../src/machine/native.js';
import { generateProject, loadManifest } from '../../../src/project.js';
import { compileSteps } from '../../../src/steps/compile.js';
import { makeStep } from '../../../src/steps/make-step.js';
import { found, type Toolchain } from '../../../src/toolchain/toolchain.js';
import { NO_TOOLCHAIN } from '../../helpers/identity.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32) -> s32" }
      baz: { signature: "func(a: string) -> bool" }
  fast: { sources: [fast.c] }
`;

/** Compiles a module with a compiler that says what it is told to; an empty text is a success. */
async function compileWith(module: string, say: (generated: string, folder: string) => string) {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-compile-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	await writeFile(join(root, 'project.yaml'), MANIFEST);
	await writeFile(join(root, 'fast.c'), 'int one;\n');
	const read = await loadManifest(join(root, 'project.yaml'));
	const manifest = { ...read, file: { ...read.file, path: 'project.yaml' } };
	const generated = await generateProject(manifest);
	const toolchain: Toolchain = {
		name: 'a compiler that fails',
		identity: NO_TOOLCHAIN,
		argv: { clang: ['clang'], 'wasm-ld': ['wasm-ld'], 'llvm-ar': ['llvm-ar'], 'llvm-ranlib': ['llvm-ranlib'] },
		libraries: '',
		start: '',
		inProcess: true,
		builtins: '',
		run: async (_tool, args) => {
			// The support code has several files.
			if (!args.includes(`c/${module}.c`) && module !== 'fast') return { exitCode: 0, stdout: '', output: '' };
			const output = say(generated.get(`c/${module}.c`) ?? '', root);
			return { exitCode: output === '' ? 0 : 1, stdout: '', output };
		},
		openForMake: async () => ({}),
		close: async () => {},
	};
	const base = makeStep({
		id: 'base',
		title: '',
		inputs: {},
		run: async ({ out }) => {
			await mkdir(join(out, 'include'));
		},
	});
	const steps = compileSteps({
		manifest,
		generated,
		support: programPart(manifest, generated),
		toolchain,
		base,
		epoch: 0,
	});
	const step = steps.find(({ id }) => id === `compile:${module}`);
	if (!step) throw new Error('there is no such step');
	const store = await openStore(root);
	onTestFinished(() => store.close());
	const machine = nativeMachine('');
	const run = execute([base, step], [step], {
		store,
		machine,
		toolchain: found(toolchain),
		jobs: 1,
		signal: undefined,
		logs: join(root, 'logs'),
		onEvent: () => {},
	});
	const error: unknown = await run.catch((reason: unknown) => reason);
	if (!(error instanceof CpybuildError)) throw error;
	return renderPretty(error.diagnostics)
		.replaceAll(root, '<root>')
		.replace(/( {4}command: \S+) .*/, '$1 …');
}

/** The number of the line that begins as given. */
const lineOf = (text: string, start: string) => text.split('\n').findIndex((line) => line.startsWith(start)) + 1;

test('an error in generated code leads to the signature that it was made for', async () => {
	const shown = await compileWith(
		'demo',
		(text) =>
			`c/demo.c:${lineOf(text, '/* import demo.baz */') + 3}:5: error: use of undeclared identifier 'x'\n1 error generated.\n`,
	);
	expect(shown.replace(/demo\.c:\d+/g, 'demo.c:<line>')).toMatchInlineSnapshot(`
		"error[build/compile-failed]: could not compile c/demo.c: clang ended with exit code 1: c/demo.c:<line>:5: error: use of undeclared identifier 'x'
		  --> <root>/project.yaml:6:26
		   |
		 6 |       baz: { signature: "func(a: string) -> bool" }
		   |                          ^^^^^^^^^^^^^^^^^^^^^^^
		    command: clang …
		    output:
		      c/demo.c:<line>:5: error: use of undeclared identifier 'x'
		      1 error generated.
		    full log: <root>/logs/compile-demo.log
		   = hint: the generated code should always compile: report it, with this part of the manifest
		"
	`);
});

test('one before the first function leads to the module', async () => {
	const shown = await compileWith('demo', () => "c/demo.c:1:1: fatal error: 'Python.h' file not found\n");
	expect(shown).toMatchInlineSnapshot(`
		"error[build/compile-failed]: could not compile c/demo.c: clang ended with exit code 1: c/demo.c:1:1: fatal error: 'Python.h' file not found
		  --> <root>/project.yaml:3:3
		   |
		 3 |   demo:
		   |   ^^^^
		    command: clang …
		    output:
		      c/demo.c:1:1: fatal error: 'Python.h' file not found
		    full log: <root>/logs/compile-demo.log
		   = hint: the generated code should always compile: report it, with this part of the manifest
		"
	`);
});

test('one in a header that no function of the manifest has a part in leads to the module too', async () => {
	const shown = await compileWith('demo', () => 'c/cpybuild.h:9:1: error: unknown type name\n');
	expect(shown.split('\n').slice(0, 5).join('\n')).toMatchInlineSnapshot(`
		"error[build/compile-failed]: could not compile c/demo.c: clang ended with exit code 1: c/cpybuild.h:9:1: error: unknown type name
		  --> <root>/project.yaml:3:3
		   |
		 3 |   demo:
		   |   ^^^^"
	`);
});

test('one in the support code has no place in the manifest', async () => {
	const shown = await compileWith('_cpybuild', () => 'c/_cpybuild.c:9:1: error: unknown type name\n');
	expect(shown).toMatchInlineSnapshot(`
		"error[build/compile-failed]: could not compile c/_cpybuild.c: clang ended with exit code 1: c/_cpybuild.c:9:1: error: unknown type name
		    command: clang …
		    output:
		      c/_cpybuild.c:9:1: error: unknown type name
		    full log: <root>/logs/compile-_cpybuild.log
		"
	`);
});

test('a file that changes while it is compiled is not kept', async () => {
	const shown = await compileWith('fast', (_, folder) => {
		writeFileSync(join(folder, 'fast.c'), 'int two;\n');
		return '';
	});
	expect(shown).toBe(`error[build/step-failed]: "fast.c" changed while it was read
   = hint: run the command again
`);
});
