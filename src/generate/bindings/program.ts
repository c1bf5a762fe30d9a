import { qualified } from '../../contract/contract.js';
import { printSignature } from '../../wit/print.js';
import { printCalls } from './calls.js';
import { type Code, typed } from './code.js';
import { declareException, printException } from './exceptions.js';
import { printExports } from './exports.js';
import { printImport } from './function.js';
import type { BoundImport, ImportTable } from './interfaces.js';
import { propertyKey, quote } from './names.js';
import type { BoundExport, BoundInterface, Outline } from './outline.js';
import { printRoutines } from './routines.js';
import { block, indent } from './text.js';

const createDoc = '/** Makes an import object of a host. Bindings belong to one instance: create them for each. */';
const contractDoc =
	'/** Throws when a compiled wasm module needs other functions than these, or of other types; says which. */';
const importsDoc = '/** The imports that the bindings provide, to tell what a wasm module needs more. */';

/** What the code looks like from outside. */
export function printDeclarations({ types }: Outline): string[] {
	return [
		...types.errors.flatMap((error) => [...declareException(error, types), '']),
		createDoc,
		'export declare function createBindings(host: Host): Bindings;',
		'',
		contractDoc,
		'export declare function checkContract(module: object): void;',
		'',
		importsDoc,
		'export declare const IMPORTS: readonly ImportEntry[];',
	];
}

/** The code, with types or without: errors, `createBindings`, `IMPORTS`, and what they use. */
export function printProgram(code: Code, outline: Outline, table: ImportTable): string[] {
	const { modules, exports, types, contractTypes } = outline;
	const [host, bindings, entries] =
		code.form === 'ts' ? [': Host', ': Bindings', ': readonly ImportEntry[]'] : ['', '', ''];
	// Without imports and exports there is nothing to bind.
	const nothing = modules.length === 0 && exports.length === 0;
	const body = nothing ? ['return { imports: {}, checkContract, attach() {} };'] : printBody(code, outline, table);
	return [
		...types.errors.flatMap((error) => [...printException(code, error), '']),
		createDoc,
		...block(`export function createBindings(${modules.length === 0 ? '_host' : 'host'}${host})${bindings}`, body),
		'',
		...printContract(code, exports, contractTypes),
		'',
		importsDoc,
		`export const IMPORTS${entries} = [`,
		...indent([...table].flatMap(([module, imports]) => imports.map((one) => printEntry(module, one)))),
		'];',
		...printRoutines(code),
	];
}

function printContract(code: Code, exports: readonly BoundInterface[], types: Outline['contractTypes']): string[] {
	const texts = types.map(([name, text]) => `${quote(name)}: ${quote(text)},`);
	const called = exports.flatMap(({ functions }) => functions.map(printExported));
	return [
		contractDoc,
		...block(`export function checkContract(module${typed(code, 'object')})${typed(code, 'void')}`, [
			...block(
				'compareContracts(module,',
				[
					'imports: IMPORTS,',
					...(called.length === 0 ? ['exports: [],'] : ['exports: [', ...indent(called), '],']),
					...block('types:', texts, ','),
				],
				');',
			),
		]),
	];
}

/** A function that Python code implements, as contracts have it. */
function printExported({ source: { exportName, signature }, path }: BoundExport): string {
	return printRow({ name: exportName, host: path, signature: printSignature(signature, qualified) });
}

function printBody(code: Code, { modules, exports, types }: Outline, table: ImportTable): string[] {
	const wanted = modules.map(({ member, functions, classes }) => {
		const plain = functions.filter(({ imported }) => imported.of.kind === 'function');
		return `${propertyKey(member)}: [${[...classes, ...plain].map((one) => quote(one.member)).join(', ')}],`;
	});
	// What only has methods is never asked for: the guest names its objects by handles.
	const called = modules.filter(
		({ functions, classes }) => classes.length > 0 || functions.some(({ imported }) => imported.of.kind === 'function'),
	);
	const taken = called.map(({ member, variable }) =>
		member === variable ? member : `${propertyKey(member)}: ${variable}`,
	);
	const imports = [...table].flatMap(([module, all]) =>
		block(
			`${propertyKey(module)}:`,
			all.flatMap((one) => printMember(code, one)),
			',',
		),
	);
	const calls = code.waits ? block('const calls =', printCalls(code, table), ';') : [];
	const exported = exports.length === 0 ? [] : block('exports:', printExports(code, exports), ',');
	return [
		...(modules.length === 0 ? [] : block('checkHost(host,', wanted, ');')),
		...(taken.length === 0 ? [] : [`const { ${taken.join(', ')} } = host;`]),
		// Simple values need less; what asks for routines has parts.
		`const guest = ${imports.some((line) => /\bguest\.count\b|\b(?:takeHandle|dropHandle|heldAt)\(/.test(line)) || code.asked.size > 0 || exports.length > 0 || code.waits ? 'createHeap' : 'createGuest'}();`,
		...calls,
		...block(
			'return',
			[
				...block('imports:', imports, ','),
				...exported,
				...(code.waits ? ['calls,', 'heap: guest,', printErrors(types)] : []),
				'checkContract,',
				...printAttach(exports),
			],
			';',
		),
	];
}

/** The classes that an error from another thread is made one of again. */
function printErrors({ errors, ofException }: Outline['types']): string {
	const names = errors.map((error) => ofException(error));
	return names.length === 0 ? 'errors: {},' : `errors: { ${names.join(', ')} },`;
}

function printAttach(exports: readonly BoundInterface[]): string[] {
	if (exports.length === 0) return ['attach: (instance) => attachGuest(guest, instance),'];
	const names = exports.flatMap(({ functions }) => functions.map(({ source }) => `${quote(source.exportName)},`));
	return block(
		'attach: (instance) =>',
		['attachGuest(guest, instance);', 'attachExports(guest, [', ...indent(names), ']);'],
		',',
	);
}

function printMember(code: Code, { core, target, module }: BoundImport): string[] {
	const [first = '', ...rest] = printImport(code, core, target, module);
	const last = rest.pop() ?? '';
	return [`${propertyKey(target.imported.name)}: ${first}`, ...rest, `${last},`];
}

function printEntry(module: string, { target }: BoundImport): string {
	const { name } = target.imported;
	return printRow({ module, name, python: target.path, signature: printSignature(target.signature, qualified) });
}

function printRow(row: Readonly<Record<string, string>>): string {
	return `{ ${Object.entries(row)
		.map(([key, value]) => `${key}: ${quote(value)}`)
		.join(', ')} },`;
}
