import { readdirSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pLimit from 'p-limit';
import { sha256OfFile } from '../cache/key.js';
import type { Cpython } from '../cpython/choose.js';
import { hostRunnerCommand, hostRunnerFiles } from '../hostrunner/command.js';
import { packageFolder } from '../own-files.js';
import { findBundled } from '../sbom/bundled.js';
import { type CpythonParts, PARTS_FILE } from '../sbom/parts.js';
import { requireSuccess } from './command-failure.js';
import { makeStep } from './make-step.js';
import { patchesOf } from './source.js';
import type { Step, StepContext } from './step.js';

/** Parts of the standard library that nobody runs in a sandbox: tests, and what needs a screen or a network installer. */
const LEFT_OUT = /(^|\/)(test|tests|idlelib|idle_test|tkinter|turtledemo|ensurepip|__pycache__)(\/|$)|^turtle\.py$/;

/** Templates that get into the standard library's files. */
const TEMPLATES = ['stdlib/compile.py', 'licenses/README.md'];

/** What the standard library is made of, besides CPython's source and the base. */
export interface StdlibInputs {
	/** Raised when this step's code makes other files of the same inputs. */
	readonly revision: 1;
	/** CPython's minor version, which names the folder. */
	readonly minor: string;
	/** Files of cpybuild's templates, by their path in there → sha256. */
	readonly templates: Readonly<Record<string, string>>;
	/** Which paths of `Lib` are left out, as a regular expression. */
	readonly leftOut: string;
}

/** The standard library as python.wasm finds it: `lib/python3.13`, with bytecode made by the built interpreter itself. */
export function stdlibStep(source: Step, base: Step, cpython: Cpython): Step {
	const template = (path: string) => join(packageFolder(), 'templates', path);
	const compile = template('stdlib/compile.py');
	const inputs: StdlibInputs = {
		revision: 1,
		minor: cpython.recipe.minor,
		templates: Object.fromEntries(TEMPLATES.map((path) => [path, sha256OfFile(template(path))])),
		leftOut: LEFT_OUT.source,
	};
	return makeStep({
		id: 'stdlib',
		title: 'compile the standard library',
		needs: [source, base],
		inputs,
		run: async (context) => {
			const library = join(context.out, 'lib', `python${cpython.recipe.minor}`);
			const from = join(context.output(source), 'Lib');
			await cp(from, library, {
				recursive: true,
				filter: (path) => !LEFT_OUT.test(relative(from, path)),
			});
			const sysconfig = join(context.output(base), 'sysconfig');
			await cp(sysconfig, library, { recursive: true });
			// Without this folder the interpreter warns that it cannot find its platform dependent libraries.
			await mkdir(join(library, 'lib-dynload'), { recursive: true });
			await writeFile(
				join(library, 'lib-dynload/README'),
				'Nothing is loaded dynamically: all modules are in python.wasm.\n',
			);
			await compileAll(context, join(context.output(base), 'python.wasm'), compile, library);
			await copyLicenses(context.output(source), join(context.out, 'licenses'));
			await writeParts(cpython, context.output(source), context.output(base), context.out);
		},
	});
}

/**
 * How many interpreters compile the library, whatever the number of jobs: what one of them has compiled before may
 * show in bytecode, by which objects it shares.
 */
const SHARES = 2;

/** Compiles every module to bytecode. */
async function compileAll(context: StepContext, python: string, script: string, library: string): Promise<void> {
	const modules = readdirSync(library, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.py'))
		.sort();
	const limit = pLimit(context.jobs);
	await Promise.all(
		Array.from({ length: SHARES }, (_, share) => {
			const mine = modules.filter((_, index) => index % SHARES === share);
			return limit(() => runScript(context, python, script, library, mine));
		}),
	);
}

/** Runs a script of `templates/stdlib` in the built interpreter, which gets the paths of modules on its standard input. */
async function runScript(
	context: StepContext,
	python: string,
	script: string,
	library: string,
	modules: readonly string[],
): Promise<void> {
	const guest = `/${relative(context.out, library)}`;
	const program = await readFile(script, 'utf8');
	const argv = [...hostRunnerCommand(context.machine.node), python, '-B', '-c', program] as const;
	const result = await context.exec({
		argv,
		cwd: context.out,
		reads: [...hostRunnerFiles(), python],
		writes: [context.out],
		env: {
			CPYBUILD_MOUNTS: JSON.stringify({ '/': context.out }),
			CPYBUILD_ENV: JSON.stringify({ PYTHONHOME: '/', PYTHONHASHSEED: '0' }),
		},
		input: modules.map((path) => `${guest}/${path}\n`).join(''),
	});
	requireSuccess({
		purpose: 'prepare the standard library',
		argv: ['python.wasm', script],
		result,
		logPath: context.logPath,
	});
}

/** Notes what of others is in CPython, for the bill of materials: only here is its source at hand. */
async function writeParts(cpython: Cpython, tree: string, base: string, out: string): Promise<void> {
	const read = (...path: readonly string[]) => readFile(join(...path), 'utf8');
	const parts: CpythonParts = {
		bundled: await findBundled(tree, await read(base, 'Modules/config.c'), await read(base, 'include/pyconfig.h')),
		patches: await Promise.all(patchesOf(cpython.recipe.minor).map((path) => read(path))),
	};
	await writeFile(join(out, PARTS_FILE), `${JSON.stringify(parts, undefined, '\t')}\n`);
}

/** The licences of CPython and of the libraries in its tree, and a note on the C library. */
async function copyLicenses(tree: string, to: string): Promise<void> {
	await mkdir(to);
	await cp(join(tree, 'LICENSE'), join(to, 'CPython.txt'));
	await cp(join(tree, 'Modules/expat/COPYING'), join(to, 'expat.txt'));
	await cp(join(packageFolder(), 'templates/licenses/README.md'), join(to, 'README.md'));
}
