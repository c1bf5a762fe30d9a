import { pythonClass } from '../../manifest/python-spelling.js';
import type { Primitive, ResourceDefinition, TypeDefinition, WitType } from '../../wit/type.js';
import { isPrimitive } from '../../wit/types.js';

/** Where a value goes: what Python gives is annotated wider than what it gets. */
export type Direction = 'given' | 'received';

/** How a stub file spells what is not its own. */
export interface Spelling {
	/** A builtin type; a function or a field of the file may have the same name. */
	builtin(name: string): string;
	/** A name of a module of the standard library or of `_cpybuild`, which is imported. */
	imported(module: string, name: string): string;
	/** The class of a definition. */
	classOf(definition: TypeDefinition | ResourceDefinition): string;
}

/** How stub files annotate a WIT type. */
export function annotate(type: WitType, direction: Direction, spelling: Spelling): string {
	const part = (one: WitType) => annotate(one, direction, spelling);
	if (isPrimitive(type)) return spelling.builtin(builtins[type.kind]);
	switch (type.kind) {
		case 'list':
			return annotateList(type.element, direction, spelling);
		case 'tuple':
			return `${spelling.builtin('tuple')}[${type.items.map(part).join(', ')}]`;
		case 'option':
			return isOption(type.some)
				? `${spelling.imported('_cpybuild', 'Some')}[${part(type.some)}] | None`
				: `${part(type.some)} | None`;
		case 'result': {
			const [ok, err] = [type.ok, type.err].map((one) => (one === undefined ? 'None' : part(one)));
			return `${spelling.imported('_cpybuild', 'Ok')}[${ok}] | ${spelling.imported('_cpybuild', 'Err')}[${err}]`;
		}
		case 'own':
		case 'borrow':
			return spelling.classOf(type.resource);
		case 'named':
			if (type.definition.kind === 'alias') return part(type.definition.type);
			return type.definition.kind === 'variant' && direction === 'received'
				? unionName(spelling.classOf(type.definition))
				: spelling.classOf(type.definition);
	}
}

/** The union of a variant's cases, by which type checkers see that a `match` names them all. */
export function unionName(className: string): string {
	return className.replace(/[^.]+$/, '_$&');
}

/** Another name of a variant's class, for where a case of it has its own. */
export function baseName(className: string): string {
	return `_${className}_`;
}

/** The name of a class where it is defined. */
export function localName({ name }: TypeDefinition | ResourceDefinition): string {
	return pythonClass(name);
}

function annotateList(element: WitType, direction: Direction, spelling: Spelling): string {
	const kind = primitiveOf(element);
	if (kind === 'u8') {
		const types = direction === 'given' ? ['bytes', 'bytearray', 'memoryview'] : ['bytes'];
		return types.map((one) => spelling.builtin(one)).join(' | ');
	}
	const item = annotate(element, direction, spelling);
	const isNumber = kind !== undefined && /^[suf]\d/.test(kind);
	if (direction === 'received') {
		return `${isNumber ? spelling.imported('array', 'array') : spelling.builtin('list')}[${item}]`;
	}
	const sequence = `${spelling.imported('collections.abc', 'Sequence')}[${item}]`;
	return isNumber ? `${sequence} | ${spelling.imported('typing_extensions', 'Buffer')}` : sequence;
}

function primitiveOf(type: WitType): Primitive | undefined {
	if (type.kind === 'named' && type.definition.kind === 'alias') return primitiveOf(type.definition.type);
	return isPrimitive(type) ? type.kind : undefined;
}

function isOption(type: WitType): boolean {
	return (
		type.kind === 'option' ||
		(type.kind === 'named' && type.definition.kind === 'alias' && isOption(type.definition.type))
	);
}

const builtins: Readonly<Record<Primitive, string>> = {
	bool: 'bool',
	s8: 'int',
	s16: 'int',
	s32: 'int',
	s64: 'int',
	u8: 'int',
	u16: 'int',
	u32: 'int',
	u64: 'int',
	f32: 'float',
	f64: 'float',
	char: 'str',
	string: 'str',
};
