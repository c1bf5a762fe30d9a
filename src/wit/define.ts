import type { WitProblem } from './problem.js';
import type { FunctionNode, InterfaceNode, TypeNode, TypeUse, WorldNode } from './resolve/model.js';
import { type FilePlace, problemAt } from './resolve/reporter.js';
import { resourceOf } from './resolve/type-use.js';
import type { TypeScope } from './scope.js';
import type { Case, ResourceDefinition, ResourceFunction, Signature, TypeDefinition, WitType } from './type.js';
import { asyncExport, asyncHint, typesHint } from './types.js';

/** A function of an interface or a world. */
export interface DefinedFunction {
	readonly name: string;
	readonly signature: Signature;
	readonly doc?: string;
	readonly at: FilePlace;
}

/** Resolved types and functions, of an interface or a world. */
export interface Definable {
	readonly types: ReadonlyMap<string, TypeNode>;
	readonly functions: readonly FunctionNode[];
}

/** An interface or a world as generators see it. */
export interface Defined {
	/** What it defines itself, each after what it uses. */
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	/** All names that have a meaning in it. */
	readonly scope: TypeScope;
	readonly functions: readonly DefinedFunction[];
}

/**
 * Makes definitions of resolved interfaces. What the model has no place for (streams, maps …) is
 * reported where it stands, and left out.
 */
export class Definer {
	readonly problems: WitProblem[] = [];
	readonly #ownerOf: (node: InterfaceNode | WorldNode) => string;
	readonly #known = new Map<TypeNode, TypeDefinition | MutableResource | undefined>();
	/** Resources whose functions are still missing: those may name types that are being made just now. */
	readonly #unfilled: { readonly type: TypeNode; readonly resource: MutableResource }[] = [];

	/** `ownerOf` tells the Python module of an interface. */
	constructor(ownerOf: (node: InterfaceNode | WorldNode) => string) {
		this.#ownerOf = ownerOf;
	}

	/** Defines an interface; those that it uses are defined on the way. */
	define(node: Definable): Defined {
		const types = [...node.types.values()].filter(({ isExcluded }) => !isExcluded);
		const scope = new Map<string, TypeDefinition | ResourceDefinition>();
		const own: (TypeDefinition | ResourceDefinition)[] = [];
		for (const type of types) {
			const definition = this.#definition(type);
			if (definition === undefined) continue;
			scope.set(type.name, definition);
			const isForeign = type.body.kind === 'same' && type.body.isUse;
			if (!isForeign) own.push(definition);
		}
		const functions = this.functions(node.functions);
		return { types: own, scope, functions };
	}

	/** The functions that are no resource's, as Python implements them. */
	exports(nodes: readonly FunctionNode[]): readonly DefinedFunction[] {
		for (const { isAsync, at, resource, isExcluded } of nodes) {
			if (isAsync && resource === undefined && !isExcluded) this.#unsupported(at, asyncExport, asyncHint);
		}
		return this.functions(nodes.filter(({ isAsync }) => !isAsync));
	}

	/** The functions that are no resource's, as the host implements them. */
	functions(nodes: readonly FunctionNode[]): readonly DefinedFunction[] {
		const functions = nodes.flatMap((node) => {
			if (node.resource !== undefined || node.isExcluded) return [];
			const signature = this.#signature(node);
			if (signature === undefined) return [];
			const { doc } = node.syntax;
			return [{ name: node.name, signature, at: node.at, ...(doc === undefined ? {} : { doc }) }];
		});
		for (let next = this.#unfilled.pop(); next !== undefined; next = this.#unfilled.pop())
			this.#fill(next.type, next.resource);
		return functions;
	}

	#definition(type: TypeNode): TypeDefinition | MutableResource | undefined {
		if (!this.#known.has(type)) {
			const definition = this.#make(type);
			this.#known.set(type, definition);
			// A `use` of a resource gives the definition that is made at its own place.
			if (definition?.kind === 'resource' && type.body.kind === 'resource')
				this.#unfilled.push({ type, resource: definition });
		}
		return this.#known.get(type);
	}

	#make(type: TypeNode): TypeDefinition | MutableResource | undefined {
		const { name, body, doc } = type;
		const shared = { name, owner: this.#ownerOf(type.owner), ...(doc === undefined ? {} : { doc }) };
		switch (body.kind) {
			case 'record': {
				const fields = body.members.map((one) => ({ ...label(one), type: this.#type(one.type, one.at) }));
				return fields.every(isTyped) ? { ...shared, kind: 'record', fields } : undefined;
			}
			case 'variant': {
				const cases = body.members.flatMap((one): readonly Case[] => {
					if (one.type === undefined) return [label(one)];
					const type = this.#type(one.type, one.at);
					return type === undefined ? [] : [{ ...label(one), type }];
				});
				return cases.length === body.members.length ? { ...shared, kind: 'variant', cases } : undefined;
			}
			case 'enum':
				return { ...shared, kind: 'enum', cases: body.members.map(label) };
			case 'flags':
				return { ...shared, kind: 'flags', flags: body.members.map(label) };
			case 'resource':
				return { ...shared, kind: 'resource', functions: [] };
			case 'same': {
				if (body.isUse) return this.#definition(body.of);
				const meant = this.#type({ kind: 'named', type: body.of, isOwn: false }, type.at);
				return meant && { ...shared, kind: 'alias', type: meant };
			}
			case 'alias': {
				const meant = this.#type(body.type, type.at);
				return meant && { ...shared, kind: 'alias', type: meant };
			}
			case 'broken':
				return undefined;
		}
	}

	#fill({ body }: TypeNode, resource: MutableResource): void {
		if (body.kind !== 'resource') return;
		for (const node of body.functions) {
			const { kind, name, doc } = node.syntax as Extract<FunctionNode['syntax'], { readonly name: unknown }>;
			if (kind === 'function' || node.isExcluded) continue;
			const signature = this.#signature(node);
			if (signature === undefined) continue;
			resource.functions.push({ kind, name: name.text, signature, ...(doc === undefined ? {} : { doc }) });
		}
	}

	#signature(node: FunctionNode): Signature | undefined {
		const params = node.params.map(({ name, at, type }) => ({
			name,
			start: at.start,
			end: at.end,
			type: this.#type(type, at),
		}));
		const result = node.result === undefined ? undefined : this.#type(node.result, node.at);
		if (!params.every(isTyped) || (node.result !== undefined && result === undefined)) return undefined;
		return { params, ...(result === undefined ? {} : { result }), ...(node.isAsync ? { isAsync: true } : {}) };
	}

	/** The type of a use, or undefined where a part of it is not supported, which is reported at the place. */
	#type(use: TypeUse | undefined, at: FilePlace): WitType | undefined {
		switch (use?.kind) {
			case 'primitive':
				if (use.name !== 'error-context') return { kind: use.name };
				return this.#unsupportedType(use.name, at);
			case 'named':
				return this.#named(use.type);
			case 'nameless':
				return this.#nameless(use, at);
			default:
				return undefined;
		}
	}

	#named(type: TypeNode): WitType | undefined {
		const resource = this.#resource(type);
		if (resource !== undefined) return { kind: 'own', resource };
		const definition = this.#definition(type);
		return definition === undefined || definition.kind === 'resource' ? undefined : { kind: 'named', definition };
	}

	#resource(type: TypeNode): ResourceDefinition | undefined {
		const node = resourceOf(type);
		const definition = node && this.#definition(node);
		return definition?.kind === 'resource' ? definition : undefined;
	}

	#nameless(use: Extract<TypeUse, { readonly kind: 'nameless' }>, at: FilePlace): WitType | undefined {
		if (use.name === 'borrow') {
			const [of] = use.args;
			const resource = of?.kind === 'named' ? this.#resource(of.type) : undefined;
			return resource && { kind: 'borrow', resource };
		}
		if (use.length !== undefined) return this.#unsupportedType('list of a fixed length', at);
		const args = use.args.map((arg) => this.#type(arg, at));
		if (use.args.some((arg, index) => arg !== undefined && args[index] === undefined)) return undefined;
		const [first, second] = args;
		switch (use.name) {
			case 'list':
				return first && { kind: 'list', element: first };
			case 'option':
				return first && { kind: 'option', some: first };
			case 'tuple':
				return { kind: 'tuple', items: args.flatMap((one) => one ?? []) };
			case 'result':
				return { kind: 'result', ...(first && { ok: first }), ...(second && { err: second }) };
			default:
				return this.#unsupportedType(use.name, at);
		}
	}

	#unsupportedType(name: string, at: FilePlace): undefined {
		this.#unsupported(at, `the type "${name}" is not supported`, typesHint);
	}

	#unsupported(at: FilePlace, message: string, hint: string): void {
		this.problems.push(problemAt('manifest/unsupported-type', at, message, { hint }));
	}
}

interface MutableResource extends ResourceDefinition {
	readonly functions: ResourceFunction[];
}

function label({ name, doc }: { readonly name: string; readonly doc?: string }) {
	return { name, ...(doc === undefined ? {} : { doc }) };
}

function isTyped<T extends { readonly type: WitType | undefined }>(one: T): one is T & { readonly type: WitType } {
	return one.type !== undefined;
}
