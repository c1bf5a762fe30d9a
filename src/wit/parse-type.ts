import { nearest } from '../diagnostics/nearest.js';
import { isWitName } from './name.js';
import { containsType, withoutAlias } from './parts.js';
import type { TypeScope } from './scope.js';
import type { TokenStream } from './token-stream.js';
import type { ResourceDefinition, WitType } from './type.js';
import { expressionText, parseTypeExpression, type TypeExpression } from './type-expression.js';
import {
	constructors,
	foreignNothing,
	foreignTypes,
	isCarried,
	isPrimitiveName,
	primitives,
	typesHint,
} from './types.js';

/** Where a type stands; it decides the advice for `void`. */
type Position = 'parameter' | 'result';

/** Parses a type that this version carries; otherwise reports why not and gives undefined. */
export function parseType(stream: TokenStream, position: Position, scope?: TypeScope): WitType | undefined {
	const expression = parseTypeExpression(stream);
	if (expression === undefined || !checkNames(stream, expression, position, scope)) return undefined;
	const type = witType(expression, scope ?? new Map());
	if (type !== undefined && position === 'result' && containsType(type, ({ kind }) => kind === 'borrow')) {
		const hint = 'a handle in a result is owned: leave out "borrow"';
		stream.report('wit/impossible-type', expression, 'a result cannot contain a borrowed handle', hint);
		return undefined;
	}
	if (type !== undefined && isCarried(type)) return type;
	const message = `the type "${expressionText(expression)}" is not supported`;
	stream.report('manifest/unsupported-type', expression, message, typesHint);
	return undefined;
}

/** Reports names that mean nothing, and handles of what is no resource. */
function checkNames(stream: TokenStream, expression: TypeExpression, position: Position, scope?: TypeScope): boolean {
	const { name, args = [] } = expression;
	if (constructors.has(name)) {
		if (!args.filter((arg) => !isFiller(arg)).every((arg) => checkNames(stream, arg, 'parameter', scope))) return false;
		return !isHandle(name) || checkHandle(stream, args, scope);
	}
	if (isPrimitiveName(name) || name === 'error-context' || scope?.has(bare(name)) === true) return true;
	const hint = unknownTypeHint(name, position, scope?.keys());
	// Without a scope, a word that is no misspelling can only be the name of a record or the like, which is fine in WIT.
	if (scope === undefined && hint === undefined && isWitName(bare(name))) return true;
	stream.report('manifest/unknown-type', expression, `unknown type "${name}"`, hint ?? typesHint);
	return false;
}

function checkHandle(stream: TokenStream, args: readonly TypeExpression[], scope?: TypeScope): boolean {
	const [of] = args;
	if (of === undefined || scope === undefined || resourceOf(of, scope) !== undefined) return true;
	const message = `"${bare(of.name)}" is not a resource`;
	stream.report('wit/impossible-type', of, message, 'only resources have handles');
	return false;
}

/** What the writer of an unknown type may have meant. */
export function unknownTypeHint(name: string, position: Position, known: Iterable<string> = []): string | undefined {
	if (position === 'result' && foreignNothing.has(name.toLowerCase())) {
		return 'leave out the arrow when there is no result';
	}
	const meant = nearest(name, [...known, ...foreignTypes.keys(), ...primitives, ...constructors.keys()]);
	return meant === undefined ? undefined : `did you mean "${foreignTypes.get(meant) ?? meant}"?`;
}

function isHandle(name: string): boolean {
	return name === 'own' || name === 'borrow';
}

/** `result<_, string>` and `list<u8, 4>`: arguments that are not types. */
function isFiller({ name }: TypeExpression): boolean {
	return name === '_' || /^\d+$/.test(name);
}

/** The type that an expression stands for, or undefined where a part of it cannot be carried by any version of the model. */
function witType(expression: TypeExpression, scope: TypeScope): WitType | undefined {
	const { name, args = [] } = expression;
	if (isPrimitiveName(name)) return { kind: name };
	const parts = args.map((arg) => (isFiller(arg) ? undefined : witType(arg, scope)));
	// What is missing although it was written cannot be carried, and neither can the whole.
	if (!isHandle(name) && args.some((arg, index) => !isFiller(arg) && parts[index] === undefined)) return undefined;
	const [first, second] = parts;
	switch (name) {
		case 'list':
			return first === undefined || args.length > 1 ? undefined : { kind: 'list', element: first };
		case 'option':
			return first === undefined ? undefined : { kind: 'option', some: first };
		case 'tuple':
			return { kind: 'tuple', items: parts.flatMap((part) => part ?? []) };
		case 'result':
			return {
				kind: 'result',
				...(first === undefined ? {} : { ok: first }),
				...(second === undefined ? {} : { err: second }),
			};
		case 'own':
		case 'borrow': {
			const resource = args[0] && resourceOf(args[0], scope);
			return resource === undefined ? undefined : { kind: name, resource };
		}
		default:
			return named(bare(name), scope);
	}
}

function named(name: string, scope: TypeScope): WitType | undefined {
	const definition = scope.get(name);
	if (definition === undefined) return undefined;
	return definition.kind === 'resource' ? { kind: 'own', resource: definition } : { kind: 'named', definition };
}

/** The resource that a name stands for, also by aliases of it. */
function resourceOf({ name }: TypeExpression, scope: TypeScope): ResourceDefinition | undefined {
	const definition = scope.get(bare(name));
	if (definition?.kind === 'resource') return definition;
	const type = definition?.kind === 'alias' ? withoutAlias(definition.type) : undefined;
	return type?.kind === 'own' ? type.resource : undefined;
}

function bare(name: string): string {
	return name.replace(/^%/, '');
}
