import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import type { ValueNames } from './names.js';
import { partsOf } from './parts.js';

/** Types and all that they are made of, each once, after those that it is made of itself. */
export function usedTypes(names: ValueNames, types: readonly WitType[]): readonly WitType[] {
	const used = new Map<string, WitType>();
	const collect = (type: WitType): void => {
		const name = names.of(type);
		if (used.has(name)) return;
		for (const part of partsOf(type)) collect(part);
		used.set(name, withoutAlias(type));
	};
	for (const type of types) collect(type);
	return [...used.values()];
}
