import { readdirSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sha256OfFile } from '../cache/key.js';
import type { Cpython } from '../cpython/choose.js';
import { hostRunnerCommand } from '../hostrunner/command.js';
import { packageFolder } from '../own-files.js';
import { requireSuccess } from './command-failure.js';
import { makeStep } from './make-step.js';
import type { Step, StepContext } from './step.js';

/** Parts of the standard library that nobody runs in a sandbox: tests, and what needs a screen or a network installer. */
const LEFT_OUT = /(^|\/)(test|tests|idlelib|idle_test|tkinter|turtledemo|ensurepip|__pycache__)(\/|$)|^turtle\.py$/;

/** The standard library as python.wasm finds it: `lib/python3.13`, with bytecode made by the built interpreter itself. */
export function stdlibStep(source: Step, base: Step, cpython: Cpython): Step {
	const template = (name: string) => join(packageFolder(), 'templates/stdlib', name);
	const compile = template('compile.py');
	const rewrite = template('sysconfigdata.py');
	return makeStep({
		id: 'stdlib',
		title: 'compile the standard library',
		needs: [source, base],
		inputs: { minor: cpython.recipe.minor, scripts: [sha256OfFile(compile), sha256OfFile(rewrite)] },
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
			const python = join(context.output(base), 'python.wasm');
			const data = readdirSync(library).filter((name) => /^_sysconfigdata.*\.py$/.test(name));
			await runScript(context, python, rewrite, library, data);
			await compileAll(context, python, compile, library);
			await copyLicenses(context.output(source), join(context.out, 'licenses'));
		},
	});
}

/** Compiles every module, with one interpreter per processor. */
async function compileAll(context: StepContext, python: string, script: string, library: string): Promise<void> {
	const modules = readdirSync(library, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.py'))
		.sort();
	await Promise.all(
		Array.from({ length: context.jobs }, (_, share) => {
			const mine = modules.filter((_, index) => index % context.jobs === share);
			return runScript(context, python, script, library, mine);
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
	const argv = [...hostRunnerCommand(), python, '-B', '-c', program] as const;
	const result = await context.exec({
		argv,
		cwd: context.out,
		env: {
			CPYBUILD_MOUNTS: `/=${context.out}`,
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

/** The licences of CPython and of the libraries in its tree, and a note on the C library. */
async function copyLicenses(tree: string, to: string): Promise<void> {
	await mkdir(to);
	await cp(join(tree, 'LICENSE'), join(to, 'CPython.txt'));
	await cp(join(tree, 'Modules/expat/COPYING'), join(to, 'expat.txt'));
	await cp(join(packageFolder(), 'templates/licenses/README.md'), join(to, 'README.md'));
}
