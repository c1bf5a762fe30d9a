import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { layoutOf } from '../../abi/layout.js';
import type { CoreType } from '../../abi/shape.js';
import { cString } from '../literal.js';
import { cTypeOf } from '../type.js';
import type { ValueNames } from './names.js';
import { formOf, type Part, tagType } from './parts.js';
import { describeType } from './struct.js';
import { branch, inner } from './text.js';

/** A core value: a C expression, and its type, which cases of a variant may share. */
export interface CoreValue {
	readonly text: string;
	readonly core: CoreType;
}

/**
 * Puts the core values of a parameter into C memory (`lift_flat`). What its small integers cannot hold is refused with
 * the statements `refused`; they use `call`.
 */
export function unflatten(
	names: ValueNames,
	type: WitType,
	target: string,
	values: readonly CoreValue[],
	refused: readonly string[],
): readonly string[] {
	const resolved = withoutAlias(type);
	const form = formOf(resolved);
	switch (form.kind) {
		case 'leaf':
		case 'list':
			return unflattenLeaf(names, resolved, target, values, refused);
		case 'record':
		case 'tuple': {
			let next = 0;
			return form.fields.flatMap((part) => {
				const start = next;
				next += layoutOf(part.type).flat.length;
				return unflatten(names, part.type, `${target}.${part.member}`, values.slice(start, next), refused);
			});
		}
		default:
			return unflattenCases(names, resolved, form.cases, target, values, refused);
	}
}

function unflattenCases(
	names: ValueNames,
	type: WitType,
	cases: readonly (Part | undefined)[],
	target: string,
	[tag, ...payload]: readonly CoreValue[],
	refused: readonly string[],
): readonly string[] {
	if (tag === undefined) return [];
	const number = own(tag, 'i32');
	const branches = cases.flatMap((part, index) =>
		part === undefined
			? []
			: [
					`case ${index}:`,
					...inner([...unflatten(names, part.type, `${target}.${part.member}`, payload, refused), 'break;']),
				],
	);
	return [
		...refuseCase(number, cases.length, describeType(type), refused),
		`${target}.tag = (${tagType(cases)})${number};`,
		...(branches.length === 0 ? [] : [`switch (${number}) {`, ...branches, 'default:', '    break;', '}']),
	];
}

function unflattenLeaf(
	names: ValueNames,
	type: WitType,
	target: string,
	values: readonly CoreValue[],
	refused: readonly string[],
): readonly string[] {
	const [first, second] = values;
	const core = layoutOf(type).flat;
	if (first === undefined || core[0] === undefined) return [];
	if (second !== undefined && core[1] !== undefined) {
		const pointer =
			type.kind === 'string' ? 'const char *' : formOf(type).kind === 'list' ? 'void *' : 'const uint8_t *';
		return [
			`${target}.ptr = (${pointer})(uintptr_t)${own(first, core[0])};`,
			`${target}.len = (size_t)${own(second, core[1])};`,
		];
	}
	const value = own(first, core[0]);
	if (isPrimitive(type)) {
		const { checked, suffix, flat } = cTypeOf(type);
		const received = `(${flat[0]?.type})${value}`;
		return [
			...(checked ? branch(`cpybuild_check_${suffix}(call->name, ${received}) < 0`, refused) : []),
			type.kind === 'bool' ? `${target} = ${value} != 0;` : `${target} = (${names.memory(type)})${value};`,
		];
	}
	const isEnum = type.kind === 'named' && type.definition.kind === 'enum';
	return [
		...(isEnum ? refuseCase(value, type.definition.cases.length, type.definition.name, refused) : []),
		`${target} = (${names.memory(type)})${value};`,
	];
}

function refuseCase(value: string, count: number, type: string, refused: readonly string[]): readonly string[] {
	return branch(`${value} >= ${count}`, [`cpybuild_refuse_value(call, ${cString(type)});`, ...refused]);
}

/** A core value in the type that one case has for it. */
function own({ text, core }: CoreValue, wanted: CoreType): string {
	if (core === wanted) return text;
	const bits = core === 'i64' && wanted !== 'f64' ? `(uint32_t)${text}` : text;
	if (wanted === 'f32') return `cpybuild_f32_of(${bits})`;
	return wanted === 'f64' ? `cpybuild_f64_of(${bits})` : bits;
}
