import { containsType, withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { prototype } from '../syntax.js';
import type { ValueNames } from './names.js';
import { formOf, type Part } from './parts.js';
import { branch, callAfter, functionText, inner } from './text.js';
import { usedTypes } from './used.js';

/**
 * What would be lost of a value that cannot be lifted as a whole: blocks of memory, which the guest then claims without
 * looking at what is in them, or handles, which it drops.
 */
export type Loss = 'blocks' | 'handles';

const verbs: Readonly<Record<Loss, string>> = { blocks: 'claim', handles: 'discard' };

/** Whether something of a type can be lost. */
export function canLose(type: WitType, loss: Loss): boolean {
	return containsType(type, ({ kind }) => (loss === 'handles' ? kind === 'own' : kind === 'string' || kind === 'list'));
}

/** The statement that saves what is left of a value in C memory. */
export function abandonPart(names: ValueNames, type: WitType, value: string, loss: Loss): string {
	const resolved = withoutAlias(type);
	if (resolved.kind === 'own') {
		return `${callAfter('', { head: 'cpybuild_discard', items: [`&${names.classOf(resolved.resource)}`, `&${value}`] })};`;
	}
	if (formOf(resolved).kind === 'leaf') {
		return `${callAfter('', { head: 'cpybuild_claim', items: ['call', `${value}.ptr`, `${value}.len`] })};`;
	}
	return `${callAfter('', { head: `${verbs[loss]}_${names.of(resolved)}`, items: ['call', `&${value}`] })};`;
}

/** The C functions behind these statements, for values of these types. */
export function abandonFunctions(names: ValueNames, types: readonly WitType[], loss: Loss): string {
	return usedTypes(names, types)
		.filter((type) => formOf(type).kind !== 'leaf' && canLose(type, loss))
		.map((type) => abandonFunction(names, type, loss))
		.join('');
}

function abandonFunction(names: ValueNames, type: WitType, loss: Loss): string {
	const form = formOf(type);
	const constant = loss === 'blocks' ? 'const ' : '';
	const head = prototype(`${verbs[loss]}_${names.of(type)}`, [
		'cpybuild_call *call',
		`${constant}${names.memory(type)} *value`,
	]);
	const part = (one: Part): string => abandonPart(names, one.type, `value->${one.member}`, loss);
	const body = (): readonly string[] => {
		switch (form.kind) {
			case 'leaf':
				return [];
			case 'list':
				return abandonList(names, form.element, loss);
			case 'record':
			case 'tuple':
				return form.fields.filter((field) => canLose(field.type, loss)).map(part);
			default:
				return [
					'switch (value->tag) {',
					...form.cases.flatMap((one, tag) =>
						one !== undefined && canLose(one.type, loss) ? [`case ${tag}:`, ...inner([part(one), 'break;'])] : [],
					),
					'default:',
					'    break;',
					'}',
				];
		}
	};
	// Records of handles alone, for example, do not need the call.
	const lines = body();
	const used = lines.some((line) => /\bcall\b/.test(line));
	return functionText(head, 'void', used ? lines : ['(void)call;', ...lines]);
}

function abandonList(names: ValueNames, element: WitType, loss: Loss): readonly string[] {
	const memory = names.memory(withoutAlias(element));
	const constant = loss === 'blocks' ? 'const ' : '';
	const open = { head: 'cpybuild_reach', items: ['call', 'value', `sizeof(${memory})`, `_Alignof(${memory})`] };
	// A list of numbers, for example, is one block.
	if (!canLose(element, loss)) return [`(void)${callAfter('(void)', open)};`];
	return [
		`${constant}${memory} *elements;`,
		`elements = ${callAfter('elements = ', open)};`,
		...branch('elements == NULL', ['return;']),
		'for (size_t i = 0; i < value->len; i++) {',
		...inner([abandonPart(names, element, 'elements[i]', loss)]),
		'}',
	];
}
