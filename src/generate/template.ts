import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../own-files.js';

/** Reads a file of the package's `templates` folder, for example `c/cpybuild.h`. */
export function readTemplate(path: string): string {
	return readFileSync(join(packageFolder(), 'templates', path), 'utf8');
}

/**
 * Fills the `@NAME@` placeholders of a template. A placeholder without a value and a value without a placeholder
 * are bugs. A value of several lines keeps the placeholder's indentation; a line that holds nothing but a placeholder
 * with an empty value disappears.
 */
export function render(template: string, values: Readonly<Record<string, string>>): string {
	const used = new Set<string>();
	const fill = (name: string): string => {
		const value = values[name];
		if (value === undefined) {
			throw new Error(`template placeholder @${name}@ has no value`);
		}
		used.add(name);
		return value;
	};
	const lines = template.split('\n').flatMap((line) => {
		const alone = /^([ \t]*)@([A-Z_]+)@$/.exec(line);
		if (alone?.[2] !== undefined) {
			const value = fill(alone[2]);
			return value === '' ? [] : [indent(value, alone[1] ?? '')];
		}
		return [line.replaceAll(/@([A-Z_]+)@/g, (_, name: string) => fill(name))];
	});
	const superfluous = Object.keys(values).filter((name) => !used.has(name));
	if (superfluous.length > 0) {
		throw new Error(`template has no placeholder for ${superfluous.join(', ')}`);
	}
	return lines.join('\n');
}

/** Puts `indentation` before every line that has text. */
export function indent(text: string, indentation: string): string {
	return text.replaceAll(/^(?=.)/gm, indentation);
}
