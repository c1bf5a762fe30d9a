import type { Manifest } from '../../../manifest/manifest.js';
import { withoutAlias } from '../../../wit/parts.js';
import { printType } from '../../../wit/print.js';
import type { Primitive, ResourceDefinition, TypeDefinition, WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { layoutOf } from '../../abi/layout.js';
import type { RaisedErrors } from '../../python/errors.js';
import { isNative } from '../../sources.js';
import { cIdentifier, uniqueName } from '../names.js';

/** How definitions are called in C, in all files of a program: `demo_row`. */
export type DefinitionNames = ReadonlyMap<TypeDefinition | ResourceDefinition, string>;

/** Names the definitions of a manifest. */
export function nameDefinitions(manifest: Manifest): DefinitionNames {
	const used = new Set<string>();
	return new Map(
		manifest.modules.flatMap((module) =>
			isNative(module)
				? []
				: module.types.map((one) => [one, uniqueName(cIdentifier(`${module.name}_${one.name}`), used)] as const),
		),
	);
}

/** How the types of one C file are called. */
export interface ValueNames {
	/** Last part of the names of a type's functions, `lower_*` and `lift_*`: `list_demo_row`. */
	of(type: WitType): string;
	/** The C type of a value, whose memory layout is the Canonical ABI's. */
	memory(type: WitType): string;
	/** The C variable that describes the Python class of a definition. */
	classOf(definition: TypeDefinition | ResourceDefinition): string;
	/** Whether the Python class of a record or a variant is an exception. */
	isException(definition: TypeDefinition): boolean;
}

/** Names the types of a C file. Types that are equal have one name, and others never do. */
export function nameValues(
	definitions: DefinitionNames,
	{ isException }: Pick<RaisedErrors, 'isException'>,
): ValueNames {
	const byType = new Map<string, string>();
	const used = new Set<string>();
	const definitionName = (definition: TypeDefinition | ResourceDefinition): string => {
		const name = definitions.get(definition);
		if (name === undefined) throw new Error(`nobody defines ${definition.owner}.${definition.name}`);
		return name;
	};
	/** Spells a type so that others are spelt otherwise. */
	const spell = (type: WitType, separator: string): string => {
		const parts = (name: string, types: readonly (WitType | undefined)[]) =>
			[name, ...types.map((one) => (one === undefined ? 'none' : spell(withoutAlias(one), separator)))].join(separator);
		switch (type.kind) {
			case 'list':
				return parts('list', [type.element]);
			case 'tuple':
				return parts(`tuple${type.items.length}`, type.items);
			case 'option':
				return parts('option', [type.some]);
			case 'result':
				return parts('result', [type.ok, type.err]);
			case 'named':
				return definitionName(type.definition);
			case 'own':
			case 'borrow':
				return parts(type.kind, []) + separator + definitionName(type.resource);
			default:
				return type.kind;
		}
	};
	const of = (type: WitType): string => {
		const resolved = withoutAlias(type);
		const key = spell(resolved, ' ');
		const known = byType.get(key);
		if (known !== undefined) return known;
		const name = uniqueName(spell(resolved, '_').slice(0, 48), used);
		byType.set(key, name);
		return name;
	};
	return {
		of,
		memory: (type) => memoryType(withoutAlias(type), of),
		classOf: (one) => `${definitionName(one)}_class`,
		isException,
	};
}

function memoryType(type: WitType, nameOf: (type: WitType) => string): string {
	if (isPrimitive(type)) return scalars[type.kind];
	switch (type.kind) {
		case 'list':
			return withoutAlias(type.element).kind === 'u8' ? 'cpybuild_bytes' : 'cpybuild_list';
		case 'own':
		case 'borrow':
			return 'uint32_t';
		case 'named':
			return type.definition.kind === 'enum' || type.definition.kind === 'flags'
				? `uint${layoutOf(type).size * 8}_t`
				: `${nameOf(type)}_value`;
		case 'tuple':
		case 'option':
		case 'result':
			return `${nameOf(type)}_value`;
		default:
			throw new Error(`generated C carries no ${printType(type)}`);
	}
}

/** A boolean of the host's may be any byte, which C's own type must not hold. */
const scalars: Readonly<Record<Primitive, string>> = {
	bool: 'uint8_t',
	s8: 'int8_t',
	s16: 'int16_t',
	s32: 'int32_t',
	s64: 'int64_t',
	u8: 'uint8_t',
	u16: 'uint16_t',
	u32: 'uint32_t',
	u64: 'uint64_t',
	f32: 'float',
	f64: 'double',
	char: 'uint32_t',
	string: 'cpybuild_string',
};
