import { dirname, isAbsolute, resolve } from 'node:path';
import { witName } from '../wit/name.js';
import { parseDefault } from './default-value.js';
import { type ExportEntry, exportEntries } from './export-entry.js';
import { errorModules, typesModuleName } from './export-modules.js';
import { type FunctionEntry, moduleFunctions } from './function-entry.js';
import { DEFAULT_BASE, type ImageChoice, imageName } from './image-name.js';
import { keySpan, type Path, scalarSource, textSpan, valueSpan } from './locate.js';
import type {
	BuildSettings,
	DefaultValue,
	ExportedFunction,
	ExportedInterface,
	HostFunction,
	HostModule,
	Manifest,
	Module,
	PythonChoice,
} from './manifest.js';
import type { ManifestTypes } from './module-types.js';
import { pythonVariable } from './python-spelling.js';
import type { RuleContext } from './rule.js';
import type { ManifestInput, ModuleInput } from './schema.js';
import { parseSize } from './size.js';
import { parseToolchainChoice, parseWasiSdkVersion } from './toolchain-choice.js';
import { minorOf } from './version.js';
import type { WitExport, WitModule } from './wit-folder.js';
import type { WitSource } from './wit-source.js';
import type { YamlSource } from './yaml-source.js';

/** Makes the manifest of data in which no rule found a mistake: paths absolute, texts parsed, names in one spelling. */
export function resolveManifest(
	{ source, input, types, wit }: Pick<RuleContext, 'source' | 'input' | 'types' | 'wit'>,
	folder: string,
): Manifest {
	const declared = [
		...Object.entries(input.modules).map(([name, module]) => resolveModule(source, name, module, types, folder)),
		...(wit?.world.modules ?? []).map((module) => witModule(module, wit)),
	];
	const exports = [
		...Object.entries(input.exports ?? {}).map(([name, one]) =>
			exportedInterface(source, exportEntries(input, types), name, one),
		),
		...(wit?.world.exports ?? []).map((one) => witExport(one, wit)),
	];
	return {
		file: source.file,
		folder,
		wholePaths: Object.values(input.modules)
			.flatMap(({ sources = [], include = [], libs = [] }) => [
				...sources.map((path) => dirname(path)),
				...include,
				...libs,
			])
			.filter((path) => isAbsolute(path))
			.map((path) => resolve(path)),
		python: pythonChoice(source, input.python, folder),
		modules: [...declared, ...errorModules(exports, declared)],
		witFiles: wit?.paths ?? [],
		exports,
		build: buildSettings(input.build),
	};
}

function pythonChoice(source: YamlSource, python: ManifestInput['python'], folder: string): PythonChoice {
	const { version, source: from } = typeof python === 'string' ? { version: python, source: undefined } : python;
	const path = typeof python === 'string' ? ['python'] : ['python', 'version'];
	const choice = { version, minor: checked(minorOf(version)), span: valueSpan(source, path) };
	if (from === undefined) return choice;
	if ('path' in from) return { ...choice, source: { kind: 'path', path: resolve(folder, from.path) } };
	return { ...choice, source: { kind: 'url', url: from.url, sha256: from.sha256.toLowerCase() } };
}

function resolveModule(
	source: YamlSource,
	name: string,
	module: ModuleInput,
	types: ManifestTypes,
	folder: string,
): Module {
	const path = ['modules', name];
	const shared = {
		name,
		...(module.doc === undefined ? {} : { doc: module.doc }),
		span: keySpan(source, path),
	};
	const functions = (key: 'functions' | 'imports') =>
		moduleFunctions(name, [...path, key], module[key] ?? {}, types).map((entry) => hostFunction(source, entry));
	if (module.sources === undefined) {
		return {
			kind: 'host',
			...shared,
			types: types.modules.get(name)?.types ?? [],
			importModule: name,
			functions: functions('functions'),
		};
	}
	const absolute = (paths: readonly string[] = []) => paths.map((one) => resolve(folder, one));
	return {
		kind: 'native',
		...shared,
		sources: absolute(module.sources),
		include: absolute(module.include),
		define: macroTexts(source, [...path, 'define'], module.define ?? {}),
		cflags: module.cflags ?? [],
		libs: absolute(module.libs),
		imports: functions('imports'),
	};
}

function witModule({ at, functions, ...module }: WitModule, wit: WitSource | undefined): HostModule {
	const spanOf = (place: WitModule['at']) => checked(wit).span(place);
	return {
		kind: 'host',
		...module,
		functions: functions.map(({ name, signature, doc, at: place }) => ({
			name: pythonVariable(name),
			...(doc === undefined ? {} : { doc }),
			signature,
			importModule: module.importModule,
			importName: name,
			defaults: {},
			span: spanOf(place),
			signatureSpan: spanOf(place),
		})),
		span: spanOf(at),
	};
}

function witExport({ at, functions, ...one }: WitExport, wit: WitSource | undefined): ExportedInterface {
	const spanOf = (place: WitModule['at']) => checked(wit).span(place);
	return {
		...one,
		functions: functions.map(({ name, signature, doc, exportName, at: place }) => ({
			name: pythonVariable(name),
			...(doc === undefined ? {} : { doc }),
			signature,
			pythonFunction: pythonVariable(name),
			exportName,
			span: spanOf(place),
			signatureSpan: spanOf(place),
		})),
		span: spanOf(at),
	};
}

/** Macros as the compiler takes them; a number keeps its spelling, since `1.10` is not `1.1` as a version. */
function macroTexts(
	source: YamlSource,
	path: Path,
	define: NonNullable<ModuleInput['define']>,
): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(define).map(([name, value]) => {
			if (typeof value === 'string') return [name, value];
			return [name, value === true ? '1' : (scalarSource(source, [...path, name]) ?? String(value))];
		}),
	);
}

function hostFunction(source: YamlSource, entry: FunctionEntry): HostFunction {
	if (!entry.signature.ok) throw new Error(`the signature of ${entry.name} was not checked`);
	const { params } = entry.signature.value;
	const defaults = Object.entries(entry.defaults).map(([spelling, value]): [string, DefaultValue] => {
		const param = checked(params.find(({ name }) => name === witName(spelling)));
		const written = scalarSource(source, [...entry.path, 'defaults', spelling]) ?? '';
		const parsed = parseDefault(param.type, { value, written });
		if (!parsed.ok) throw new Error(`the default of ${entry.name}.${spelling} was not checked`);
		return [param.name, parsed.value];
	});
	return {
		name: entry.name,
		...(entry.doc === undefined ? {} : { doc: entry.doc }),
		signature: entry.signature.value,
		importModule: entry.importModule,
		importName: entry.importName,
		// Without a prototype: a parameter may be called `constructor`.
		defaults: Object.setPrototypeOf(Object.fromEntries(defaults), null),
		span: keySpan(source, entry.path),
		signatureSpan: textSpan(source, entry.signaturePath, 0, Number.POSITIVE_INFINITY),
	};
}

function exportedInterface(
	source: YamlSource,
	entries: readonly ExportEntry[],
	name: string,
	{ doc, module = name }: NonNullable<ManifestInput['exports']>[string],
): ExportedInterface {
	return {
		name,
		...(doc === undefined ? {} : { doc }),
		pythonModule: module,
		typesModule: typesModuleName(module),
		functions: entries.filter(({ owner }) => owner === name).map((entry) => exportedFunction(source, entry)),
		span: keySpan(source, ['exports', name]),
	};
}

function exportedFunction(source: YamlSource, entry: ExportEntry): ExportedFunction {
	if (!entry.signature.ok) throw new Error(`the signature of ${entry.name} was not checked`);
	return {
		name: entry.name,
		...(entry.doc === undefined ? {} : { doc: entry.doc }),
		signature: entry.signature.value,
		pythonFunction: entry.function,
		exportName: entry.exportName,
		span: keySpan(source, entry.path),
		signatureSpan: textSpan(source, entry.signaturePath, 0, Number.POSITIVE_INFINITY),
	};
}

function buildSettings({ container, memory, stack, toolchain, ...settings }: ManifestInput['build']): BuildSettings {
	return {
		...settings,
		...toolchainSettings(toolchain),
		container: imageChoice(container),
		memory: { initial: checked(parseSize(memory.initial)), max: checked(parseSize(memory.max)) },
		stack: checked(parseSize(stack)),
	};
}

function imageChoice({ image, base }: ManifestInput['build']['container']): ImageChoice {
	if (image !== undefined) return { kind: 'image', name: checked(imageName(image)) };
	return { kind: 'base', name: checked(imageName(base ?? DEFAULT_BASE)) };
}

function toolchainSettings(
	asked: ManifestInput['build']['toolchain'],
): Pick<BuildSettings, 'toolchain' | 'ownWasiSdk'> {
	if (typeof asked === 'string') return { toolchain: checked(parseToolchainChoice(asked)) };
	const { sha256, url } = asked;
	const hashes =
		typeof sha256 === 'string'
			? sha256.toLowerCase()
			: Object.fromEntries(Object.entries(sha256).map(([platform, hash]) => [platform, hash.toLowerCase()]));
	return {
		toolchain: `wasi-sdk@${checked(parseWasiSdkVersion(String(asked['wasi-sdk'])))}`,
		ownWasiSdk: { sha256: hashes, ...(url !== undefined && { url }) },
	};
}

/** A value that the rules have found to be right. */
function checked<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('a value reached the manifest that no rule has checked');
	return value;
}
