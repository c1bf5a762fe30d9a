import { witText } from '../name.js';
import { unknownTypeHint } from '../parse-type.js';
import type { InterfaceItem, WorldItemSyntax } from '../syntax.js';
import type { TypeExpression } from '../type-expression.js';
import { constructors, isPrimitiveName } from '../types.js';
import { excludes, reportExcluded, ungated } from './gates.js';
import type { InterfaceNode, NamelessName, PackageNode, Stability, TypeNode, TypeUse, WorldNode } from './model.js';
import type { FilePlace } from './reporter.js';
import { placeOf, type Resolution } from './structure.js';

/** Where types are resolved: which names there are, and who must not use what a gate keeps out. */
export interface TypeContext {
	readonly resolution: Resolution;
	readonly path: string;
	readonly package: PackageNode;
	readonly types: ReadonlyMap<string, TypeNode>;
	/** All names of types here, also of those that are not resolved yet: one of them may be meant. */
	readonly known: readonly string[];
	/** What types without a name inherit; functions give them none. */
	readonly stability: Stability;
	/** Whether what uses these types is itself kept out by a gate. */
	readonly isExcluded: boolean;
	readonly position: 'parameter' | 'result';
}

const broken: TypeUse = { kind: 'broken' };

/** A type where it is used: names become what they stand for. */
export function resolveUse(expression: TypeExpression, context: TypeContext): TypeUse {
	const { name, args = [] } = expression;
	if (isPrimitiveName(name) || name === 'error-context') return { kind: 'primitive', name };
	if (!constructors.has(name)) return resolveName(expression, context);
	if (name === 'own') return resolveHandle(args[0], context);
	const type = makeNameless(expression, context);
	if (type.kind === 'nameless') rememberNameless(type, placeOf(context.path, expression), context);
	return type;
}

/** A constructed type that has no name yet: `list<u8>`. A definition may give it one. */
export function makeNameless({ name, args = [], ...place }: TypeExpression, context: TypeContext): TypeUse {
	const inner = { ...context, position: 'parameter' as const };
	const length = name === 'list' && args[1] !== undefined ? Number(args[1].name) : undefined;
	const written = length === undefined ? args : args.slice(0, 1);
	const uses = written.map((arg) => {
		if (arg.name === '_') return undefined;
		return name === 'borrow' ? resolveHandle(arg, inner) : resolveUse(arg, inner);
	});
	if (name === 'map') checkKey(uses[0], place, context);
	if (uses.some((use) => use?.kind === 'broken')) return broken;
	const key = `${name}<${uses.map(keyOf).join()}${length === undefined ? '' : `;${length}`}>`;
	const stability = context.stability.kind === 'unknown' ? innerStability(uses) : context.stability;
	return {
		kind: 'nameless',
		name: namelessName(name),
		args: uses,
		key,
		stability,
		...(length === undefined ? {} : { length }),
	};
}

function resolveName({ name, ...place }: TypeExpression, context: TypeContext): TypeUse {
	const { resolution, path, types, isExcluded, position } = context;
	const bare = name.replace(/^%/, '');
	const type = types.get(bare);
	if (type === undefined) {
		const hint = useHint(bare, context) ?? unknownTypeHint(name, position, context.known) ?? defineHint;
		resolution.reporter.report('manifest/unknown-type', placeOf(path, place), `unknown type "${name}"`, { hint });
		return broken;
	}
	if (type.isExcluded && !isExcluded) {
		reportExcluded(resolution.reporter, placeOf(path, place), `"${type.name}"`, type.stability);
		return broken;
	}
	return { kind: 'named', type, isOwn: false };
}

const defineHint = 'define it here, or bring it from another interface: use interface.{name};';

/** Another interface of the package may have it. */
function useHint(name: string, context: TypeContext): string | undefined {
	for (const item of context.package.items.values()) {
		if (item.kind === 'interface' && definedNames(item.syntax.items).includes(name)) {
			return `the interface "${item.name}" has it: use ${witText(item.name)}.{${witText(name)}};`;
		}
	}
	return undefined;
}

/** The names of the types that an interface or a world defines or uses. */
export function definedNames(items: readonly (InterfaceItem | WorldItemSyntax)[]): readonly string[] {
	return items.flatMap((item) => {
		if (item.kind === 'use') return item.names.map(({ name, as = name }) => as.text);
		const isType = !['function', 'include', 'import', 'export'].includes(item.kind);
		return isType && 'name' in item && item.name !== undefined ? [item.name.text] : [];
	});
}

function resolveHandle(of: TypeExpression | undefined, context: TypeContext): TypeUse {
	if (of === undefined) return broken;
	const use = resolveName(of, context);
	if (use.kind !== 'named' || resourceOf(use.type) !== undefined || isBroken(use.type)) {
		return use.kind === 'named' ? { ...use, isOwn: true } : use;
	}
	const { reporter } = context.resolution;
	const message = `"${use.type.name}" is not a resource`;
	const note = { message: 'it is defined here', at: use.type.at };
	reporter.report('wit/impossible-type', placeOf(context.path, of), message, {
		hint: 'only resources have handles',
		note,
	});
	return broken;
}

/** The resource that a type is, by any number of other names. */
export function resourceOf(type: TypeNode): TypeNode | undefined {
	if (type.body.kind === 'resource') return type;
	return type.body.kind === 'same' ? resourceOf(type.body.of) : undefined;
}

function isBroken(type: TypeNode): boolean {
	return type.body.kind === 'broken' || (type.body.kind === 'same' && isBroken(type.body.of));
}

/**
 * wasm-tools makes equal types once for each package, and gives them the gate of the place where it met them first. So a
 * type in a gated record is kept out with it, wherever else it stands.
 */
function rememberNameless(
	type: Nameless,
	at: FilePlace,
	{ resolution, package: owner, isExcluded }: Pick<TypeContext, 'resolution' | 'package' | 'isExcluded'>,
): void {
	const first = owner.nameless.get(type.key);
	if (first === undefined) owner.nameless.set(type.key, type.stability);
	const stability = first ?? type.stability;
	if (isExcluded || !excludes(stability, resolution.features)) return;
	const feature = stability.kind === 'unstable' ? stability.feature : undefined;
	const message = `"${type.name}<…>" is first used behind the feature "${feature}", which is not enabled; wasm-tools then leaves it out everywhere`;
	const hint = 'enable the feature, or use the type in something ungated before';
	resolution.reporter.report('wit/feature-gate', at, message, { hint });
}

/** The first parameter of a method: its resource, borrowed. */
export function selfType(
	resource: TypeNode,
	at: FilePlace,
	context: Pick<TypeContext, 'resolution' | 'package' | 'isExcluded'>,
): TypeUse {
	const args: readonly TypeUse[] = [{ kind: 'named', type: resource, isOwn: true }];
	const key = `borrow<${args.map(keyOf).join()}>`;
	const type: Nameless = { kind: 'nameless', name: 'borrow', args, key, stability: resource.stability };
	rememberNameless(type, at, context);
	return type;
}

type Nameless = Extract<TypeUse, { readonly kind: 'nameless' }>;

function innerStability(uses: readonly (TypeUse | undefined)[]): Stability {
	for (const use of uses) {
		const stability = use?.kind === 'named' ? use.type.stability : use?.kind === 'nameless' ? use.stability : ungated;
		if (stability.kind !== 'unknown') return stability;
	}
	return ungated;
}

function checkKey(
	key: TypeUse | undefined,
	place: { readonly start: number; readonly end: number },
	context: TypeContext,
): void {
	const isKey = key?.kind === 'primitive' && !['f32', 'f64', 'error-context'].includes(key.name);
	if (isKey || key === undefined || key.kind === 'broken') return;
	const message = 'this type cannot be the key of a map';
	const hint = 'keys are bool, char, string, or integers, and not by another name';
	context.resolution.reporter.report('wit/impossible-type', placeOf(context.path, place), message, { hint });
}

/** Equal for equal types, and only for them. */
export function keyOf(use: TypeUse | undefined): string {
	switch (use?.kind) {
		case undefined:
			return '_';
		case 'primitive':
			return use.name;
		case 'named':
			return `${ownerKey(use.type.owner)}.${use.type.name}`;
		case 'nameless':
			return use.key;
		case 'broken':
			return '?';
	}
}

/** Inline interfaces of several worlds may have one name; their places tell them apart. */
function ownerKey({ id, at }: InterfaceNode | WorldNode): string {
	return `${id}#${at.path}:${at.start}`;
}

function namelessName(name: string): NamelessName {
	// The caller has found the name among the constructors.
	return name as NamelessName;
}
