import { type Code, typed } from './code.js';
import { propertyAccess } from './names.js';
import type { BoundFunction } from './outline.js';
import { type Call, outcomeOf } from './result.js';
import { attempt, block } from './text.js';

/*
 * Bindings of a manifest with async functions. What an import does is in two parts there, since between them Python may
 * have to wait, and since the host may be in another thread than the interpreter: calling the host's function, and
 * lowering what it gives. The second is in the table `calls`, with all that the runtime library needs to do it.
 */

/** The body of an import: calls the host, and leaves what it gives to the table `calls`. */
export function printWaitingImport(
	code: Code,
	call: Call,
	{ signature, imported }: BoundFunction,
	area: string | undefined,
): string[] {
	const entry = `calls${propertyAccess(imported.module)}${propertyAccess(imported.name)}`;
	const rest = area === undefined ? '' : `, ${area}`;
	const result = outcomeOf(code, call).type;
	const isAsync = signature.isAsync === true;
	const settle = `settle(guest, ${call.name}, ${entry}, result, ${area ?? '0'})`;
	return [
		`let result${typed(code, isAsync && result !== 'unknown' ? `${result} | PromiseLike<${result}>` : result)};`,
		...attempt([...call.before, `result = ${call.call};`], 'error', [`return ${entry}.threw(error${rest});`]),
		`return ${isAsync ? settle : `${entry}.returned(result${rest})`};`,
	];
}

/** The members of `Bindings` by which the runtime library lets Python wait. */
export const waitingMembers: readonly string[] = [
	'/** What the imports call, by module and name, for runtimes that let Python wait. */',
	'readonly calls: { readonly [module: string]: { readonly [name: string]: HostCall } };',
	"/** The host's objects that Python holds, and the places in results that are addresses. */",
	'readonly heap: { readonly held: (object | undefined)[]; readonly unused: number[]; spans?: number[] };',
	'/** The classes of the errors that functions declare, by name. */',
	'readonly errors: { readonly [name: string]: new (payload: never, message?: string) => Error };',
];

/** The type of such a call. */
export const hostCallType: readonly string[] = [
	'/** A function of the host as runtimes call it that let Python wait. */',
	...block('export interface HostCall', [
		'/** Whether its promise is awaited. */',
		'readonly isAsync: boolean;',
		'/** The size of the memory for its result, when that is no core value. */',
		'readonly area: number;',
		"/** Calls it; a method's first argument is its object. */",
		'readonly call: (...args: never[]) => unknown;',
		'/** Lowers what it returned or threw; gives what the import returns. */',
		'readonly returned: (result: never, area: number) => unknown;',
		'readonly threw: (error: unknown, area: number) => unknown;',
	]),
	'',
];
