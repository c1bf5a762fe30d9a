import { qualified } from '../../contract/contract.js';
import { printSignature } from '../../wit/print.js';
import { type Code, typed } from './code.js';
import { declareException, printException } from './exceptions.js';
import { printImport } from './function.js';
import type { BoundImport, ImportTable } from './interfaces.js';
import { propertyKey, quote } from './names.js';
import type { BoundModule, Outline } from './outline.js';
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
export function printProgram(code: Code, { modules, types, contractTypes }: Outline, table: ImportTable): string[] {
	const [host, bindings, entries] =
		code.form === 'ts' ? [': Host', ': Bindings', ': readonly ImportEntry[]'] : ['', '', ''];
	// Without imports there is nothing to bind, and the guest exports nothing for it.
	const body = modules.length === 0 ? ['return { imports: {}, attach() {} };'] : printBody(code, modules, table);
	return [
		...types.errors.flatMap((error) => [...printException(code, error), '']),
		createDoc,
		...block(`export function createBindings(${modules.length === 0 ? '_host' : 'host'}${host})${bindings}`, body),
		'',
		...printContract(code, contractTypes),
		'',
		importsDoc,
		`export const IMPORTS${entries} = [`,
		...indent([...table].flatMap(([module, imports]) => imports.map((one) => printEntry(module, one)))),
		'];',
		...printRoutines(code),
	];
}

function printContract(code: Code, types: Outline['contractTypes']): string[] {
	const texts = types.map(([name, text]) => `${quote(name)}: ${quote(text)},`);
	return [
		contractDoc,
		...block(`export function checkContract(module${typed(code, 'object')})${typed(code, 'void')}`, [
			...block('compareContracts(module,', ['imports: IMPORTS,', ...block('types:', texts, ',')], ');'),
		]),
	];
}

function printBody(code: Code, modules: readonly BoundModule[], table: ImportTable): string[] {
	const wanted = modules.map(({ member, functions, classes }) => {
		const plain = functions.filter(({ imported }) => imported.of.kind === 'function');
		return `${propertyKey(member)}: [${[...classes, ...plain].map((one) => quote(one.member)).join(', ')}],`;
	});
	const taken = modules.map(({ member, variable }) =>
		member === variable ? member : `${propertyKey(member)}: ${variable}`,
	);
	const imports = [...table].flatMap(([module, all]) =>
		block(
			`${propertyKey(module)}:`,
			all.flatMap((one) => printMember(code, one)),
			',',
		),
	);
	return [
		...block('checkHost(host,', wanted, ');'),
		`const { ${taken.join(', ')} } = host;`,
		// Simple values need less; what asks for routines has parts.
		`const guest = ${imports.some((line) => /\bguest\.count\b|\b(?:takeHandle|heldAt)\(/.test(line)) || code.asked.size > 0 ? 'createHeap' : 'createGuest'}();`,
		...block(
			'return',
			[...block('imports:', imports, ','), 'attach: (instance) => attachGuest(guest, instance),'],
			';',
		),
	];
}

function printMember(code: Code, { core, target, module }: BoundImport): string[] {
	const [first = '', ...rest] = printImport(code, core, target, module);
	const last = rest.pop() ?? '';
	return [`${propertyKey(target.imported.name)}: ${first}`, ...rest, `${last},`];
}

function printEntry(module: string, { target }: BoundImport): string {
	const { name } = target.imported;
	const entry = { module, name, python: target.path, signature: printSignature(target.signature, qualified) };
	return `{ ${Object.entries(entry)
		.map(([key, value]) => `${key}: ${quote(value)}`)
		.join(', ')} },`;
}
