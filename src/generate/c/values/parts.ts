import { pythonVariable } from '../../../manifest/python-spelling.js';
import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { layoutVariant } from '../../abi/layout.js';
import { parameterNames } from '../names.js';

/** What generated C does with a type. */
export type Form =
	| { readonly kind: 'list'; readonly element: WitType }
	/** Fields by name, or by position. */
	| { readonly kind: 'record'; readonly fields: readonly Part[] }
	| { readonly kind: 'tuple'; readonly fields: readonly Part[] }
	/** A number, and the payload that goes with it. */
	| { readonly kind: 'variant' | 'option' | 'result'; readonly cases: readonly (Part | undefined)[] }
	/** One value that C has a type for, or a pointer and a length. */
	| { readonly kind: 'leaf' };

/** A field, or the payload of a case. */
export interface Part {
	/** In Python. */
	readonly name: string;
	/** The member of the C type: `first`, `payload.circle`. */
	readonly member: string;
	readonly type: WitType;
}

/** The form of a type whose aliases are resolved or not. */
export function formOf(type: WitType): Form {
	const resolved = withoutAlias(type);
	switch (resolved.kind) {
		case 'list':
			return withoutAlias(resolved.element).kind === 'u8'
				? { kind: 'leaf' }
				: { kind: 'list', element: resolved.element };
		case 'tuple':
			return {
				kind: 'tuple',
				fields: resolved.items.map((item, index) => ({ name: String(index), member: `item${index}`, type: item })),
			};
		case 'option':
			return { kind: 'option', cases: casesOf(['none', 'some'], [undefined, resolved.some]) };
		case 'result':
			return { kind: 'result', cases: casesOf(['ok', 'err'], [resolved.ok, resolved.err]) };
		case 'named':
			return formOfNamed(resolved);
		default:
			return { kind: 'leaf' };
	}
}

function formOfNamed({ definition }: Extract<WitType, { readonly kind: 'named' }>): Form {
	if (definition.kind === 'variant') {
		const { cases } = definition;
		return {
			kind: 'variant',
			cases: casesOf(
				cases.map(({ name }) => name),
				cases.map(({ type }) => type),
			),
		};
	}
	if (definition.kind !== 'record') return { kind: 'leaf' };
	const members = memberNames(definition.fields.map(({ name }) => name));
	return {
		kind: 'record',
		fields: definition.fields.map(({ name, type }, index) => ({
			name: pythonVariable(name),
			member: members[index] ?? name,
			type,
		})),
	};
}

function casesOf(names: readonly string[], types: readonly (WitType | undefined)[]): readonly (Part | undefined)[] {
	const members = memberNames(names);
	return types.map((type, index) => type && { name: 'value', member: `payload.${members[index]}`, type });
}

function memberNames(names: readonly string[]): readonly string[] {
	return parameterNames(names.map((name) => ({ name: pythonVariable(name), suffixes: [''] })));
}

/** The types that a type is directly made of. */
export function partsOf(type: WitType): readonly WitType[] {
	const form = formOf(type);
	switch (form.kind) {
		case 'list':
			return [form.element];
		case 'record':
		case 'tuple':
			return form.fields.map((field) => field.type);
		case 'leaf':
			return [];
		default:
			return form.cases.flatMap((part) => (part === undefined ? [] : [part.type]));
	}
}

/** The C type of the number of a case. */
export function tagType(cases: readonly (Part | undefined)[]): string {
	return `uint${layoutVariant(cases.map((part) => part?.type)).discriminantSize * 8}_t`;
}
