import { Definer } from '../wit/define.js';
import { tokenize } from '../wit/lexer.js';
import { witText } from '../wit/name.js';
import type { WitProblem } from '../wit/problem.js';
import { hiddenIn } from '../wit/resolve/hidden.js';
import type { InterfaceNode } from '../wit/resolve/model.js';
import { resolveWit } from '../wit/resolve.js';
import type { TypeScope } from '../wit/scope.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { interfaceNames, OWN_PACKAGE } from './interface-name.js';
import type { ManifestInput } from './schema.js';
import { uncarriedIn } from './wit-checks.js';

/** The types that a module declares. */
export interface ModuleTypes {
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	/** What its signatures can name: those, and what it uses of other modules. */
	readonly scope: TypeScope;
	/** All names that it gives to types, also those of what is not supported. */
	readonly declared: ReadonlySet<string>;
	/** The name of its interface in WIT, by which others use its types. */
	readonly interface: string;
}

/** The `types:` of all modules, which are resolved together since they may use each other's. */
export interface ManifestTypes {
	/** By module; modules without types are not in it, nor any when names are wrong. */
	readonly modules: ReadonlyMap<string, ModuleTypes>;
	/** Their `path` is a module's name, and their offsets are those in its text. */
	readonly problems: readonly WitProblem[];
}

/** Resolves the types that a manifest declares: each module's text is the inside of an interface. */
export function moduleTypes({ modules }: ManifestInput): ManifestTypes {
	const declared = Object.entries(modules).flatMap(([module, { types }]) =>
		types === undefined ? [] : [{ module, text: types }],
	);
	const open = declared.flatMap(({ module, text }) => bracesIn(text).map((one) => ({ ...one, path: module })));
	if (declared.length === 0 || open.length > 0) return { modules: new Map(), problems: open };
	const names = interfaceNames(Object.keys(modules));
	const files = new Map(
		declared.map(({ module, text }) => [`${module}.wit`, `${opening(names.get(module) ?? module)}${text}\n}`]),
	);
	const inTexts = (problems: readonly WitProblem[]) =>
		problems.map((one) => moved(one, (module) => opening(names.get(module) ?? module).length, modules));
	const resolved = resolveWit(files);
	if (!resolved.ok) return { modules: new Map(), problems: inTexts(resolved.problems) };
	const nodes = declared.flatMap(({ module }) => {
		const node = resolved.main.items.get(names.get(module) ?? module);
		return node?.kind === 'interface' ? [{ module, node }] : [];
	});
	const owners = new Map(nodes.map(({ module, node }) => [node.id, module]));
	const definer = new Definer(({ id }) => owners.get(id) ?? id);
	const defined = nodes.map(
		({ module, node }) =>
			[
				module,
				{ ...definer.define(node), declared: new Set(node.types.keys()), interface: witText(node.name) },
			] as const,
	);
	const problems = [
		...definer.problems,
		...nodes.flatMap(({ node }) => [...functionsIn(node), ...hiddenIn(node)]),
		...defined.flatMap(([, one], index) => uncarriedIn(one.types, nodes[index]?.node.types ?? new Map())),
	];
	return { modules: new Map(defined), problems: inTexts(problems) };
}

/** Braces without their partners: one that closes more than is open would end the interface around the text. */
function bracesIn(text: string): readonly WitProblem[] {
	const open: { readonly start: number; readonly end: number }[] = [];
	for (const { kind, start, end } of tokenize(text, 'wit/syntax').tokens) {
		if (kind === '{') open.push({ start, end });
		if (kind !== '}' || open.pop() !== undefined) continue;
		return [{ code: 'wit/syntax', message: 'there is no "{" for this "}"', start, end, hint: 'remove it' }];
	}
	return open.slice(-1).map((place) => ({
		code: 'wit/syntax',
		message: 'the "{" is not closed',
		...place,
		hint: 'add "}"',
	}));
}

/** What stands before a module's text, so that it is a file. */
function opening(name: string): string {
	return `package ${OWN_PACKAGE};\ninterface %${name} {\n`;
}

/** Functions have a place of their own in a manifest, where they can have defaults. */
function functionsIn({ functions }: InterfaceNode): readonly WitProblem[] {
	return functions
		.filter(({ resource }) => resource === undefined)
		.map(({ name, at: { path, start, end } }) => ({
			code: 'manifest/module-kind',
			message: `"${name}" is a function, and "types" is for types`,
			path,
			start,
			end,
			hint: 'declare it under "functions:"',
		}));
}

/** A problem with offsets into the module's text. */
function moved(
	problem: WitProblem,
	openingOf: (module: string) => number,
	modules: ManifestInput['modules'],
): WitProblem {
	const place = (at: { readonly path?: string; readonly start: number; readonly end: number }) => {
		const module = (at.path ?? '').replace(/\.wit$/, '');
		const last = modules[module]?.types?.length ?? 0;
		const within = (offset: number): number => Math.min(Math.max(offset - openingOf(module), 0), last);
		return { path: module, start: within(at.start), end: within(at.end) };
	};
	const { note } = problem;
	return { ...problem, ...place(problem), ...(note && { note: { message: note.message, ...place(note) } }) };
}
