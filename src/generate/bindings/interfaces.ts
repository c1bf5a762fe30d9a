import { printSignature } from '../../wit/print.js';
import { type Import, importType } from './function.js';
import { propertyKey, Scope, variableName } from './names.js';
import type { BoundFunction, BoundModule } from './outline.js';
import { valueForm } from './values.js';

/** The imports of a manifest: wasm module → name → function. */
export type ImportTable = ReadonlyMap<string, readonly BoundImport[]>;

/** An import and the function that it calls. */
export interface BoundImport {
	readonly core: Import;
	readonly target: BoundFunction;
	readonly module: BoundModule;
}

/** The interfaces of a generated module, each exported. */
export function printInterfaces(modules: readonly BoundModule[], table: ImportTable): string[] {
	return [
		'/** What the host implements: one member per Python module that calls the host. */',
		...block('export interface Host', modules.flatMap(hostMember)),
		'',
		...modules.flatMap((module) => [...moduleInterface(module), '']),
		'/** The two ends of the bindings: what the guest imports, and how they get at its memory. */',
		...block('export interface Bindings', [
			'/** Import object: merge it with that of the WASI host. */',
			...block('readonly imports:', importTypes(table), ';'),
			'/** Names the instance that imports them; call it after instantiation and before `_start`. */',
			'attach(instance: { readonly exports: object }): void;',
		]),
		'',
		'/** An import that the bindings provide. */',
		...block('export interface ImportEntry', [
			'/** Its wasm module and name. */',
			'readonly module: string;',
			'readonly name: string;',
			'/** The function that it is in Python, for example `demo.bar`. */',
			'readonly python: string;',
			'/** The WIT signature. */',
			'readonly signature: string;',
		]),
		'',
	];
}

/** Lines between braces, indented; empty braces when there are none. */
export function block(head: string, lines: readonly string[], tail = ''): string[] {
	if (lines.length === 0) return [`${head} {}${tail}`];
	return [`${head} {`, ...indent(lines), `}${tail}`];
}

/** Lines one level deeper. */
export function indent(lines: readonly string[]): string[] {
	return lines.map((line) => (line === '' ? '' : `\t${line}`));
}

function hostMember({ member, type, module }: BoundModule): string[] {
	return [...docComment([`Python module \`${module.name}\`.`]), `readonly ${propertyKey(member)}: ${type};`];
}

function moduleInterface({ module, type, functions }: BoundModule): string[] {
	return [
		...docComment(
			module.doc === undefined ? [`The host functions of Python module \`${module.name}\`.`] : [module.doc],
		),
		...block(`export interface ${type}`, functions.flatMap(method)),
	];
}

function method({ source, member, path }: BoundFunction): string[] {
	const { doc, signature } = source;
	const scope = new Scope();
	const params = signature.params.map(({ name, type }) => `${scope.take(variableName(name))}: ${valueForm(type).type}`);
	const result = signature.result === undefined ? 'void' : valueForm(signature.result).type;
	return [
		...docComment([...(doc === undefined ? [] : [doc]), `\`${path}\`: \`${printSignature(signature)}\``]),
		`${propertyKey(member)}(${params.join(', ')}): ${result};`,
	];
}

function importTypes(table: ImportTable): string[] {
	return [...table].flatMap(([module, imports]) =>
		block(
			`readonly ${propertyKey(module)}:`,
			imports.map(({ core, target }) => `readonly ${propertyKey(target.source.importName)}: ${importType(core)};`),
			';',
		),
	);
}

/** A doc comment of paragraphs, on one line if it fits there. */
function docComment(paragraphs: readonly string[]): string[] {
	const lines = paragraphs.join('\n\n').replaceAll('*/', '*\\/').trim().split(/\r?\n/);
	if (lines.length === 1) return [`/** ${lines.join('')} */`];
	return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}
