import type { FileFunction, NamedFunction, NameSyntax, ResourceFunctionSyntax } from '../syntax.js';
import type { TypeExpression } from '../type-expression.js';
import { ungated } from './gates.js';
import type { FunctionNode, Gated, InterfaceNode, Stability, TypeNode, TypeUse, WorldNode } from './model.js';
import type { Reporter } from './reporter.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';
import { definedNames, resolveUse, selfType, type TypeContext } from './type-use.js';

/** What a function is part of, and whether a gate keeps it out. */
export interface FunctionContext {
	readonly owner: InterfaceNode | WorldNode;
	readonly scope: FileScope;
	readonly resolution: Resolution;
	readonly stability: Stability;
	/** Also where what it is part of is kept out. */
	readonly isExcluded: boolean;
}

/** Resolves a function that stands by itself. */
export function resolveFunction(
	syntax:
		| NamedFunction
		| (Gated & {
				readonly kind: 'extern';
				readonly name: NameSyntax;
				readonly func: FileFunction;
				readonly doc?: string;
		  }),
	context: FunctionContext,
): FunctionNode {
	return build(syntax.name.text, syntax, [], context);
}

/** Resolves a function of a resource. */
export function resolveResourceFunction(
	syntax: ResourceFunctionSyntax,
	resource: TypeNode,
	context: FunctionContext,
): FunctionNode {
	const { kind, name } = syntax;
	const at = placeOf(context.scope.path, name);
	const self: TypeUse = { kind: 'named', type: resource, isOwn: false };
	const { resolution, isExcluded, scope } = context;
	const gated = { resolution, isExcluded, package: scope.package };
	const first = kind === 'method' ? [{ name: 'self', at, type: selfType(resource, at, gated) }] : [];
	const full = kind === 'constructor' ? `[constructor]${resource.name}` : `[${kind}]${resource.name}.${name.text}`;
	const func = build(full, syntax, first, context);
	if (kind !== 'constructor') return { ...func, resource };
	if (syntax.func.result !== undefined && func.result !== undefined) {
		checkConstructed(func.result, syntax.func.result, resource, context);
	}
	return { ...func, resource, result: func.result ?? self };
}

type AnyFunctionSyntax = Parameters<typeof resolveFunction>[0] | ResourceFunctionSyntax;

function build(
	name: string,
	syntax: AnyFunctionSyntax,
	first: FunctionNode['params'],
	{ owner, scope, resolution, stability, isExcluded }: FunctionContext,
): FunctionNode {
	const { reporter } = resolution;
	const context: TypeContext = {
		resolution,
		path: scope.path,
		package: scope.package,
		types: owner.types,
		known: definedNames(owner.syntax.items),
		stability: ungated,
		isExcluded,
		position: 'parameter',
	};
	const params = [...first];
	for (const param of syntax.func.params) {
		const at = placeOf(scope.path, param);
		const same = params.find((one) => one.name === param.name);
		if (same !== undefined) reportParam({ name: param.name, at }, same, first.includes(same), reporter);
		params.push({ name: param.name, at, type: resolveUse(param.type, context) });
	}
	const { result } = syntax.func;
	const use = result === undefined ? undefined : resolveUse(result, { ...context, position: 'result' });
	const at = placeOf(scope.path, syntax.name);
	if (!isExcluded && result !== undefined && use !== undefined && hasBorrow(use)) {
		const message = `the result of "${syntax.name.text}" contains a borrowed handle`;
		const hint = 'a handle in a result is owned: leave out "borrow"';
		reporter.report('wit/impossible-type', placeOf(scope.path, result), message, { hint });
	}
	return {
		name,
		syntax,
		owner,
		isAsync: syntax.func.isAsync,
		params,
		...(use === undefined ? {} : { result: use }),
		at,
		stability,
		isExcluded,
	};
}

/** Says that two parameters have one name; a method has `self` without being told. */
export function reportParam(second: ParamPlace, first: ParamPlace, isSelf: boolean, reporter: Reporter): void {
	const message =
		first.name === second.name
			? `two parameters are named "${second.name}"`
			: `the parameters "${first.name}" and "${second.name}" are one name in a component`;
	reporter.report('wit/duplicate-name', second.at, message, {
		hint: isSelf
			? 'methods have a parameter "self" already'
			: 'give each parameter its own name; case and hyphens make no difference',
		note: isSelf ? undefined : { message: 'the first one is here', at: first.at },
	});
}

type ParamPlace = Pick<FunctionNode['params'][number], 'name' | 'at'>;

/** A constructor gives its resource, or a result with it. */
function checkConstructed(
	result: TypeUse,
	expression: TypeExpression,
	resource: TypeNode,
	{ scope, resolution: { reporter } }: FunctionContext,
): void {
	if (result.kind === 'broken' || (result.kind === 'named' && result.type.body.kind === 'broken')) return;
	const outer = result.kind === 'named' && result.type.body.kind === 'alias' ? result.type.body.type : result;
	const ok = outer.kind === 'nameless' && outer.name === 'result' ? outer.args[0] : undefined;
	if (ok?.kind === 'named' && ok.type === resource) return;
	const message = `a constructor gives "${resource.name}" itself, or a result of it`;
	const hint = `leave the result out, or write -> result<${resource.name}, …>`;
	reporter.report('wit/impossible-type', placeOf(scope.path, expression), message, { hint });
}

/** Whether a type contains a borrowed handle. */
export function hasBorrow(use: TypeUse | undefined, seen: Set<TypeNode> = new Set()): boolean {
	if (use === undefined || use.kind === 'primitive' || use.kind === 'broken') return false;
	if (use.kind === 'nameless') return use.name === 'borrow' || use.args.some((arg) => hasBorrow(arg, seen));
	if (use.isOwn || seen.has(use.type)) return false;
	seen.add(use.type);
	const { body } = use.type;
	if (body.kind === 'same') return hasBorrow({ kind: 'named', type: body.of, isOwn: false }, seen);
	if (body.kind === 'alias') return hasBorrow(body.type, seen);
	return 'members' in body && body.members.some(({ type }) => hasBorrow(type, seen));
}
