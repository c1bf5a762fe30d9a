import type { WitType } from '../../wit/type.js';
import type { Form } from './fixed.js';
import { block } from './text.js';
import type { TypeNames, Verb } from './type-names.js';

/** What printers of code know, and what they ask for. */
export interface Code {
	readonly form: Form;
	/** Whether Python may have to wait for a host function: see `waiting.ts`. */
	readonly waits: boolean;
	readonly names: TypeNames;
	/** What generated code calls and uses, which its variables must not hide. */
	readonly surrounding: readonly string[];
	/** The functions and tables for the values of types that the code asks for, by name. */
	readonly asked: Map<string, Asked>;
}

/** A function or table for the values of a type. */
export interface Asked {
	readonly verb: Verb;
	readonly type: WitType;
}

/** Asks for a function or table for the values of a type; its name. */
export function ask(code: Code, verb: Verb, type: WitType): string {
	const name = code.names.ofRoutine(verb, type);
	if (!code.asked.has(name)) code.asked.set(name, { verb, type });
	return name;
}

/** A type annotation, `: number`, in TypeScript. */
export function typed({ form }: Code, type: string): string {
	return form === 'ts' ? `: ${type}` : '';
}

/** A generated function or table. */
export type Routine =
	| { readonly kind: 'table'; readonly doc: string; readonly type: string; readonly value: string }
	| {
			readonly kind: 'function';
			readonly doc: string;
			readonly parameters: readonly Parameter[];
			readonly result: string;
			readonly body: readonly string[];
	  };

/** A parameter of a generated function: its name and its TypeScript type. */
export type Parameter = readonly [name: string, type: string];

/** A routine as source text. */
export function printRoutine(code: Code, name: string, routine: Routine): string[] {
	const doc = `/** ${routine.doc} */`;
	if (routine.kind === 'table') return [doc, `const ${name}${typed(code, routine.type)} = ${routine.value};`];
	const { parameters, result, body } = routine;
	const used = new Set(body.join('\n').match(/(?<![.\w])[a-z]\w*/g));
	// Compilers may reject parameters that nobody uses, except under such names.
	const list = parameters.map(([one, type]) => `${used.has(one) ? one : `_${one}`}${typed(code, type)}`);
	return [doc, ...block(`function ${name}(${list.join(', ')})${typed(code, result)}`, body)];
}
