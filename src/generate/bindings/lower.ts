import type { WitType } from '../../wit/type.js';
import { ask, type Code } from './code.js';
import { accessOf, address } from './lift.js';
import { resourceText, wantedText } from './messages.js';
import { quote, type Scope } from './names.js';
import { methodsOf, type Structure, structureOf } from './structure.js';
import { primitiveForm } from './values.js';

/** What printed statements find around them. Expressions are source text. */
export interface Place {
	readonly code: Code;
	/** The function's name, a literal or a variable. */
	readonly name: string;
	/** Where the value is in the one that the host gave: `'.id'`, `index`. */
	readonly step: string;
	/** The names of variables that are taken. */
	readonly scope: Scope;
}

/** A statement, and what it has to do with the view of memory: it writes to `view`, or it may make views stale. */
export interface Statement {
	readonly text: string;
	readonly memory?: 'writes' | 'grows';
}

/** The statements that check a value and store it in memory; they use `guest` and `view`. */
export function store(place: Place, type: WitType, value: string, base: string, offset: number): Statement[] {
	const structure = structureOf(type);
	const { code, name, step } = place;
	const at = address(base, offset);
	if (structure.kind === 'numbers') {
		const wanted = quote(wantedText(type, structure));
		return [grows(`storeNumbers(guest, ${name}, ${value}, ${at}, ${step}, ${structure.array}, ${wanted});`)];
	}
	if (structure.kind === 'primitive' && structure.primitive === 'string') {
		return [grows(`storeString(guest, ${name}, ${value}, ${at}, ${step});`)];
	}
	if (isOneNumber(structure)) {
		const { before, core } = lower(place, type, value);
		const access = accessOf(type, structure);
		return [
			...before,
			{ text: `view.set${access}(${at}, ${core}${access.endsWith('8') ? '' : ', true'});`, memory: 'writes' },
		];
	}
	return [grows(`${ask(code, 'store', type)}(guest, ${name}, ${value}, ${at}, ${step});`)];
}

/** The statements in the order in which they are, with a fresh view of memory where one is needed. */
export function withViews(statements: readonly Statement[]): string[] {
	const lines: { readonly text: string; readonly takesView: boolean }[] = [];
	let fresh = false;
	for (const { text, memory } of statements) {
		if (memory === 'writes' && !fresh) {
			lines.push({ text: 'view = viewOf(guest);', takesView: true });
			fresh = true;
		}
		if (memory === 'grows') fresh = false;
		lines.push({ text, takesView: false });
	}
	const views = lines.filter(({ takesView }) => takesView);
	return lines.map((line) => (line === views[0] ? `${views.length === 1 ? 'const' : 'let'} ${line.text}` : line.text));
}

/** A core value, and the statements that check and make it. */
export interface Lowered {
	readonly before: readonly Statement[];
	readonly core: string;
}

/** Lowers a value of a type that is passed as one core value; uses `guest`. */
export function lower(place: Place, type: WitType, value: string): Lowered {
	const { code, name, step, scope } = place;
	const structure = structureOf(type);
	const wanted = quote(wantedText(type, structure));
	switch (structure.kind) {
		case 'primitive': {
			const form = primitiveForm(structure.primitive).lower;
			if (form.kind !== 'inline') return { before: [], core: `charCode(${value}, ${step})` };
			const numbers = form.numbers === undefined ? '' : `, ${quote(form.numbers)}`;
			const check = `if (!(${form.check(value)})) throw mismatch(${value}, ${quote(form.wanted)}, ${step}${numbers});`;
			return { before: [{ text: check }], core: form.value(value) };
		}
		case 'enum': {
			const table = ask(code, 'indicesOf', type);
			return { before: [], core: `enumIndex(${table}, ${value}, ${wanted}, ${step})` };
		}
		case 'flags': {
			const bits = scope.take('bits');
			return { before: [grows(`const ${bits} = ${ask(code, 'lower', type)}(${value}, ${step});`)], core: bits };
		}
		case 'handle': {
			const handle = scope.take('handle');
			const methods = methodsOf(structure.resource).map(({ member }) => quote(member));
			const resource = quote(resourceText(structure.resource));
			// The guest gets what is its own; what the host lends, in calls of Python code, stays the host's.
			const give = structure.own ? 'giveHandle' : 'lendHandle';
			const call = `${give}(guest, ${value}, ${resource}, [${methods.join(', ')}], ${wanted}, ${step})`;
			return { before: [grows(`const ${handle} = ${call};`)], core: handle };
		}
		default: {
			const core = scope.take('part');
			return {
				before: [grows(`const ${core} = ${ask(code, 'lower', type)}(guest, ${name}, ${value}, ${step});`)],
				core,
			};
		}
	}
}

/** Whether a value is one number in memory. */
function isOneNumber({ kind }: Structure): boolean {
	return kind === 'primitive' || kind === 'enum' || kind === 'flags' || kind === 'handle';
}

function grows(text: string): Statement {
	return { text, memory: 'grows' };
}
