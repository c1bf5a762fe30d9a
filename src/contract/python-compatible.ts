import type { DefinitionTerm, SignatureTerm, Term } from './type-text.js';

/** Finds a definition by its qualified name. */
export type Definitions = (name: string) => DefinitionTerm | undefined;

/** The two sides of a comparison. */
export interface Sides {
	readonly old: Definitions;
	readonly new: Definitions;
}

/** Who makes a value: Python code, which then must still be taken at its word, or the host, which may surprise it. */
type Maker = 'python' | 'host';

/** Whether Python code that calls a function by its old signature can go on to do so. */
export function canStillCall(
	old: { readonly signature: SignatureTerm; readonly optional: number },
	now: { readonly signature: SignatureTerm; readonly optional: number },
	sides: Sides,
): boolean {
	const [before, after] = [old.signature.params, now.signature.params];
	const required = after.length - now.optional;
	return (
		after.length >= before.length &&
		required <= before.length - old.optional &&
		before.every(({ name, type }, index) => {
			const param = after[index];
			return param?.name === name && isStillFine(type, param.type, 'python', sides);
		}) &&
		isResultFine(old.signature.result, now.signature.result, sides)
	);
}

/** Whether a Python function that was written for a signature can be called by another one. */
export function canStillServe(old: SignatureTerm, now: SignatureTerm, sides: Sides): boolean {
	return (
		old.params.length === now.params.length &&
		old.params.every(({ type }, index) => isStillFine(type, now.params[index]?.type, 'host', sides)) &&
		isResultServed(old.result, now.result, sides)
	);
}

/** Python code returns the value, or raises the error; code that never raises need not know of errors. */
function isResultServed(old: Term | undefined, now: Term | undefined, sides: Sides): boolean {
	if (now?.name !== 'result') return old?.name !== 'result' && isStillFine(old, now, 'python', sides);
	const [okNow, errNow] = payloads(now);
	// What a function without a value returns means nothing.
	const isValueFine = (value: Term | undefined): boolean =>
		okNow === undefined || isStillFine(value, okNow, 'python', sides);
	if (old?.name !== 'result') return isValueFine(old);
	const [okBefore, errBefore] = payloads(old);
	return isValueFine(okBefore) && isStillFine(errBefore, errNow, 'python', sides);
}

/** A `result` that a function returns is the value, or an exception. */
function isResultFine(old: Term | undefined, now: Term | undefined, sides: Sides): boolean {
	if (old?.name !== 'result' || now?.name !== 'result') return isStillFine(old, now, 'host', sides);
	const [okBefore, errBefore] = payloads(old);
	const [okNow, errNow] = payloads(now);
	// An exception without a class of its own was none that Python code could name.
	const isErrorFine = errBefore === undefined || isStillFine(errBefore, errNow, 'host', sides);
	return isErrorFine && isStillFine(okBefore, okNow, 'host', sides);
}

function payloads({ args }: Term): readonly (Term | undefined)[] {
	return args.map((one) => (one.name === '_' ? undefined : one));
}

/** Whether Python code for values of one type can handle those of another in the same place. */
export function isStillFine(
	old: Term | undefined,
	now: Term | undefined,
	maker: Maker,
	sides: Sides,
	assumed: ReadonlySet<string> = new Set(),
): boolean {
	if (old === undefined || now === undefined) return old === now;
	const fine = (a: Term | undefined, b: Term | undefined): boolean => isStillFine(a, b, maker, sides, assumed);
	const [smaller, larger] = maker === 'python' ? [old, now] : [now, old];
	// None or the value: a value is one of the values that an option of it has.
	if (larger.name === 'option' && smaller.name !== 'option') {
		const [inner] = larger.args;
		return inner !== undefined && (maker === 'python' ? fine(old, inner) : fine(inner, now));
	}
	if (old.name !== now.name) return isNarrower(smaller.name, larger.name);
	if (old.name.includes('.')) {
		const isKnown = assumed.has(old.name) || isDefinitionFine(old.name, maker, sides, new Set([...assumed, old.name]));
		return isKnown;
	}
	// Lists of numbers are arrays of just that type.
	if (old.name === 'list' && old.args.some(({ name }) => isNumber(name)))
		return old.args[0]?.name === now.args[0]?.name;
	return old.args.length === now.args.length && old.args.every((arg, index) => fine(arg, now.args[index]));
}

function isDefinitionFine(name: string, maker: Maker, sides: Sides, assumed: ReadonlySet<string>): boolean {
	const [old, now] = [sides.old(name), sides.new(name)];
	if (old === undefined || now === undefined || old.kind !== now.kind) return false;
	const keeps = old.members.every(({ name: member, type }, index) => {
		const same = old.kind === 'record' ? now.members[index] : now.members.find((one) => one.name === member);
		return same?.name === member && isStillFine(type, same.type, maker, sides, assumed);
	});
	// Python code makes whole records, and has a branch for each case that it may get.
	const hasMore = now.members.length > old.members.length;
	const mayHaveMore = old.kind === 'flags' || (old.kind === 'record' ? maker === 'host' : maker === 'python');
	return keeps && (!hasMore || mayHaveMore);
}

function isNarrower(smaller: string, larger: string): boolean {
	if (smaller === 'f32' && larger === 'f64') return true;
	if (smaller === 'char' && larger === 'string') return true;
	const [a, b] = [integer(smaller), integer(larger)];
	if (a === undefined || b === undefined) return false;
	return a.isSigned === b.isSigned ? a.bits < b.bits : b.isSigned && a.bits < b.bits;
}

function integer(name: string): { readonly isSigned: boolean; readonly bits: number } | undefined {
	const [, sign, bits] = /^([su])(8|16|32|64)$/.exec(name) ?? [];
	return sign === undefined ? undefined : { isSigned: sign === 's', bits: Number(bits) };
}

function isNumber(name: string): boolean {
	return integer(name) !== undefined || name === 'f32' || name === 'f64';
}
