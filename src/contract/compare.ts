import type { Contract, ContractExport, ContractFunction } from './contract.js';
import { canStillCall, canStillServe, type Definitions, isStillFine, type Sides } from './python-compatible.js';
import { type DefinitionTerm, readDefinition, readSignature, type SignatureTerm, type Term } from './type-text.js';

/** Whom a change breaks: hosts that serve the old python.wasm, or Python code that runs in it. */
export type Broken = 'hosts' | 'python';

/** A difference between two contracts. */
export interface ContractChange {
	readonly kind: 'added' | 'removed' | 'changed';
	/** What it is in Python, or a type by its qualified name. */
	readonly subject: string;
	/** Its text in the old contract; absent when it was added. */
	readonly was?: string;
	/** Its text in the new contract; absent when it was removed. */
	readonly is?: string;
	readonly breaks: readonly Broken[];
}

/**
 * What changed from one contract to another, functions first. Hosts may offer more functions than are imported, so that
 * only what is added or changed breaks them; Python code may call less than there is.
 */
export function compareContracts(old: Contract, now: Contract): readonly ContractChange[] {
	const sides: Sides = { old: definitionsOf(old), new: definitionsOf(now) };
	const names = new Set([...old.imports, ...now.imports].map(({ python }) => python));
	const byPython = ({ imports }: Contract, name: string) => imports.find(({ python }) => python === name);
	const functions = [...names].flatMap((name) =>
		functionChange(name, byPython(old, name), byPython(now, name), old, sides),
	);
	const hosted = new Set([...old.exports, ...now.exports].map(({ host }) => host));
	const byHost = ({ exports }: Contract, name: string) => exports.find(({ host }) => host === name);
	const exported = [...hosted].flatMap((name) => exportChange(name, byHost(old, name), byHost(now, name), sides));
	const types = new Set([...Object.keys(old.types), ...Object.keys(now.types)]);
	return [...functions, ...exported, ...[...types].flatMap((name) => typeChange(name, old, now, sides))];
}

function functionChange(
	subject: string,
	was: ContractFunction | undefined,
	is: ContractFunction | undefined,
	old: Contract,
	sides: Sides,
): readonly ContractChange[] {
	if (was === undefined) {
		if (is === undefined) return [];
		const isServed = old.imports.some((one) => isSameImport(one, is));
		return [{ kind: 'added', subject, is: functionText(is), breaks: isServed ? [] : ['hosts'] }];
	}
	if (is === undefined) return [{ kind: 'removed', subject, was: functionText(was), breaks: ['python'] }];
	const [before, after] = [functionText(was), functionText(is)];
	if (before === after && isSameImport(was, is)) return [];
	const isCallable = canStillCall(callOf(was), callOf(is), withoutDefinitions(sides));
	const breaks: readonly Broken[] = [
		...(isSameImport(was, is) ? [] : (['hosts'] as const)),
		...(isCallable ? [] : (['python'] as const)),
	];
	const core = isSameName(was, is)
		? ['', '']
		: [was, is].map(({ module, name }) => `, imported as "${module}.${name}"`);
	return [{ kind: 'changed', subject, was: `${before}${core[0]}`, is: `${after}${core[1]}`, breaks }];
}

/** Python code implements what is exported: all of it, and hosts may call less than there is. */
function exportChange(
	name: string,
	was: ContractExport | undefined,
	is: ContractExport | undefined,
	sides: Sides,
): readonly ContractChange[] {
	const subject = `exports.${name}`;
	if (was === undefined)
		return is === undefined ? [] : [{ kind: 'added', subject, is: exportText(is), breaks: ['python'] }];
	if (is === undefined) return [{ kind: 'removed', subject, was: exportText(was), breaks: ['hosts'] }];
	const isSame = was.signature === is.signature;
	if (isSame && was.python === is.python && was.name === is.name) return [];
	const signatures = [was, is].map(({ signature }) => readSignature(signature));
	const [before, after] = signatures as [SignatureTerm, SignatureTerm];
	const isServed = was.python === is.python && canStillServe(before, after, withoutDefinitions(sides));
	const breaks: readonly Broken[] = [
		...(isSame && was.name === is.name ? [] : (['hosts'] as const)),
		...(isServed ? [] : (['python'] as const)),
	];
	const core = was.name === is.name ? ['', ''] : [was, is].map((one) => `, exported as "${one.name}"`);
	return [{ kind: 'changed', subject, was: `${exportText(was)}${core[0]}`, is: `${exportText(is)}${core[1]}`, breaks }];
}

function exportText({ signature, python }: ContractExport): string {
	return `${signature} by ${python}`;
}

/** Changes of definitions are changes of their own, which functions that name them do not repeat. */
function withoutDefinitions(sides: Sides): Sides {
	const nothing: DefinitionTerm = { kind: '', members: [] };
	const known =
		(one: Definitions): Definitions =>
		(name) =>
			one(name) === undefined ? undefined : nothing;
	return { old: known(sides.old), new: known(sides.new) };
}

function callOf({ signature, optional = 0 }: ContractFunction) {
	return { signature: readSignature(signature), optional };
}

function functionText({ signature, optional = 0 }: ContractFunction): string {
	return optional === 0 ? signature : `${signature}, ${optional} with default${optional === 1 ? '' : 's'}`;
}

function isSameName(a: ContractFunction, b: ContractFunction): boolean {
	return a.module === b.module && a.name === b.name;
}

function isSameImport(a: ContractFunction, b: ContractFunction): boolean {
	return isSameName(a, b) && a.signature === b.signature;
}

function typeChange(name: string, old: Contract, now: Contract, sides: Sides): readonly ContractChange[] {
	const [was, is] = [textOf(old, name), textOf(now, name)];
	if (was === is) return [];
	// Whatever uses a type that is new or gone has another signature, or is another definition that changed.
	if (was === undefined) return is === undefined ? [] : [{ kind: 'added', subject: name, is, breaks: [] }];
	if (is === undefined) return [{ kind: 'removed', subject: name, was, breaks: ['python'] }];
	const type: Term = { name, args: [] };
	const makers = makersOf(name, now, sides.new);
	const isFine = [...makers].every((maker) => isStillFine(type, type, maker, sides));
	const breaks: readonly Broken[] = [
		...(makers.size === 0 ? [] : (['hosts'] as const)),
		...(isFine ? [] : (['python'] as const)),
	];
	return [{ kind: 'changed', subject: name, was, is, breaks }];
}

/** Who makes values of a definition, by the signatures that it is reached from. */
function makersOf(
	name: string,
	{ imports, exports }: Contract,
	definitions: Definitions,
): ReadonlySet<'python' | 'host'> {
	const makers = new Set<'python' | 'host'>();
	const add = (signature: string, caller: 'python' | 'host', callee: 'python' | 'host') => {
		const { params, result }: SignatureTerm = readSignature(signature);
		const given = params.flatMap(({ type }) => (type === undefined ? [] : [type]));
		if (reaches(given, name, definitions)) makers.add(caller);
		if (result !== undefined && reaches([result], name, definitions)) makers.add(callee);
	};
	for (const { signature } of imports) add(signature, 'python', 'host');
	for (const { signature } of exports) add(signature, 'host', 'python');
	return makers;
}

function reaches(types: readonly Term[], wanted: string, definitions: Definitions): boolean {
	const names = new Set(types.flatMap(namesIn));
	for (const one of names) {
		for (const { type } of definitions(one)?.members ?? [])
			for (const part of type ? namesIn(type) : []) names.add(part);
	}
	return names.has(wanted);
}

function namesIn({ name, args }: Term): readonly string[] {
	return [name, ...args.flatMap(namesIn)];
}

function textOf({ types }: Contract, name: string): string | undefined {
	return Object.hasOwn(types, name) ? types[name] : undefined;
}

function definitionsOf(contract: Contract): Definitions {
	return (name) => {
		const text = textOf(contract, name);
		return text === undefined ? undefined : readDefinition(text);
	};
}
