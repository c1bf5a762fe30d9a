import { containsType, withoutAlias } from '../wit/parts.js';
import { printType } from '../wit/print.js';
import type { Param, Signature, WitType } from '../wit/type.js';

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
		...(result !== undefined && withoutAlias(result).kind === 'result'
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

function hasResource(type: WitType): boolean {
	return containsType(type, ({ kind }) => kind === 'own' || kind === 'borrow');
}
