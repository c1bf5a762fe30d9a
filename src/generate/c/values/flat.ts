import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { layoutOf } from '../../abi/layout.js';
import type { CoreType } from '../../abi/shape.js';
import { cTypeOf } from '../type.js';
import { formOf } from './parts.js';
import { inner } from './text.js';

/** How a C value is passed flat. */
export interface Flattening {
	/** C types of the core values. */
	readonly types: readonly string[];
	/** Variables that the values need, each with its type. */
	readonly locals: readonly { readonly type: string; readonly name: string }[];
	/** What fills those. */
	readonly statements: readonly string[];
	/** An expression for each core value. */
	readonly values: readonly string[];
}

const coreTypes: Readonly<Record<CoreType, string>> = {
	i32: 'uint32_t',
	i64: 'uint64_t',
	f32: 'float',
	f64: 'double',
};

/** The C types of the core values of a type. */
export function flatTypes(type: WitType): readonly string[] {
	const resolved = withoutAlias(type);
	const form = formOf(resolved);
	if (form.kind === 'record' || form.kind === 'tuple') return form.fields.flatMap((part) => flatTypes(part.type));
	if (form.kind === 'list') return ['const void *', 'size_t'];
	if (resolved.kind === 'list') return ['const uint8_t *', 'size_t'];
	if (isPrimitive(resolved)) return cTypeOf(resolved).flat.map((flat) => flat.type);
	return layoutOf(resolved).flat.map((core) => coreTypes[core]);
}

/** Flattens a C value. Cases of a variant share core values, so that those get variables, called `local` and a number. */
export function flatten(type: WitType, value: string, local: string): Flattening {
	const locals: { readonly type: string; readonly name: string }[] = [];
	const statements: string[] = [];
	const visit = (part: WitType, at: string): readonly string[] => {
		const form = formOf(part);
		switch (form.kind) {
			case 'leaf':
			case 'list':
				return leafValues(part, at);
			case 'record':
			case 'tuple':
				return form.fields.flatMap((field) => visit(field.type, `${at}.${field.member}`));
			default: {
				const targets = layoutOf(part).flat.map((core) => {
					const name = `${local}_${locals.length}`;
					locals.push({ type: coreTypes[core], name });
					return { name, core };
				});
				statements.push(...fill(part, at, targets));
				return targets.map(({ name }) => name);
			}
		}
	};
	const values = visit(type, value);
	return { types: flatTypes(type), locals, statements, values };
}

/** The core values of a value that has no cases. */
function leafValues(type: WitType, at: string): readonly string[] {
	return isSpan(type) ? [`${at}.ptr`, `${at}.len`] : [at];
}

function isSpan(type: WitType): boolean {
	const { kind } = withoutAlias(type);
	return kind === 'string' || kind === 'list';
}

/** A core value that cases share. */
interface Target {
	readonly name: string;
	readonly core: CoreType;
}

/** Assigns the core values of a type to the first targets. Those that a case does not use stay 0. */
function fill(type: WitType, at: string, targets: readonly Target[]): readonly string[] {
	const form = formOf(type);
	const [first, ...rest] = targets;
	if (first === undefined) return [];
	switch (form.kind) {
		case 'leaf':
		case 'list':
			return fillLeaf(type, at, targets);
		case 'record':
		case 'tuple': {
			let next = 0;
			return form.fields.flatMap((field) => {
				const start = next;
				next += layoutOf(field.type).flat.length;
				return fill(field.type, `${at}.${field.member}`, targets.slice(start, next));
			});
		}
		default: {
			const cases = form.cases.flatMap((part, index) =>
				part === undefined
					? []
					: [`case ${index}:`, ...inner([...fill(part.type, `${at}.${part.member}`, rest), 'break;'])],
			);
			const tag = assign(`${at}.tag`, 'i32', first);
			return cases.length === 0 ? [tag] : [tag, `switch (${at}.tag) {`, ...cases, 'default:', '    break;', '}'];
		}
	}
}

function fillLeaf(type: WitType, at: string, targets: readonly Target[]): readonly string[] {
	const { flat } = layoutOf(type);
	const values = isSpan(type) ? [`(uintptr_t)${at}.ptr`, `${at}.len`] : [at];
	return values.flatMap((value, index) => {
		const core = flat[index];
		const target = targets[index];
		return core === undefined || target === undefined ? [] : [assign(value, core, target)];
	});
}

/** A narrower value keeps its bits, which are zero-extended: `lower_flat_variant` of the Canonical ABI. */
function assign(value: string, from: CoreType, { name, core }: Target): string {
	if (from === core) return `${name} = ${from === 'i32' || from === 'i64' ? `(${coreTypes[from]})` : ''}${value};`;
	if (from === 'f32') return `${name} = cpybuild_bits_f32(${value});`;
	return from === 'f64' ? `${name} = cpybuild_bits_f64(${value});` : `${name} = (uint32_t)${value};`;
}
