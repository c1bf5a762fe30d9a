import type {
	DefaultValue,
	HostFunction,
	HostModule,
	Manifest,
	Module,
	NativeModule,
} from '../../../src/manifest/manifest.js';
import type { Primitive, Signature, WitType } from '../../../src/wit/type.js';

const file = { path: 'project.yaml', text: '' };
const span = { file, start: 0, end: 0 };

/** A WIT type by its spelling. */
export function type(spelling: string): WitType {
	return spelling === 'list<u8>' ? { kind: 'list', element: { kind: 'u8' } } : { kind: spelling as Primitive };
}

/** A signature of parameter types by name. */
export function signature(params: Readonly<Record<string, string>>, result?: string): Signature {
	return {
		params: Object.entries(params).map(([name, spelling]) => ({ name, type: type(spelling), start: 0, end: 0 })),
		...(result === undefined ? {} : { result: type(result) }),
	};
}

/** A function of the host, imported as `demo` and its name. */
export function hostFunction(
	name: string,
	ofSignature: Signature,
	more: { readonly defaults?: Readonly<Record<string, DefaultValue>>; readonly doc?: string } = {},
): HostFunction {
	return {
		name,
		signature: ofSignature,
		importModule: 'demo',
		importName: name,
		defaults: {},
		span,
		signatureSpan: span,
		...more,
	};
}

/** A module of functions of the host. */
export function hostModule(name: string, functions: readonly HostFunction[] = []): HostModule {
	return { kind: 'host', name, types: [], importModule: name, functions, span };
}

/** A C module. */
export function nativeModule(name: string, more: Partial<NativeModule> = {}): NativeModule {
	return {
		kind: 'native',
		name,
		sources: [],
		include: [],
		define: {},
		cflags: [],
		libs: [],
		imports: [],
		span,
		...more,
	};
}

/** A manifest of modules. */
export function manifest(modules: readonly Module[], minor = '3.13'): Manifest {
	return {
		file,
		folder: '/project',
		wholePaths: [],
		witFiles: [],
		python: { version: `${minor}.5`, minor, span },
		modules,
		exports: [],
		build: {
			toolchain: 'auto',
			machine: 'native',
			container: { kind: 'base', name: 'debian:trixie' },
			launcher: 'none',
			optimize: 'release',
			debug: false,
			pydebug: false,
			component: false,
			memory: { initial: 2 ** 20, max: 2 ** 30 },
			stack: 2 ** 20,
		},
	};
}
