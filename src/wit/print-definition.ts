import { withoutForbidden } from './lexer.js';
import { witText } from './name.js';
import { type NameOf, printSignature, printType } from './print.js';
import type { Label, ResourceDefinition, ResourceFunction, Signature, TypeDefinition } from './type.js';

/** How WIT text is written. */
export interface PrintOptions {
	/** What stands for a definition where it is used. */
	readonly nameOf: NameOf;
	/** Whether doc comments are written. */
	readonly docs: boolean;
}

/** A definition as WIT text, line by line: `record query {`, `  text: string,`, `}`. */
export function printDefinition(definition: TypeDefinition | ResourceDefinition, options: PrintOptions): string[] {
	const { kind, doc } = definition;
	const name = witText(definition.name);
	if (kind === 'alias')
		return documented(doc, options, [`type ${name} = ${printType(definition.type, options.nameOf)};`]);
	if (kind === 'resource' && definition.functions.length === 0) return documented(doc, options, [`resource ${name};`]);
	const members = membersOf(definition, options);
	return documented(doc, options, [`${kind} ${name} {`, ...members.map((line) => `  ${line}`), '}']);
}

function membersOf(
	definition: Exclude<TypeDefinition, { readonly kind: 'alias' }> | ResourceDefinition,
	options: PrintOptions,
): string[] {
	switch (definition.kind) {
		case 'record':
			return definition.fields.flatMap(({ name, type, doc }) =>
				documented(doc, options, [`${witText(name)}: ${printType(type, options.nameOf)},`]),
			);
		case 'variant':
			return definition.cases.flatMap(({ name, type, doc }) => {
				const payload = type === undefined ? '' : `(${printType(type, options.nameOf)})`;
				return documented(doc, options, [`${witText(name)}${payload},`]);
			});
		case 'enum':
			return labels(definition.cases, options);
		case 'flags':
			return labels(definition.flags, options);
		case 'resource':
			return definition.functions.flatMap((one) =>
				documented(one.doc, options, [printResourceFunction(definition, one, options.nameOf)]),
			);
	}
}

function labels(all: readonly Label[], options: PrintOptions): string[] {
	return all.flatMap(({ name, doc }) => documented(doc, options, [`${witText(name)},`]));
}

/** WIT leaves out what is the same in every method and constructor. */
function printResourceFunction(resource: ResourceDefinition, one: ResourceFunction, nameOf: NameOf): string {
	const { params, result } = one.signature;
	const name = witText(one.name);
	switch (one.kind) {
		case 'method':
			return `${name}: ${printSignature({ ...one.signature, params: params.slice(1) }, nameOf)};`;
		case 'static':
			return `${name}: static ${printSignature(one.signature, nameOf)};`;
		case 'constructor': {
			const isPlain = result?.kind === 'own' && result.resource === resource;
			const text = printSignature(isPlain ? { params } : one.signature, nameOf);
			return `${text.replace(/^func/, 'constructor')};`;
		}
	}
}

/** A function of an interface as WIT text, line by line. */
export function printFunction(
	name: string,
	signature: Signature,
	doc: string | undefined,
	options: PrintOptions,
): string[] {
	return documented(doc, options, [`${witText(name)}: ${printSignature(signature, options.nameOf)};`]);
}

/** A doc comment, line by line. */
export function printDoc(doc: string): string[] {
	return withoutForbidden(doc.trim())
		.split(/\r\n?|\n/)
		.map((line) => `/// ${line}`.trimEnd());
}

function documented(doc: string | undefined, { docs }: PrintOptions, lines: readonly string[]): string[] {
	return [...(docs && doc !== undefined ? printDoc(doc) : []), ...lines];
}
