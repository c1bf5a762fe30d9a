import type { Command, Flag } from './command.js';
import { type CommandName, commands, commonFlags, shortFlags } from './options.js';

const width = 100;

/** The text of `cpybuild --help`. */
export function renderOverview(): string {
	return [
		'Build custom CPython interpreters for WASI, with typed host bindings',
		'',
		'Usage: cpybuild <command> [options]',
		'',
		'Commands:',
		...alignRows(Object.entries(commands).map(([name, command]) => [name, command.summary])),
		'',
		'Options:',
		...alignRows(flagRows(commonFlags)),
		'',
		'"cpybuild <command> --help" describes a command.',
		'',
	].join('\n');
}

/** The text of `cpybuild <command> --help`. */
export function renderCommandHelp(name: CommandName): string {
	const command: Command = commands[name];
	const { operand, rest } = command;
	const operandText =
		operand.default === undefined ? operand.description : `${operand.description} (default: ${operand.default})`;
	return [
		command.summary,
		'',
		`Usage: ${usageLine(name)}`,
		...command.about.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
		'',
		'Arguments:',
		...alignRows([
			[operandPlaceholder(command), operandText],
			...(rest ? [[`-- ${rest.name}`, rest.description] as const] : []),
		]),
		'',
		'Options:',
		...alignRows(flagRows({ ...command.flags, help: commonFlags.help })),
		'',
		'Examples:',
		...command.examples.flatMap((example) => [`  # ${example.does}`, `  ${example.command}`]),
		'',
	].join('\n');
}

/** How a command is called: `cpybuild inspect <file> [options]`. */
export function usageLine(name: CommandName): string {
	const command: Command = commands[name];
	return `cpybuild ${name} ${operandPlaceholder(command)} [options]${command.rest ? ` [-- ${command.rest.name}]` : ''}`;
}

/** The operand in a usage line: in square brackets when it may be left out. */
export function operandPlaceholder({ operand }: Command): string {
	return operand.default === undefined ? `<${operand.name}>` : `[${operand.name}]`;
}

/** How a flag is written, with what it takes: `--jobs N`. */
export function flagUsage(name: string, flag: Flag): string {
	switch (flag.kind) {
		case 'switch':
			return `--${name}`;
		case 'choice':
			return `--${name} ${flag.choices.join('|')}`;
		default:
			return `--${name} ${flag.value}`;
	}
}

/** What a flag is for, with its default. */
export function flagDescription(flag: Flag): string {
	return flag.kind === 'text' && flag.default !== undefined
		? `${flag.description} (default: ${flag.default})`
		: flag.description;
}

type Row = readonly [left: string, right: string];

function flagRows(flags: Command['flags']): Row[] {
	return Object.entries(flags).map(([name, flag]) => {
		const short = Object.entries(shortFlags).find(([, long]) => long === name)?.[0];
		return [`${short ? `-${short}, ` : ''}${flagUsage(name, flag)}`, flagDescription(flag)];
	});
}

/** Rows in two columns; a left cell that is too long has its own line. */
function alignRows(rows: readonly Row[]): string[] {
	const column = Math.min(28, Math.max(...rows.map(([left]) => left.length)));
	const indent = ' '.repeat(column + 4);
	return rows.flatMap(([left, right]) => {
		const [first = '', ...more] = wrap(right, width - indent.length);
		const head = left.length > column ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(column)}  ${first}`];
		return [...head, ...more.map((line) => `${indent}${line}`)];
	});
}

function wrap(text: string, columns: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > columns) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}
	return [...lines, line];
}
