import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import pLimit from 'p-limit';
import { sha256 } from '../cache/key.js';
import { CpybuildError, type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import type { Files } from '../generate/files.js';
import type { HostModule, Manifest, Module, NativeModule } from '../manifest/manifest.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { includeFolders } from './base/base.js';
import { fixedTimeFlags, optimizeFlags } from './base/make.js';
import { commandFailure, firstError } from './command-failure.js';
import { requireKnown, toolchainHeaders } from './dependencies.js';
import { makeStep } from './make-step.js';
import { type FileHashes, hashFiles, moduleFiles, moduleFolders, nameOf, requireUnchanged } from './module-files.js';
import { type PlainNames, withPlainNames } from './plain-names.js';
import type { Step, StepContext } from './step.js';

/** What all compilations of a build share. */
export interface CompileOptions {
	readonly manifest: Manifest;
	readonly generated: Files;
	/** The C files of the interpreter itself, and their headers. */
	readonly support: Files;
	readonly toolchain: ToolchainRecord;
	readonly base: Step;
	/** What C code sees as the time, seconds since 1970. */
	readonly epoch: number;
}

/** What the object files of a module are made of, besides the base's headers. */
export interface CompileInputs {
	/** Raised when this step's code makes other object files of the same inputs. */
	readonly revision: 2;
	readonly toolchain: ToolchainRecord['identity'];
	/** Arguments of the compiler, in order; folders as the manifest's folder sees them, ours by name: `<base>`. */
	readonly flags: readonly string[];
	/** C files, in the order in which their objects are linked; as the manifest's folder sees them. */
	readonly sources: readonly string[];
	/** The user's C files and all that they include, as the manifest's folder sees them → sha256. */
	readonly files: FileHashes;
	/** Generated files that the compiler sees → sha256. */
	readonly generated: FileHashes;
}

/** A C file to compile: generated text, or a file of the user's. */
interface Unit {
	/** Name of the object file without `.o`. */
	readonly name: string;
	/** Path in the generated files, or absolute path of the user's file. */
	readonly path: string;
}

/** The C files of one step. */
interface Compilation {
	readonly module: Module | undefined;
	readonly units: readonly Unit[];
	/** Generated files that the compiler sees. */
	readonly texts: Files;
	/** The user's files that the compiler may read, absolute. */
	readonly files: ReadonlySet<string>;
	readonly flags: (places: Places) => readonly string[];
}

/** How folders are called on a command line: by their paths when it runs, by names in a key. */
interface Places {
	/** The output of the base step. */
	readonly base: string;
	/** Where the generated files are. */
	readonly generated: string;
	/** A folder of the user's. */
	own(path: string): string;
}

/**
 * One step for the support code, and one per module. Sorted by name, since the order of modules in a manifest means
 * nothing.
 */
export function compileSteps(options: CompileOptions): readonly Step[] {
	const modules = [...options.manifest.modules].sort((a, b) => (a.name < b.name ? -1 : 1));
	return [
		supportStep(options),
		...modules.map((module) => (module.kind === 'host' ? stubStep(module, options) : nativeStep(module, options))),
	];
}

/** Compiles the support code, which is in every interpreter: hosts may enter one that imports nothing of theirs. */
function supportStep(options: CompileOptions): Step {
	const texts = options.support;
	return compileStep('_cpybuild', options, {
		module: undefined,
		units: [...texts.keys()]
			.filter((path) => path.endsWith('.c'))
			.map((path) => ({ name: basename(path, '.c'), path })),
		texts,
		files: new Set(),
		flags: (places) => [...commonFlags(options), ...placeFlags(places)],
	});
}

/** Compiles the generated C file of a host module. */
function stubStep(module: HostModule, options: CompileOptions): Step {
	const path = `c/${module.name}.c`;
	const headers = ['cpybuild.h', 'cpybuild_types.h'].filter(
		(name) => name === 'cpybuild.h' || options.generated.get(path)?.includes(`#include "${name}"`),
	);
	return compileStep(module.name, options, {
		module,
		units: [{ name: module.name, path }],
		texts: pick(options.generated, [...headers.map((name) => `c/${name}`), path]),
		files: new Set(),
		flags: (places) => [...commonFlags(options), ...placeFlags(places)],
	});
}

/** Compiles the C files of a native module. */
function nativeStep(module: NativeModule, options: CompileOptions): Step {
	const { folder } = options.manifest;
	const prefixOf = (path: string) => nameOf(join(path, 'x'), options.manifest).slice(0, -1);
	const flags = (places: Places) => [
		...commonFlags(options),
		...Object.entries(module.define)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, value]) => `-D${name}=${value}`),
		...module.cflags,
		...module.include.map((path) => `-I${places.own(path)}`),
		// Messages of assert() and debug information name files as the manifest's folder sees them.
		...moduleFolders(module, folder).map((path) => `-ffile-prefix-map=${places.own(path)}/=${prefixOf(path)}`),
		...placeFlags(places),
	];
	const names = new Set<string>();
	return compileStep(module.name, options, {
		module,
		units: module.sources.map((path) => ({ name: objectName(path, names), path })),
		texts: pick(options.generated, ['c/cpybuild.h', `c/${module.name}_imports.h`]),
		files: new Set(moduleFiles(module).present),
		flags,
	});
}

function compileStep(name: string, options: CompileOptions, compilation: Compilation): Step {
	const { manifest } = options;
	const { module, units, texts, flags } = compilation;
	const readFiles = (): FileHashes => (module?.kind === 'native' ? hashFiles(module, manifest) : {});
	const files = readFiles();
	const named = { base: '<base>', generated: '<generated>', own: (path: string) => nameOf(path, manifest) || '.' };
	const inputs: CompileInputs = {
		revision: 2,
		toolchain: options.toolchain.identity,
		flags: flags(named),
		sources: units.map(({ path }) => (isAbsolute(path) ? nameOf(path, manifest) : path)),
		files,
		generated: Object.fromEntries([...texts].map(([path, text]) => [path, sha256(text)])),
	};
	return makeStep({
		id: `compile:${name}`,
		title: `compile ${name}`,
		needs: [options.base],
		inputs,
		run: async (context) => {
			await compile(compilation, options, context);
			requireUnchanged(files, readFiles());
		},
	});
}

function pick(generated: Files, paths: readonly string[]): Files {
	return new Map(
		paths.flatMap((path) => {
			const text = generated.get(path);
			return text === undefined ? [] : [[path, text] as const];
		}),
	);
}

/** Two sources in different folders may have the same name. */
function objectName(path: string, used: Set<string>): string {
	const stem = basename(path).replace(/\.[^.]*$/, '');
	let name = stem;
	for (let count = 2; used.has(name); count++) name = `${stem}-${count}`;
	used.add(name);
	return name;
}

function commonFlags({ manifest, epoch }: CompileOptions): readonly string[] {
	const optimize = optimizeFlags(manifest.build).filter((flag) => flag !== '-w');
	return ['-std=c11', ...optimize, '-fno-strict-overflow', '-fvisibility=hidden', '-Wall', ...fixedTimeFlags(epoch)];
}

/** Generated files and CPython's headers are found, and named without the folders of this machine and this run. */
function placeFlags({ base, generated }: Places): readonly string[] {
	return [
		'-ffile-compilation-dir=.',
		`-ffile-prefix-map=${generated}/=`,
		`-ffile-prefix-map=${base}/=cpython/`,
		`-I${generated}/c`,
		...includeFolders(base)
			.slice(0, 1)
			.map((path) => `-I${path}`),
	];
}

async function compile(compilation: Compilation, options: CompileOptions, context: StepContext): Promise<void> {
	const { module, units, texts } = compilation;
	const manifestFolder = options.manifest.folder;
	await context.store.scratch(async (folder) => {
		for (const [path, text] of texts) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		const base = context.output(options.base);
		const toolchain = await context.toolchain();
		const own = module?.kind === 'native' ? moduleFiles(module).present : [];
		const compileUnit = async ({ name, path }: Unit, names: PlainNames): Promise<readonly Diagnostic[]> => {
			const flags = compilation.flags({ base: names.to(base), generated: names.to(folder), own: names.to });
			const shown = isAbsolute(path) ? relative(manifestFolder, path) : path;
			const rule = join(folder, `${name}.d`);
			const object = join(context.out, `${name}.o`);
			const reads = [...includeFolders(names.to(base)), ...own.map(names.to)];
			const args = [...flags, ...(toolchain.inProcess ? [] : ['-MD', '-MF', rule]), '-c', names.to(path), '-o', object];
			const place = { cwd: folder, reads, writes: [folder, context.out] };
			const result = await toolchain.run('clang', args, place, context.runOptions);
			if (result.exitCode === 0) {
				const headers = toolchainHeaders(toolchain);
				if (headers) {
					const files = new Set([...compilation.files].map(names.to));
					const readable = { files, folders: [folder, ...[folder, base].map(names.to)], toolchain: headers };
					const span = module && { span: module.span };
					const about = { cwd: folder, source: shown, manifestFolder: names.to(manifestFolder), ...span };
					requireKnown(await readFile(rule, 'utf8'), readable, about);
				}
				return [];
			}
			const failure = commandFailure({
				purpose: `compile ${shown}`,
				argv: ['clang', ...args.map(names.back)],
				result: { ...result, output: names.back(result.output) },
				logPath: context.logPath,
				code: 'build/compile-failed',
			});
			return [isAbsolute(path) ? failure : leadHome(failure, result.output, module, options)];
		};
		const limit = pLimit(context.jobs);
		const places = [folder, base, ...(module?.kind === 'native' ? moduleFolders(module, manifestFolder) : [])];
		const ended = await withPlainNames(places, (names) =>
			Promise.allSettled(units.map((unit) => limit(compileUnit, unit, names))),
		);
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
	if (!module) {
		const names = readdirSync(output).filter((name) => name.endsWith('.o'));
		return names.sort().map((name) => join(output, name));
	}
	if (module.kind === 'host') return [join(output, `${module.name}.o`)];
	const names = new Set<string>();
	return module.sources.map((path) => join(output, `${objectName(path, names)}.o`)).filter((path) => existsSync(path));
}
