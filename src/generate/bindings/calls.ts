import { layoutOf } from '../abi/layout.js';
import { type Code, typed } from './code.js';
import { callOf, numberType } from './function.js';
import type { BoundImport, ImportTable } from './interfaces.js';
import { propertyKey, quote, Scope, variableName } from './names.js';
import { outcomeOf } from './result.js';
import { block } from './text.js';
import { typeText } from './type-text.js';

/** The members of `calls`, by wasm module. */
export function printCalls(code: Code, table: ImportTable): string[] {
	return [...table].flatMap(([module, imports]) =>
		block(
			`${propertyKey(module)}:`,
			imports.flatMap((one) => block(`${propertyKey(one.target.imported.name)}:`, printCall(code, one), ',')),
			',',
		),
	);
}

function printCall(code: Code, { core, target, module }: BoundImport): string[] {
	const { signature, path, imported } = target;
	const scope = new Scope(code.surrounding);
	const params = signature.params.map(({ name, type }) => ({ name: scope.take(variableName(name)), type }));
	// What drops a resource takes any of them: its class may want to know.
	const isDrop = imported.of.kind === 'drop';
	const list = params.map(({ name, type }) => name + typed(code, isDrop ? 'object' : typeText(type, code.names)));
	const outcome = outcomeOf(code, {
		name: quote(path),
		call: '',
		before: [],
		type: signature.result,
		core: core.result,
	});
	const { result } = signature;
	const way = (name: string, value: string, lines: readonly string[]): string[] => {
		// Compilers may reject parameters that nobody uses, except under such names.
		const used = lines.some((line) => /\barea\b/.test(line)) ? 'area' : '_area';
		const area = core.area === undefined ? [] : [used + typed(code, 'number')];
		return block(`${name}: (${[value, ...area].join(', ')})${typed(code, numberType(core.result))} =>`, lines, ',');
	};
	return [
		`isAsync: ${signature.isAsync === true},`,
		`area: ${core.area === undefined || result === undefined ? 0 : layoutOf(result).size},`,
		`call: (${list.join(', ')}) => ${callOf(
			target,
			module,
			params.map(({ name }) => name),
		)},`,
		...way('returned', `result${typed(code, outcome.type)}`, outcome.returned),
		...way('threw', `error${typed(code, 'unknown')}`, outcome.threw),
	];
}
