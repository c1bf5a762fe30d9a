import { withoutAlias } from '../../wit/parts.js';
import type { WitType } from '../../wit/type.js';
import { coreType } from '../abi/core.js';
import { layoutOf, layoutRecord } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import { type Code, typed } from './code.js';
import { flattenLoaded } from './flatten.js';
import { lift, load } from './lift.js';
import { lower, type Place, type Statement, store, withViews } from './lower.js';
import { propertyKey, quote, Scope, variableName } from './names.js';
import type { BoundExport, BoundInterface } from './outline.js';
import { structureOf } from './structure.js';
import { attempt, block, indent } from './text.js';
import { typeText } from './type-text.js';

/** The members of `exports`: functions that lower their arguments, call Python code, and lift what it returns. */
export function printExports(code: Code, interfaces: readonly BoundInterface[]): string[] {
	return interfaces.flatMap(({ member, functions }) =>
		block(
			`${propertyKey(member)}:`,
			functions.flatMap((one) => printExport(code, one)),
			',',
		),
	);
}

/** Variables of the functions. */
const own: readonly string[] = ['mark', 'at', 'core', 'answer', 'place', 'error'];

function printExport(code: Code, one: BoundExport): string[] {
	const { signature } = one.source;
	const scope = new Scope([...own, ...code.surrounding]);
	const params = signature.params.map(({ name, type }) => ({ name: scope.take(variableName(name)), type }));
	const list = params.map(({ name, type }) => name + typed(code, typeText(type, code.names)));
	const { variables, lines } = lowerArguments(code, one, params, scope);
	if (code.waits) return printWaitingExport(code, one, { list, variables, lines });
	return [
		`${propertyKey(one.member)}: (${list.join(', ')}) => {`,
		...indent([...lines, ...printCall(code, one, variables)]),
		'},',
	];
}

/** Where Python may have to wait, so does the host: for its turn, and for the result. */
function printWaitingExport(
	code: Code,
	one: BoundExport,
	{ list, variables, lines }: Record<'list' | 'variables' | 'lines', readonly string[]>,
): string[] {
	const core = typed(code, coreType(one.source.signature).results[0] === 'i64' ? 'bigint' : 'number');
	const answer = printAnswer(code, one, { given: 'core' });
	const given = answer.some((line) => /\bcore\b/.test(line)) ? `core${core}` : '';
	return [
		`${propertyKey(one.member)}: (${list.join(', ')}) =>`,
		...indent([
			'enterLater(',
			...indent([
				'guest,',
				`${quote(one.source.exportName)},`,
				...block('() =>', [...lines, `return [${variables.join(', ')}];`], ','),
				...block(`(${given}) =>`, answer, ','),
			]),
			'),',
		]),
	];
}

interface Argument {
	readonly name: string;
	readonly type: WitType;
}

/** The statements that lower the arguments, and the variables in which the core values then are. */
function lowerArguments(
	code: Code,
	{ source: { signature }, path }: BoundExport,
	params: readonly Argument[],
	scope: Scope,
): { readonly variables: readonly string[]; readonly lines: readonly string[] } {
	if (params.length === 0) return { variables: [], lines: [] };
	const { spilled } = coreType(signature);
	const types = params.map(({ type }) => type);
	const core: readonly CoreType[] = spilled ? ['i32'] : layoutRecord(types).flat;
	const variables = core.map((_, index) => scope.take(`core${index}`));
	const place = (index: number): Place => ({
		code,
		name: quote(path),
		step: quote(variableName(signature.params[index]?.name ?? '')),
		scope,
	});
	const statements =
		!spilled && params.every(({ type }) => isDirect(type))
			? direct(params, variables, place)
			: inMemory(params, variables, place, { spilled, name: quote(path), scope });
	const declared = variables.map((name, index) => name + typed(code, core[index] === 'i64' ? 'bigint' : 'number'));
	return {
		variables,
		lines: [
			'const mark = guest.count;',
			`let ${declared.join(', ')};`,
			...attempt(statements, 'error', [`throw refuseArguments(guest, ${quote(path)}, mark, error);`]),
			// The guest has it now, and frees it.
			'guest.count = mark;',
		],
	};
}

/** Whether a value can be lowered to core values without going through memory: text, and what is one number. */
function isDirect(type: WitType): boolean {
	const structure = structureOf(type);
	if (structure.kind === 'primitive') return true;
	return structure.kind === 'enum' || structure.kind === 'flags' || structure.kind === 'handle';
}

function direct(
	params: readonly Argument[],
	variables: readonly string[],
	place: (index: number) => Place,
): readonly string[] {
	let next = 0;
	return params.flatMap(({ name, type }, index) => {
		const first = variables[next] ?? '';
		next += layoutOf(type).flat.length;
		const around = place(index);
		if (withoutAlias(type).kind === 'string') {
			return [`[${first}, ${variables[next - 1]}] = giveText(guest, ${around.name}, ${name}, ${around.step});`];
		}
		const { before, core } = lower(around, type, name);
		return [...before.map(({ text }) => text), `${first} = ${core};`];
	});
}

/** Stores the arguments as a record, from which flat ones are read again. */
function inMemory(
	params: readonly Argument[],
	variables: readonly string[],
	place: (index: number) => Place,
	{ spilled, name, scope }: { readonly spilled: boolean; readonly name: string; readonly scope: Scope },
): readonly string[] {
	const types = params.map(({ type }) => type);
	const { offsets, size, alignment } = layoutRecord(types);
	const stores = params.flatMap((param, index): Statement[] =>
		store(place(index), param.type, param.name, 'at', offsets[index] ?? 0),
	);
	const take = `const at = take(guest, ${name}, ${size}, ${alignment});`;
	const stored = [take, '{', ...indent(withViews(stores)), '}'];
	if (spilled) return [...stored, `${variables[0]} = at;`];
	const flat = types.map((type, index) => flattenLoaded(type, 'at', offsets[index] ?? 0, scope));
	const values = flat.flatMap((one) => one.values);
	return [
		...stored,
		'const view = viewOf(guest);',
		...flat.flatMap(({ statements }) => statements),
		...variables.map((variable, index) => `${variable} = ${values[index]};`),
		`guest.realloc(at, ${size}, ${alignment}, 0);`,
	];
}

/** Calls the function, and gives what it returns to the host. */
function printCall(code: Code, one: BoundExport, variables: readonly string[]): string[] {
	const { signature, exportName } = one.source;
	const call = `enter(${['guest', quote(exportName), ...variables].join(', ')})`;
	const [core] = coreType(signature).results;
	const type = core === 'i64' ? 'bigint' : 'number';
	const given = code.form === 'ts' ? `${call} as ${type}` : call;
	return signature.result === undefined ? [`${call};`] : printAnswer(code, one, { given });
}

/** Gives the host what the function returned, of which `given` is the core value. */
function printAnswer(code: Code, { source, path }: BoundExport, { given }: { readonly given: string }): string[] {
	const { result } = source.signature;
	if (result === undefined) return [];
	const around = { code, name: quote(path) };
	const [core] = coreType(source.signature).results;
	if (core !== undefined) {
		const taken = given === 'core' ? [] : [`const core = ${given};`];
		return [...taken, ...giveAnswer(code, result, lift(around, result, ['core']))];
	}
	const { size, alignment } = layoutOf(result);
	return [
		`const area = ${given};`,
		`const view = viewRecord(guest, area, ${size}, ${alignment}, ${quote(path)});`,
		`const answer${typed(code, answerType(code, result))} = ${load(around, result, '', 0)};`,
		`entryPoint(guest, ${quote(`cabi_post_${source.exportName}`)})(area);`,
		...giveAnswer(code, result, 'answer'),
	];
}

function answerType(code: Code, result: WitType): string {
	return typeText(result, code.names);
}

/** A `result` is its value, or throws its error. */
function giveAnswer(code: Code, type: WitType, value: string): string[] {
	const plain = withoutAlias(type);
	if (plain.kind !== 'result') return [`return ${value};`];
	const error = `new ${code.names.ofException(plain.err)}(${plain.err === undefined ? '' : 'outcome.val'})`;
	return [
		`const outcome${typed(code, answerType(code, plain))} = ${value};`,
		`if (outcome.tag === 'err') throw ${error};`,
		...(plain.ok === undefined ? [] : ['return outcome.val;']),
	];
}
