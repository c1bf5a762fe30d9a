import type { DefinedFunction } from '../wit/define.js';
import { printType } from '../wit/print.js';
import type { WitProblem } from '../wit/problem.js';
import type { TypeNode } from '../wit/resolve/model.js';
import { problemAt } from '../wit/resolve/reporter.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { isCarried, isDefinitionCarried, typesHint } from '../wit/types.js';
import { uncarriedByExports } from './export-types.js';

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

/** What a signature of an export has that is not carried. */
export function uncarriedExports(functions: readonly DefinedFunction[]): readonly WitProblem[] {
	return functions.flatMap(({ signature, at }) =>
		uncarriedByExports(signature).map(({ message, hint }) =>
			problemAt('manifest/unsupported-type', at, message, { hint }),
		),
	);
}

/** Types of an interface that Python code implements: no module of the host's has their classes. */
export function ownTypesIn(types: ReadonlyMap<string, TypeNode>): readonly WitProblem[] {
	return [...types.values()]
		.filter(({ body, isExcluded }) => !isExcluded && (body.kind !== 'same' || !body.isUse))
		.map(({ name, at }) => {
			const message = `"${name}" is defined in an interface that Python code implements, which is not supported`;
			const hint = 'define it in another interface, and "use" it from there';
			return problemAt('manifest/unsupported-type', at, message, { hint });
		});
}
