import { withoutAlias } from '../../../wit/parts.js';
import { printType } from '../../../wit/print.js';
import type { WitType } from '../../../wit/type.js';
import { layoutOf } from '../../abi/layout.js';
import { indent, readTemplate, render } from '../../template.js';
import { cComment } from '../literal.js';
import { declare } from '../syntax.js';
import type { ValueNames } from './names.js';
import { formOf, tagType } from './parts.js';

/** The definition of a type's struct; nothing for a type that C has or that is the same for all lists. */
export function structDefinition(names: ValueNames, type: WitType): string {
	const form = formOf(type);
	if (form.kind === 'leaf' || form.kind === 'list') return '';
	const members =
		form.kind === 'record' || form.kind === 'tuple'
			? form.fields.map((part) => `${declare(names.memory(part.type), part.member)};`)
			: variantMembers(names, form.cases);
	return render(readTemplate('c/struct.h.in'), {
		COMMENT: cComment(describeType(type)),
		MEMBERS: members.join('\n'),
		NAME: names.memory(type),
		SIZE: String(layoutOf(type).size),
	});
}

type Cases = Extract<ReturnType<typeof formOf>, { readonly kind: 'variant' | 'option' | 'result' }>['cases'];

function variantMembers(names: ValueNames, cases: Cases): readonly string[] {
	const payloads = cases.flatMap((part) =>
		part === undefined ? [] : [`${declare(names.memory(part.type), part.member.replace('payload.', ''))};`],
	);
	return [
		`${tagType(cases)} tag;`,
		...(payloads.length === 0 ? [] : ['union {', indent(payloads.join('\n'), '    '), '} payload;']),
	];
}

/** A type as comments call it. */
export function describeType(type: WitType): string {
	const resolved = withoutAlias(type);
	return resolved.kind === 'named'
		? `${resolved.definition.kind} ${resolved.definition.owner}.${resolved.definition.name}`
		: printType(resolved);
}
