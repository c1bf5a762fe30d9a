import type { Cpython } from '../../cpython/choose.js';
import type { BuildSettings } from '../../manifest/manifest.js';
import { requireSuccess } from '../command-failure.js';
import type { StepContext } from '../step.js';
import type { Workspace } from './workspace.js';

/** The freezer: a small Python that compiles modules to bytecode in C arrays. */
const FREEZER = 'Programs/_freeze_module';
const BOOTSTRAP_PYTHON = '_bootstrap_python';

/** Stack and memory of the bootstrap interpreter, whose makefile rule leaves out those of python.wasm. */
const BOOTSTRAP_LINK = '-Wl,-z,stack-size=8388608 -Wl,--stack-first -Wl,--initial-memory=41943040';

/** Compiler flags for the manifest's settings, in place of CPython's `OPT`. */
export function optimizeFlags(settings: BuildSettings): readonly string[] {
	const level = { release: '-O3', size: '-Os', none: '-O1' }[settings.optimize];
	return [
		...(settings.pydebug ? [] : ['-DNDEBUG']),
		// Unoptimised code needs more stack than recursion limits allow for, so `none` is -O1.
		settings.pydebug ? '-O1' : level,
		...(settings.debug ? ['-g'] : []),
		// Warnings about CPython's own code are nothing that a user of cpybuild can act on.
		'-w',
	];
}

/**
 * Compiles CPython in the configured workspace: `python.wasm`, `libpython3.x.a`, and sysconfig's data.
 *
 * Upstream needs a native Python of the same version for freezing modules; here the freezer is compiled for WASI
 * like the rest, from nearly the same objects, and runs under Node.
 */
export async function makeCpython(
	workspace: Workspace,
	cpython: Cpython,
	settings: BuildSettings,
	context: StepContext,
) {
	const freezer = workspace.hostRunner(FREEZER, {});
	const frozen = [`FREEZE_MODULE=${freezer}`, 'FREEZE_MODULE_DEPS='];
	const bootstrap = [`FREEZE_MODULE_BOOTSTRAP=${freezer}`, 'FREEZE_MODULE_BOOTSTRAP_DEPS='];
	const make = makeRunner(workspace, cpython, settings, context);
	await make('compile CPython', [FREEZER], bootstrap);
	const variables = [...bootstrap, ...frozen];
	if (cpython.recipe.deepfreeze) {
		await make('compile the bootstrap interpreter', [BOOTSTRAP_PYTHON], variables);
		// It ignores PYTHONDONTWRITEBYTECODE, and the source tree is an entry of the store, which nobody changes.
		const python = workspace.hostRunner(BOOTSTRAP_PYTHON, { PYTHONHASHSEED: '0' });
		variables.push(`PYTHON_FOR_FREEZE=${python} -B`);
	}
	await make('compile CPython', ['python.wasm'], variables);
	const python = workspace.hostRunner('python.wasm', {
		PYTHONPATH: '/source/Lib',
		PYTHONHASHSEED: '0',
		// The source tree is an entry of the store, which nobody changes.
		PYTHONDONTWRITEBYTECODE: '1',
		_PYTHON_PROJECT_BASE: '/',
		_PYTHON_HOST_PLATFORM: 'wasi-wasm32',
	});
	await make("write sysconfig's data", ['pybuilddir.txt'], [...variables, `PYTHON_FOR_BUILD=${python}`]);
}

/** Settings of make for every target. */
export function makeVariables(cpython: Cpython, settings: BuildSettings): readonly string[] {
	// Compilers put the time of the build into getbuildinfo.o; equal inputs must give equal bytes.
	const fixed = fixedTimeFlags(cpython.epoch).map((flag) => `'${flag}'`);
	return [
		`OPT=${optimizeFlags(settings).join(' ')}`,
		`CFLAGS_NODIST=${fixed.join(' ')}`,
		`CONFIGURE_LDFLAGS_NOLTO=${BOOTSTRAP_LINK}`,
		'GITVERSION=',
		'GITTAG=',
		'GITBRANCH=',
	];
}

function makeRunner(workspace: Workspace, cpython: Cpython, settings: BuildSettings, context: StepContext) {
	const settled = makeVariables(cpython, settings);
	return async (purpose: string, targets: readonly string[], variables: readonly string[]) => {
		const argv = ['make', `-j${context.jobs}`, ...targets, ...settled, ...variables] as const;
		const command = { ...workspace.place, env: workspace.compiling };
		const dry = await context.machine.run(
			{ ...command, argv: ['make', '-n', ...argv.slice(2)], isDry: true },
			{ signal: context.signal },
		);
		const total = dry.stdout.split('\n').filter((line) => COMPILE.test(line)).length;
		let done = 0;
		const result = await context.machine.run(
			{ ...command, argv },
			{
				signal: context.signal,
				onLine: (line) => {
					context.log(line);
					if (COMPILE.test(line)) context.progress(Math.min(++done, total), total);
				},
			},
		);
		requireSuccess({ purpose, argv: ['make', ...targets], result, logPath: context.logPath });
	};
}

const COMPILE = /^cpybuild-cc .*-c /;

/** Compiler flags by which C code sees the same time in every build, as `__DATE__` and its like spell it: `Jun  1 2025`. */
export function fixedTimeFlags(epoch: number): readonly string[] {
	const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(epoch * 1000).toUTCString().split(/,? /);
	const date = `${month} ${String(Number(day)).padStart(2)}`;
	const macros = { DATE: `${date} ${year}`, TIME: time, TIMESTAMP: `${weekday} ${date} ${time} ${year}` };
	return ['-Wno-builtin-macro-redefined', ...Object.entries(macros).map(([name, value]) => `-D__${name}__="${value}"`)];
}
