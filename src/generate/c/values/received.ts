import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { cString } from '../literal.js';
import { cTypeOf } from '../type.js';
import type { ValueNames } from './names.js';
import { formOf, tagType } from './parts.js';
import { describeType } from './struct.js';
import { branch } from './text.js';

/**
 * Puts a core result, the only core value of a type, into C memory. What its small integer cannot hold is refused
 * with the statements `refused`.
 */
export function storeReceived(
	names: ValueNames,
	type: WitType,
	target: string,
	received: string,
	refused: readonly string[],
): readonly string[] {
	const resolved = withoutAlias(type);
	const form = formOf(resolved);
	switch (form.kind) {
		case 'record':
		case 'tuple':
			return form.fields.flatMap((part) =>
				storeReceived(names, part.type, `${target}.${part.member}`, received, refused),
			);
		case 'leaf':
			return storeLeaf(names, resolved, target, received, refused);
		case 'list':
			throw new Error('a list has two core values');
		default:
			return [
				...storeTag(form.cases.length, describeType(resolved), received, refused),
				`${target}.tag = (${tagType(form.cases)})${received};`,
			];
	}
}

function storeTag(count: number, type: string, received: string, refused: readonly string[]): readonly string[] {
	return branch(`${received} >= ${count}`, [`cpybuild_refuse_value(call, ${cString(type)});`, ...refused]);
}

function storeLeaf(
	names: ValueNames,
	type: WitType,
	target: string,
	received: string,
	refused: readonly string[],
): readonly string[] {
	if (isPrimitive(type)) {
		const { checked, suffix } = cTypeOf(type);
		return [
			...(checked ? branch(`cpybuild_check_${suffix}(call->name, ${received}) < 0`, refused) : []),
			type.kind === 'bool' ? `${target} = ${received} != 0;` : `${target} = (${names.memory(type)})${received};`,
		];
	}
	const isEnum = type.kind === 'named' && type.definition.kind === 'enum';
	return [
		...(isEnum ? storeTag(type.definition.cases.length, type.definition.name, received, refused) : []),
		`${target} = (${names.memory(type)})${received};`,
	];
}
