import { externKey, nameKey } from './component-name.js';
import { reportParam } from './functions.js';
import type { FunctionNode, InterfaceNode, MemberNode, TypeNode, TypeUse, WorldNode } from './model.js';
import type { FilePlace, Reporter } from './reporter.js';
import { measure } from './size.js';

// The bounds of wasm-tools' validator.
const most = { record: 10_000, variant: 10_000, enum: 10_000, flags: 32, params: 1000 };
const deepest = 99;
const largest = 1_000_000;
const longestList = 2 ** 30;

const sameHint = 'rename one of them: case and hyphens make no difference';

const words = { record: 'field', variant: 'case', enum: 'case', flags: 'flag' } as const;

/** Reports what a component could not have, though WIT's grammar can say it. */
export function validateInterface(node: InterfaceNode, reporter: Reporter): void {
	const names = [...node.types.values()].filter(({ isExcluded }) => !isExcluded);
	checkNames([...names, ...node.functions], reporter);
	for (const type of names) validateType(type, reporter);
	for (const func of node.functions) validateFunction(func, reporter);
	checkTotal(node, [...names.map((type) => measure({ kind: 'named', type, isOwn: false }).size)], reporter);
}

/** Reports an interface or a world in which more is said than wasm-tools' validator takes. */
export function checkTotal(node: InterfaceNode | WorldNode, sizes: readonly number[], reporter: Reporter): void {
	if (sizes.reduce((sum, size) => sum + size, 1) <= largest || sizes.some((size) => size > largest)) return;
	const message = `the types of the ${node.kind} "${node.name}" are too large together`;
	reporter.report('wit/impossible-type', node.at, message, {
		hint: 'types that contain each other many times grow fast',
	});
}

/** Reports names that are one in a component. */
export function checkNames(
	items: readonly { readonly name: string; readonly at: FilePlace }[],
	reporter: Reporter,
): void {
	const seen = new Map<string, { readonly name: string; readonly at: FilePlace }>();
	for (const item of items) {
		const first = seen.get(externKey(item.name));
		seen.set(externKey(item.name), first ?? item);
		// Equal names have been reported where they were defined.
		const isSame = /\./.test(item.name) && plainName(first?.name ?? '') === plainName(item.name);
		if (first === undefined || first.name === item.name || isSame) continue;
		const message = `"${plainName(item.name)}" and "${plainName(first.name)}" are one name in a component`;
		const hint = /^\[/.test(item.name) ? `${sameHint}, and a function cannot be named like its resource` : sameHint;
		reporter.report('wit/duplicate-name', item.at, message, {
			hint,
			note: { message: 'the first one is here', at: first.at },
		});
	}
}

/** `[method]row.get` as people say it. */
function plainName(name: string): string {
	return name.replace(/^\[[a-z]+\]/, '');
}

/** Reports a type that cannot be. */
export function validateType(type: TypeNode, reporter: Reporter): void {
	const { name, at, body } = type;
	if (body.kind === 'alias') checkUse(body.type, at, reporter);
	if (!('members' in body)) return;
	checkMeasure({ kind: 'named', type, isOwn: false }, at, reporter);
	const { kind, members } = body;
	if (members.length === 0 && (kind === 'record' || kind === 'flags')) reportEmpty(kind, name, at, reporter);
	if (members.length > most[kind]) {
		const message = `"${name}" has ${members.length} ${words[kind]}s, and there may be ${most[kind]}`;
		const hint = kind === 'flags' ? 'make several types of them, in a record' : undefined;
		reporter.report('wit/impossible-type', at, message, { hint });
	}
	checkMembers(members, words[kind], reporter);
	for (const { type: inner, at: place } of members) {
		const flaw = inner === undefined ? undefined : flawOf(inner);
		if (flaw !== undefined) reporter.report('wit/impossible-type', place, flaw);
	}
}

/** Says that a type has nothing in it. */
export function reportEmpty(kind: keyof typeof words, name: string, at: FilePlace, reporter: Reporter): void {
	const hint = `give it at least one ${words[kind]}`;
	reporter.report('wit/impossible-type', at, `the ${kind === 'flags' ? 'flags type' : kind} "${name}" is empty`, {
		hint,
	});
}

function checkMembers(members: readonly MemberNode[], word: string, reporter: Reporter): void {
	const seen = new Map<string, MemberNode>();
	for (const member of members) {
		const first = seen.get(nameKey(member.name));
		seen.set(nameKey(member.name), first ?? member);
		if (first === undefined) continue;
		const message =
			first.name === member.name
				? `two ${word}s are named "${member.name}"`
				: `the ${word}s "${first.name}" and "${member.name}" are one name in a component`;
		const note = { message: 'the first one is here', at: first.at };
		const hint = first.name === member.name ? 'rename one of them' : sameHint;
		reporter.report('wit/duplicate-name', member.at, message, { hint, note });
	}
}

/** Reports a function that cannot be. */
export function validateFunction({ name, params, result, at }: FunctionNode, reporter: Reporter): void {
	const seen = new Map<string, FunctionNode['params'][number]>();
	for (const [index, param] of params.entries()) {
		const first = seen.get(nameKey(param.name));
		seen.set(nameKey(param.name), first ?? param);
		const isSelf = first === params[0] && /^\[method\]/.test(name);
		// Equal names have been reported already.
		if (first !== undefined && first.name !== param.name) reportParam(param, first, isSelf, reporter);
		if (!/^\[method\]/.test(name) || index > 0) checkUse(param.type, param.at, reporter);
	}
	if (result !== undefined) checkUse(result, at, reporter);
	if (params.length <= most.params) return;
	const message = `"${plainName(name)}" has ${params.length} parameters, and there may be ${most.params}`;
	reporter.report('wit/impossible-type', at, message, { hint: 'put them into a record' });
}

function checkUse(use: TypeUse, at: FilePlace, reporter: Reporter): void {
	const flaw = flawOf(use);
	if (flaw === undefined) checkMeasure(use, at, reporter);
	else reporter.report('wit/impossible-type', at, flaw);
}

function checkMeasure(use: TypeUse, at: FilePlace, reporter: Reporter): void {
	const { depth, size } = measure(use);
	if (depth > deepest) reporter.report('wit/impossible-type', at, 'types are nested too deeply here');
	else if (size > largest) reporter.report('wit/impossible-type', at, 'the type is too large, counting what is in it');
}

function flawOf(use: TypeUse): string | undefined {
	if (use.kind !== 'nameless') return undefined;
	const [first] = use.args;
	if (use.name === 'tuple' && use.args.length === 0) return 'a tuple has at least one type';
	if (use.length === 0) return 'a list of a fixed length has at least one element';
	if (use.length !== undefined && use.length > longestList)
		return `a list of a fixed length has at most ${longestList} elements`;
	if (use.name === 'stream' && first !== undefined && isChar(first))
		return 'a stream cannot be of characters; use stream<u8>';
	return use.args.map((arg) => (arg === undefined ? undefined : flawOf(arg))).find((flaw) => flaw !== undefined);
}

function isChar(use: TypeUse): boolean {
	if (use.kind === 'primitive') return use.name === 'char';
	if (use.kind !== 'named') return false;
	const { body } = use.type;
	if (body.kind === 'same') return isChar({ kind: 'named', type: body.of, isOwn: false });
	return body.kind === 'alias' && isChar(body.type);
}
