/** A WIT name as this version takes it: lower-case words that start with a letter, joined by single hyphens. */
const kebab = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;

/** The same name as Python spells it. */
const snake = /^[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*$/;

/** Words that WIT's grammar uses itself; as names they need a `%` before them in WIT text. */
const witKeywords: ReadonlySet<string> = new Set(
	(
		'_ as async bool borrow char constructor enum error-context export f32 f64 flags from func future import include ' +
		'interface list map option own package record resource result s16 s32 s64 s8 static stream string tuple type u16 ' +
		'u32 u64 u8 use variant with world'
	).split(' '),
);

/**
 * A name in a WIT file: words that are all lower-case or all upper-case, joined by single hyphens; a word after the first
 * may start with a digit.
 */
const identifier = /^(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*$/;

/** Whether a text may be a name in a WIT file, a `%` before it aside. */
export function isIdentifier(text: string): boolean {
	return identifier.test(text);
}

/** Whether WIT's grammar uses a word itself. */
export function isKeyword(text: string): boolean {
	return witKeywords.has(text);
}

/** Whether a text is a WIT name. */
export function isWitName(text: string): boolean {
	return kebab.test(text);
}

/** The WIT name that a manifest's spelling stands for: itself, or the kebab-case of a snake_case name; else undefined. */
export function witName(spelling: string): string | undefined {
	if (kebab.test(spelling)) return spelling;
	return snake.test(spelling) ? spelling.replaceAll('_', '-') : undefined;
}

/** The nearest right WIT name of a wrong spelling (`maxBytes`, `Max--Bytes`, `_x`), if there is one. */
export function suggestWitName(spelling: string): string | undefined {
	// Dropping letters would give a name that nobody meant.
	if (/[^\x20-\x7e]/.test(spelling)) return undefined;
	const words = spelling
		.replace(/([a-z0-9])([A-Z])/g, '$1-$2')
		.replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter((word) => word !== '');
	// A word must start with a letter: digits join the word before them, or a letter where there is none.
	const joined = words.reduce((name, word) => name + (name === '' || /^\d/.test(word) ? '' : '-') + word, '');
	const name = joined.replace(/^(?=\d)/, 'n');
	return kebab.test(name) ? name : undefined;
}

/** A WIT name as WIT text: words of the grammar are escaped with `%`. */
export function witText(name: string): string {
	return witKeywords.has(name) ? `%${name}` : name;
}

/** `max-bytes` as Python writes it: `max_bytes`. Upper case makes no difference in WIT. */
export function pythonName(name: string): string {
	return name.toLowerCase().replaceAll('-', '_');
}

/**
 * `max-bytes` or `max_bytes` as TypeScript writes it: `maxBytes`. Leading and trailing underscores stay. Upper-case words
 * of WIT names are words like others, as jco has it: `HTTP-version` is `httpVersion`.
 */
export function jsName(name: string): string {
	const words = name.includes('-') ? name.toLowerCase() : name;
	return words.replace(/(?<=[^_-])[-_]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
