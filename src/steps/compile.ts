import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import pLimit from 'p-limit';
import { sha256, sha256OfFile } from '../cache/key.js';
import { CpybuildError, type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { Files } from '../generate/files.js';
import type { Manifest, Module, NativeModule } from '../manifest/manifest.js';
import { includedFiles } from '../toolchain/included-files.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { includeFolders } from './base/base.js';
import { optimizeFlags } from './base/make.js';
import { commandFailure, firstError } from './command-failure.js';
import { makeStep } from './make-step.js';
import type { Step, StepContext } from './step.js';

/** What all compilations of a build share. */
export interface CompileOptions {
	readonly manifest: Manifest;
	readonly generated: Files;
	readonly toolchain: ToolchainRecord;
	readonly base: Step;
}

/** A C file to compile: generated text, or a file of the user's. */
interface Unit {
	/** Name of the object file without `.o`. */
	readonly name: string;
	/** Path in the generated files, or absolute path of the user's file. */
	readonly path: string;
	readonly generated: boolean;
}

/** One step per module, and one for the support code when any host function is imported. */
export function compileSteps(options: CompileOptions): readonly Step[] {
	const support = options.generated.has('c/_cpybuild.c') ? [stubStep('_cpybuild', undefined, options)] : [];
	const modules = options.manifest.modules.map((module) =>
		module.kind === 'host' ? stubStep(module.name, module, options) : nativeStep(module, options),
	);
	return [...support, ...modules];
}

/** Compiles the generated C file of a host module, or of the support code. */
function stubStep(name: string, module: Module | undefined, options: CompileOptions): Step {
	const texts = ['c/cpybuild.h', `c/${name}.c`].map((path) => options.generated.get(path) ?? '');
	const flags = compileFlags(options.manifest);
	return makeStep({
		id: `compile:${name}`,
		title: `compile ${name}`,
		needs: [options.base],
		inputs: { toolchain: options.toolchain.identity, flags, texts: texts.map((text) => sha256(text)) },
		run: (context) => compile([{ name, path: `c/${name}.c`, generated: true }], flags, module, options, context),
	});
}

/** Compiles the C files of a native module. */
function nativeStep(module: NativeModule, options: CompileOptions): Step {
	const { folder } = options.manifest;
	const fromFolder = (path: string) => relative(folder, path);
	const places = [folder, ...module.include, ...module.sources.map((path) => dirname(path))];
	const settled = [
		...compileFlags(options.manifest),
		...Object.entries(module.define).map(([name, value]) => `-D${name}=${value}`),
		...module.cflags,
	];
	const flags = [
		...settled,
		...module.include.map((path) => `-I${path}`),
		// Messages of assert() and debug information name files as the manifest's folder sees them.
		...new Set(places.map((path) => `-ffile-prefix-map=${path}/=${fromFolder(join(path, 'x')).slice(0, -1)}`)),
	];
	const header = options.generated.get(`c/${module.name}_imports.h`);
	const readFiles = () => {
		const { present } = includedFiles(module.sources, module.include);
		return Object.fromEntries(present.map((path) => [fromFolder(path), sha256OfFile(path)]));
	};
	const files = readFiles();
	return makeStep({
		id: `compile:${module.name}`,
		title: `compile ${module.name}`,
		needs: [options.base],
		inputs: {
			toolchain: options.toolchain.identity,
			flags: settled,
			include: module.include.map(fromFolder),
			header: header === undefined ? null : sha256(header + (options.generated.get('c/cpybuild.h') ?? '')),
			files,
		},
		run: async (context) => {
			const names = new Set<string>();
			const units = module.sources.map((path) => ({ name: objectName(path, names), path, generated: false }));
			await compile(units, flags, module, options, context);
			requireUnchanged(files, readFiles());
		},
	});
}

/** What was compiled must be what the key was made of, else the store would give it to others as that. */
function requireUnchanged(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): void {
	const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].find(
		(path) => before[path] !== after[path],
	);
	if (changed === undefined) return;
	fail({
		code: 'build/step-failed',
		message: `"${changed}" changed while it was compiled`,
		hint: 'run the command again',
	});
}

/** Two sources in different folders may have the same name. */
function objectName(path: string, used: Set<string>): string {
	const stem = basename(path).replace(/\.[^.]*$/, '');
	let name = stem;
	for (let count = 2; used.has(name); count++) name = `${stem}-${count}`;
	used.add(name);
	return name;
}

function compileFlags(manifest: Manifest): readonly string[] {
	const { build } = manifest;
	const warnings = optimizeFlags(build).filter((flag) => flag !== '-w');
	return ['-std=c11', ...warnings, '-fno-strict-overflow', '-fvisibility=hidden', '-Wall'];
}

async function compile(
	units: readonly Unit[],
	flags: readonly string[],
	module: Module | undefined,
	options: CompileOptions,
	context: StepContext,
): Promise<void> {
	await context.store.scratch(async (folder) => {
		for (const [path, text] of options.generated) {
			if (!path.startsWith('c/')) continue;
			await mkdir(dirname(join(folder, path)), { recursive: true });
			await writeFile(join(folder, path), text);
		}
		const base = context.output(options.base);
		const toolchain = await context.toolchain();
		const common = [
			...flags,
			// Generated files and CPython's headers are named without the folders of this machine and this run.
			'-ffile-compilation-dir=.',
			`-ffile-prefix-map=${folder}/=`,
			`-ffile-prefix-map=${base}/=cpython/`,
			`-I${join(folder, 'c')}`,
			...includeFolders(base)
				.slice(0, 1)
				.map((path) => `-I${path}`),
		];
		const compileUnit = async (unit: Unit): Promise<readonly Diagnostic[]> => {
			const args = [...common, '-c', unit.path, '-o', join(context.out, `${unit.name}.o`)];
			const result = await toolchain.run('clang', args, folder, context.runOptions);
			if (result.exitCode === 0) return [];
			const failure = commandFailure({
				purpose: `compile ${unit.generated ? unit.path : relative(options.manifest.folder, unit.path)}`,
				argv: ['clang', ...args],
				result,
				logPath: context.logPath,
				code: 'build/compile-failed',
			});
			return [unit.generated ? leadHome(failure, result.output, module, options) : failure];
		};
		const limit = pLimit(context.jobs);
		const ended = await Promise.allSettled(units.map((unit) => limit(compileUnit, unit)));
		const broken = ended.find((one) => one.status === 'rejected');
		if (broken) throw broken.reason;
		const failures = ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
		if (failures.length > 0) throw new CpybuildError(failures);
	});
}

/** Points a compiler's error in a generated file at the function of the manifest that the code was made for. */
function leadHome(
	failure: Diagnostic,
	output: string,
	module: Module | undefined,
	options: CompileOptions,
): Diagnostic {
	if (!module) return failure;
	const functions = module.kind === 'host' ? module.functions : module.imports;
	const place = firstError(output.split('\n'))?.match(/^(?<path>[^:]+):(?<line>\d+):/)?.groups;
	const lines =
		options.generated
			.get(place?.path ?? '')
			?.split('\n')
			.slice(0, Number(place?.line)) ?? [];
	const name = lines
		.map((line) => line.match(/^\/\* import \w+\.(\w+) \*\/$/)?.[1])
		.filter((one) => one !== undefined)
		.at(-1);
	const span = functions.find((one) => one.name === name)?.signatureSpan ?? module.span;
	return diagnostic({
		...failure,
		span,
		hint: 'the generated code should always compile: report it, with this part of the manifest',
	});
}

/** The object files that a compile step left in its output, for the link. */
export function objectFiles(module: Module | undefined, output: string): readonly string[] {
	if (!module || module.kind === 'host') return [join(output, `${module?.name ?? '_cpybuild'}.o`)];
	const names = new Set<string>();
	return module.sources.map((path) => join(output, `${objectName(path, names)}.o`)).filter((path) => existsSync(path));
}
