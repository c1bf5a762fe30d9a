import { jsName } from '../../wit/name.js';

/** Words that cannot name a parameter or a variable of a module, where code is strict and `await` is taken. */
const reservedWords: readonly string[] = (
	'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
	'false finally for function if implements import in instanceof interface let new null package private protected ' +
	'public return static super switch this throw true try typeof undefined var void while with yield'
).split(' ');

/** Hands out names that are taken once; the first comer keeps its name, later ones get a number. */
export class Scope {
	readonly #taken: Set<string>;

	/** A scope in which these names are taken from the start. */
	constructor(taken: Iterable<string> = []) {
		this.#taken = new Set(taken);
	}

	/** Whether a name is taken. */
	has(name: string): boolean {
		return this.#taken.has(name);
	}

	/** Takes the wanted name, or the nearest one that is free. */
	take(wanted: string): string {
		let name = wanted;
		for (let number = 2; this.#taken.has(name); number++) name = `${wanted}${number}`;
		this.#taken.add(name);
		return name;
	}
}

/** A name in camelCase; what a package's name has dots for is one name too. */
function nameOf(spelling: string): string {
	return jsName(spelling.replaceAll('.', '_'));
}

/** The name of a member for a Python name, a module's with its dots too. Two names mean something else to JavaScript and get an underscore. */
export function memberName(python: string): string {
	const name = nameOf(python);
	return name === 'constructor' || name === '__proto__' ? `${name}_` : name;
}

/** The name of a parameter or variable for a WIT or Python name. */
export function variableName(spelling: string): string {
	const name = nameOf(spelling);
	return reservedWords.includes(name) ? `${name}_` : name;
}

/** The name of a type for a Python or WIT name: `my_mod` is `MyMod`, and `acme.billing` is `AcmeBilling`. */
export function interfaceName(spelling: string): string {
	const name = nameOf(spelling);
	const bare = name.replace(/^_+(?=[A-Za-z])/, '');
	return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** A property key as source text. A plain `__proto__` key would set the prototype. */
export function propertyKey(name: string): string {
	if (name === '__proto__') return `['__proto__']`;
	return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** The access to a property as source text. */
export function propertyAccess(name: string): string {
	return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? `.${name}` : `[${quote(name)}]`;
}

/** A string literal. */
export function quote(text: string): string {
	const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
	return `'${inner}'`;
}
