import { indent } from '../../template.js';
import { call } from '../syntax.js';

/** A call that stands within an expression. */
export interface Call {
	readonly head: string;
	readonly items: readonly string[];
}

/** A static function: its head as `prototype` gives it, its type, and its statements. Labels stand at the margin. */
export function functionText(head: string, type: string, statements: readonly string[]): string {
	const body = indent(statements.join('\n'), '    ').replaceAll(/^ +(?=(?:failed|refused|exit):$)/gm, '');
	return `\nstatic ${type}\n${head}\n{\n${body}\n}\n`;
}

/** Statements one step further in. */
export function inner(statements: readonly string[]): readonly string[] {
	return statements.map((one) => indent(one, '    '));
}

/** An `if` statement; `condition` is already broken into lines for where it stands. */
export function branch(condition: string, statements: readonly string[]): readonly string[] {
	const head = condition.includes('\n') ? [`if (${condition})`, '{'] : [`if (${condition}) {`];
	return [...head, ...inner(statements), '}'];
}

/** An `if` statement for a call that gives a negative number when it fails. */
export function ifNegative(one: Call, statements: readonly string[]): readonly string[] {
	return branch(`${callAfter('if (', one)} < 0`, statements);
}

/** A call whose further lines are aligned for what stands before it on its line. */
export function callAfter(before: string, { head, items }: Call): string {
	return call(before + head, items, 64).slice(before.length);
}
