import { printType } from '../wit/print.js';
import type { Param, Signature, TypeDefinition, WitType } from '../wit/type.js';

/** Why a function cannot be implemented by Python code. */
export interface UncarriedByExports {
	readonly message: string;
	readonly hint: string;
	/** The parameter that it is about; absent for the result. */
	readonly at?: Pick<Param, 'start' | 'end'>;
}

/** What a signature of Python code has that is not carried: resources, and errors that are no exceptions. */
export function uncarriedByExports({ params, result }: Signature): readonly UncarriedByExports[] {
	const resource = (type: WitType) => ({
		message: `"${printType(type)}" has a resource in it, which exports do not carry`,
		hint: 'pass a number or a text that names it',
	});
	return [
		...(result !== undefined && resolved(result).kind === 'result'
			? [
					{
						message: `the result of a function that Python code implements cannot be "${printType(result)}"`,
						hint: 'leave out the error: exceptions reach the host as errors',
					},
				]
			: []),
		...params.flatMap(({ type, start, end }) => (hasResource(type) ? [{ ...resource(type), at: { start, end } }] : [])),
		...(result !== undefined && hasResource(result) ? [resource(result)] : []),
	];
}

function resolved(type: WitType): WitType {
	return type.kind === 'named' && type.definition.kind === 'alias' ? resolved(type.definition.type) : type;
}

function hasResource(type: WitType): boolean {
	switch (type.kind) {
		case 'own':
		case 'borrow':
			return true;
		case 'list':
			return hasResource(type.element);
		case 'tuple':
			return type.items.some(hasResource);
		case 'option':
			return hasResource(type.some);
		case 'result':
			return [type.ok, type.err].some((one) => one !== undefined && hasResource(one));
		case 'named':
			return typesOf(type.definition).some(hasResource);
		default:
			return false;
	}
}

function typesOf(definition: TypeDefinition): readonly WitType[] {
	switch (definition.kind) {
		case 'alias':
			return [definition.type];
		case 'record':
			return definition.fields.map(({ type }) => type);
		case 'variant':
			return definition.cases.flatMap(({ type }) => (type === undefined ? [] : [type]));
		default:
			return [];
	}
}
