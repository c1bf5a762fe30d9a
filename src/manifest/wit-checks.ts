import type { DefinedFunction } from '../wit/define.js';
import { printType } from '../wit/print.js';
import type { WitProblem } from '../wit/problem.js';
import type { FunctionNode, TypeNode } from '../wit/resolve/model.js';
import { problemAt } from '../wit/resolve/reporter.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { isCarried, isDefinitionCarried, isSimple, primitives, typesHint } from '../wit/types.js';

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

/** Functions of which Python code cannot implement a type: it is given primitives and bytes only so far. */
export function notSimpleFunctions(functions: readonly DefinedFunction[]): readonly WitProblem[] {
	return functions.flatMap(({ signature: { params, result }, at }) => {
		const types = [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])];
		const type = types.find((one) => !isSimple(one));
		if (type === undefined) return [];
		const message = `functions that Python code implements cannot have the type "${printType(type)}"`;
		const hint = `supported types: ${[...primitives, 'list<u8>'].join(', ')}`;
		return [problemAt('manifest/unsupported-type', at, message, { hint })];
	});
}

/** Functions of resources, which Python code cannot implement so far. */
export function resourcesIn(functions: readonly FunctionNode[]): readonly WitProblem[] {
	return functions
		.filter(({ resource, isExcluded }) => resource !== undefined && !isExcluded)
		.map(({ at, resource }) => {
			const message = `"${resource?.name}" is a resource, which Python code cannot implement`;
			return problemAt('manifest/unsupported-type', at, message, { hint: 'export functions instead' });
		});
}
