import type { Definable, DefinedFunction } from '../wit/define.js';
import { jsName } from '../wit/name.js';
import { printType } from '../wit/print.js';
import type { WitProblem } from '../wit/problem.js';
import type { TypeNode } from '../wit/resolve/model.js';
import { type FilePlace, problemAt } from '../wit/resolve/reporter.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { isCarried, isDefinitionCarried, typesHint } from '../wit/types.js';
import { pythonClass } from './python-spelling.js';

/** Names that WIT tells apart, and Python or TypeScript cannot. */
export function collisionsIn({ types }: Pick<Definable, 'types'>): readonly WitProblem[] {
	const own = [...types.values()].filter(({ body }) => body.kind !== 'same' || !body.isUse);
	return [
		...collisions(own, ({ name }) => pythonClass(name), 'Python'),
		...own.flatMap(({ body }) => {
			switch (body.kind) {
				case 'record':
				case 'flags':
					return collisions(body.members, ({ name }) => jsName(name), 'TypeScript');
				case 'variant':
					return collisions(body.members, ({ name }) => pythonClass(name), 'Python');
				case 'resource': {
					const functions = body.functions.map(({ name, at }) => ({ name: name.replace(/^.*\./, ''), at }));
					return collisions(functions, ({ name }) => jsName(name), 'TypeScript');
				}
				default:
					return [];
			}
		}),
	];
}

interface Named {
	readonly name: string;
	readonly at: FilePlace;
}

function collisions(all: readonly Named[], spell: (one: Named) => string, language: string): readonly WitProblem[] {
	const first = new Map<string, Named>();
	return all.flatMap((one) => {
		const name = spell(one);
		const earlier = first.get(name);
		if (earlier === undefined) {
			first.set(name, one);
			return [];
		}
		return problemAt(
			'manifest/name-collision',
			one.at,
			`"${one.name}" and "${earlier.name}" are both "${name}" in ${language}`,
			{ hint: 'rename one of them', note: { message: `"${earlier.name}" is here`, at: earlier.at } },
		);
	});
}

/** Definitions that this version cannot carry across the boundary. */
export function uncarriedIn(
	definitions: readonly (TypeDefinition | ResourceDefinition)[],
	types: ReadonlyMap<string, TypeNode>,
): readonly WitProblem[] {
	return definitions.flatMap((one) => {
		const at = types.get(one.name)?.at;
		if (at === undefined || isDefinitionCarried(one)) return [];
		return [problemAt('manifest/unsupported-type', at, `the type "${one.name}" is not supported`, { hint: typesHint })];
	});
}

/** Functions of which this version cannot carry a type. */
export function uncarriedFunctions(functions: readonly DefinedFunction[]): readonly WitProblem[] {
	return functions.flatMap(({ signature: { params, result }, at }) => {
		const types = [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])];
		const type = types.find((one) => !isCarried(one));
		if (type === undefined) return [];
		return [
			problemAt('manifest/unsupported-type', at, `the type "${printType(type)}" is not supported`, { hint: typesHint }),
		];
	});
}
