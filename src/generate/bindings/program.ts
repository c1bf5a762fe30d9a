import { printSignature } from '../../wit/print.js';
import type { Form } from './fixed.js';
import { printImport } from './function.js';
import { type BoundImport, block, type ImportTable, indent } from './interfaces.js';
import { propertyKey, quote } from './names.js';
import type { BoundModule } from './outline.js';

const createDoc = '/** Makes an import object of a host. Bindings belong to one instance: create them for each. */';
const importsDoc = '/** The imports that the bindings provide, to tell what a wasm module needs more. */';

/** What `createBindings` and `IMPORTS` look like from outside. */
export function printDeclarations(): string[] {
	return [
		createDoc,
		'export declare function createBindings(host: Host): Bindings;',
		'',
		importsDoc,
		'export declare const IMPORTS: readonly ImportEntry[];',
	];
}

/** `createBindings` and `IMPORTS`, with types or without. */
export function printProgram(form: Form, modules: readonly BoundModule[], table: ImportTable): string[] {
	const [host, bindings, entries] = form === 'ts' ? [': Host', ': Bindings', ': readonly ImportEntry[]'] : ['', '', ''];
	// Without imports there is nothing to bind, and the guest exports nothing for it.
	const body = modules.length === 0 ? ['return { imports: {}, attach() {} };'] : printBody(form, modules, table);
	return [
		createDoc,
		...block(`export function createBindings(${modules.length === 0 ? '_host' : 'host'}${host})${bindings}`, body),
		'',
		importsDoc,
		`export const IMPORTS${entries} = [`,
		...indent([...table].flatMap(([module, imports]) => imports.map((one) => printEntry(module, one)))),
		'];',
	];
}

function printBody(form: Form, modules: readonly BoundModule[], table: ImportTable): string[] {
	const wanted = modules.map(
		({ member, functions }) => `${propertyKey(member)}: [${functions.map((one) => quote(one.member)).join(', ')}],`,
	);
	const taken = modules.map(({ member, variable }) =>
		member === variable ? member : `${propertyKey(member)}: ${variable}`,
	);
	return [
		...block('checkHost(host,', wanted, ');'),
		`const { ${taken.join(', ')} } = host;`,
		'const guest = createGuest();',
		...block(
			'return',
			[
				...block(
					'imports:',
					[...table].flatMap(([module, imports]) =>
						block(
							`${propertyKey(module)}:`,
							imports.flatMap((one) => printMember(form, one)),
							',',
						),
					),
					',',
				),
				'attach: (instance) => attachGuest(guest, instance),',
			],
			';',
		),
	];
}

function printMember(form: Form, { core, target, module }: BoundImport): string[] {
	const [first = '', ...rest] = printImport(form, core, target, module.variable);
	const last = rest.pop() ?? '';
	return [`${propertyKey(target.source.importName)}: ${first}`, ...rest, `${last},`];
}

function printEntry(module: string, { target }: BoundImport): string {
	const { importName, signature } = target.source;
	const entry = { module, name: importName, python: target.path, signature: printSignature(signature) };
	return `{ ${Object.entries(entry)
		.map(([key, value]) => `${key}: ${quote(value)}`)
		.join(', ')} },`;
}
