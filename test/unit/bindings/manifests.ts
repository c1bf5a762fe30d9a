import { resolve } from 'node:path';
import type { HostFunction, HostModule, Manifest, Module } from '../../../src/manifest/manifest.js';
import type { Param, Signature, WitType } from '../../../src/wit/type.js';

/** A type by its WIT text; lists are `list<u8>`. */
export function witType(text: string): WitType {
	return text === 'list<u8>' ? { kind: 'list', element: { kind: 'u8' } } : ({ kind: text } as WitType);
}

/** A signature of `name: type` texts. */
export function signature(params: readonly string[], result?: string): Signature {
	const typed = params.map((text): Param => {
		const [name = '', type = ''] = text.split(': ');
		return { name, type: witType(type), start: 0, end: 0 };
	});
	return { params: typed, ...(result !== undefined && { result: witType(result) }) };
}

const file = { path: 'examples/project.yaml', text: '' };
const span = { file, start: 0, end: 0 };

/** A host function, `importModule` and `importName` as a manifest would default them unless given. */
export function hostFunction(
	module: string,
	name: string,
	type: Signature,
	more: Partial<Pick<HostFunction, 'doc' | 'importModule' | 'importName'>> = {},
): HostFunction {
	const names = { importModule: module, importName: name };
	return { name, signature: type, ...names, ...more, defaults: {}, span, signatureSpan: span };
}

/** A host module. */
export function hostModule(
	name: string,
	functions: readonly HostFunction[],
	doc?: string,
	types: HostModule['types'] = [],
): HostModule {
	return { kind: 'host', name, types, importModule: name, functions, span, ...(doc !== undefined && { doc }) };
}

/** A native module whose C code calls these functions of the host. */
export function nativeModule(name: string, imports: readonly HostFunction[]): Module {
	return { kind: 'native', name, sources: [], include: [], define: {}, cflags: [], libs: [], imports, span };
}

/** A manifest of these modules. */
export function manifestOf(...modules: readonly Module[]): Manifest {
	return {
		file,
		folder: resolve('examples'),
		wholePaths: [],
		witFiles: [],
		python: { version: '3.13.5', minor: '3.13', span },
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
			memory: { initial: 20 * 2 ** 20, max: 2 ** 30 },
			stack: 2 ** 23,
		},
	};
}

/** A manifest without modules that exports one function. */
export function oneExport(type: Signature): Manifest {
	const one = { name: 'f', signature: type, pythonFunction: 'f', exportName: 'm#f', span, signatureSpan: span };
	return {
		...manifestOf(),
		exports: [{ name: 'm', pythonModule: 'm', typesModule: 'm_types', functions: [one], span }],
	};
}

/** The manifest of the README. */
export const example: Manifest = manifestOf(
	hostModule(
		'demo',
		[
			hostFunction('demo', 'bar', signature(['a: s32', 'b: s32'], 's32'), {
				importName: 'demo',
				doc: 'Ask the host for a number.',
			}),
			hostFunction('demo', 'fetch_page', signature(['url: string', 'max-bytes: u32'], 'list<u8>')),
		],
		'Functions of the host program.',
	),
	nativeModule('fast', [hostFunction('fast', 'log', signature(['level: u8', 'text: string']))]),
);
