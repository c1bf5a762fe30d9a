import type { DefinedFunction } from '../wit/define.js';
import { printType } from '../wit/print.js';
import type { WitProblem } from '../wit/problem.js';
import type { TypeNode } from '../wit/resolve/model.js';
import { problemAt } from '../wit/resolve/reporter.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { isCarried, isDefinitionCarried, typesHint } from '../wit/types.js';

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

/** Resources of an interface that Python code implements: the host would hold handles of Python's. */
export function ownResourcesIn(types: ReadonlyMap<string, TypeNode>): readonly WitProblem[] {
	return [...types.values()]
		.filter(({ body, isExcluded }) => !isExcluded && body.kind === 'resource')
		.map(({ name, at }) => {
			const message = `"${name}" is a resource of an interface that Python code implements, which is not supported`;
			const hint = 'define it in an interface that the host implements, and "use" it from there';
			return problemAt('manifest/unsupported-type', at, message, { hint });
		});
}
