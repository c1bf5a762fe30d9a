import { nearest } from '../diagnostics/nearest.js';
import { isWitName } from './name.js';
import type { TokenStream } from './token-stream.js';
import type { WitType } from './type.js';
import { carriedTypes, constructors, foreignNothing, foreignTypes, isCarried, primitives } from './types.js';

/** A type as it is written, before its names are known to mean anything. */
interface TypeExpression {
	readonly name: string;
	/** Absent without angle brackets. */
	readonly args?: readonly TypeExpression[];
	readonly start: number;
	readonly end: number;
}

/** Where a type stands; it decides the advice for `void`. */
type Position = 'parameter' | 'result';

// Deeper than any real type, and shallow enough for the call stack when the text is hostile.
const deepest = 32;

const typesHint = `supported types: ${carriedTypes.join(', ')}`;

/** Parses a type that this version carries; otherwise reports why not and gives undefined. */
export function parseType(stream: TokenStream, position: Position): WitType | undefined {
	const expression = parseExpression(stream, 0);
	if (expression === undefined || !checkNames(stream, expression, position)) return undefined;
	const type = witType(expression);
	if (type !== undefined && isCarried(type)) return type;
	const message = `the type "${expressionText(expression)}" is not supported`;
	stream.report('manifest/unsupported-type', expression, message, typesHint);
	return undefined;
}

function parseExpression(stream: TokenStream, depth: number): TypeExpression | undefined {
	const token = stream.peek();
	if (token.kind !== 'word') {
		const found = token.kind === 'end' ? '' : `, found "${token.text}"`;
		stream.syntax(token, `expected a type${found}`, typesHint);
		return undefined;
	}
	stream.next();
	if (stream.accept('<') === undefined) return { name: token.text, start: token.start, end: token.end };
	if (depth === deepest) {
		stream.syntax(token, 'types are nested too deeply');
		return undefined;
	}
	const args: TypeExpression[] = [];
	for (;;) {
		const close = stream.accept('>');
		if (close !== undefined) return { name: token.text, args, start: token.start, end: close.end };
		const arg = parseExpression(stream, depth + 1);
		if (arg === undefined) return undefined;
		args.push(arg);
		if (stream.accept(',') === undefined && stream.peek().kind !== '>') {
			stream.syntax(stream.peek(), `the type arguments of "${token.text}" are not closed`, 'add ">"');
			return undefined;
		}
	}
}

/** Reports names that mean nothing and wrong numbers of arguments. */
function checkNames(stream: TokenStream, expression: TypeExpression, position: Position): boolean {
	const { name, args } = expression;
	const arity = constructors.get(name);
	if (arity !== undefined) {
		if ((args?.length ?? 0) >= arity.min && (args?.length ?? 0) <= arity.max) {
			return (args ?? []).filter((arg) => !isFiller(arg)).every((arg) => checkNames(stream, arg, 'parameter'));
		}
		const hint = name === 'list' ? 'write list<u8>' : typesHint;
		stream.report('manifest/signature-syntax', expression, `"${name}" has a wrong number of type arguments`, hint);
		return false;
	}
	if (isPrimitive(name)) {
		if (args === undefined) return true;
		stream.report('manifest/signature-syntax', expression, `"${name}" takes no type arguments`, `write ${name}`);
		return false;
	}
	const hint = unknownTypeHint(name, position);
	// A word that is no misspelling can only be the name of a record or the like, which is fine in WIT.
	if (hint === undefined && isWitName(name.replace(/^%/, ''))) return true;
	stream.report('manifest/unknown-type', expression, `unknown type "${name}"`, hint ?? typesHint);
	return false;
}

function unknownTypeHint(name: string, position: Position): string | undefined {
	if (position === 'result' && foreignNothing.has(name.toLowerCase())) {
		return 'leave out the arrow when there is no result';
	}
	const meant = nearest(name, [...foreignTypes.keys(), ...carriedTypes, ...constructors.keys()]);
	return meant === undefined ? undefined : `did you mean "${foreignTypes.get(meant) ?? meant}"?`;
}

/** `result<_, string>` and `list<u8, 4>`: arguments that are not types. */
function isFiller({ name }: TypeExpression): boolean {
	return name === '_' || /^\d+$/.test(name);
}

function witType({ name, args }: TypeExpression): WitType | undefined {
	if (isPrimitive(name)) return { kind: name };
	const [argument, ...others] = args ?? [];
	if (name !== 'list' || argument === undefined || others.length > 0) return undefined;
	const element = witType(argument);
	return element === undefined ? undefined : { kind: 'list', element };
}

function isPrimitive(name: string): name is (typeof primitives)[number] {
	return primitives.some((one) => one === name);
}

function expressionText({ name, args }: TypeExpression): string {
	return args === undefined ? name : `${name}<${args.map(expressionText).join(', ')}>`;
}
