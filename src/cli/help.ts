import type { Command, Flag, Operand } from './command.js';
import { wrap } from './format.js';
import { type CommandName, commands, commonFlags, type GroupName, groups, shortFlags } from './options.js';

const width = 100;

/** The text of `cpybuild --help`. */
export function renderOverview(): string {
	return [
		'Build custom CPython interpreters for WASI, with typed host bindings',
		'',
		'Usage: cpybuild <command> [options]',
		'',
		'Commands:',
		...alignRows(overviewRows()),
		'',
		'Options:',
		...alignRows(flagRows(commonFlags)),
		'',
		'"cpybuild <command> --help" describes a command.',
		'',
	].join('\n');
}

/** Commands of two words share a row, in the place of the first one. */
function overviewRows(): Row[] {
	const rows = new Map<string, string>();
	for (const [name, { summary }] of Object.entries(commands)) {
		const [group = name] = name.split(' ');
		rows.set(group, name === group ? summary : groups[group as GroupName].summary);
	}
	return [...rows];
}

/** The text of `cpybuild <group> --help`. */
export function renderGroupHelp(group: GroupName): string {
	const members = Object.entries(commands).filter(([name]) => name.startsWith(`${group} `));
	return [
		groups[group].summary,
		'',
		`Usage: cpybuild ${group} <command> [options]`,
		'',
		'Commands:',
		...alignRows(members.map(([name, { summary }]) => [name.slice(group.length + 1), summary])),
		'',
		`"cpybuild ${group} <command> --help" describes a command.`,
		'',
	].join('\n');
}

/** The text of `cpybuild <command> --help`. */
export function renderCommandHelp(name: CommandName): string {
	const command: Command = commands[name];
	const { rest } = command;
	const operands = [
		...operandsOf(command).map((operand): Row => [operandPlaceholder(operand), describeOperand(operand)]),
		...(rest ? [[`-- ${rest.name}`, rest.description] as const] : []),
	];
	return [
		command.summary,
		'',
		`Usage: ${usageLine(name)}`,
		...command.about.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
		'',
		...(operands.length > 0 ? ['Arguments:', ...alignRows(operands), ''] : []),
		'Options:',
		...alignRows(flagRows({ ...command.flags, help: commonFlags.help })),
		'',
		'Examples:',
		...command.examples.flatMap((example) => [`  # ${example.does}`, `  ${example.command}`]),
		'',
	].join('\n');
}

function describeOperand(operand: Operand): string {
	return operand.default === undefined ? operand.description : `${operand.description} (default: ${operand.default})`;
}

/** How a command is called: `cpybuild inspect <file> [options]`. */
export function usageLine(name: CommandName): string {
	const command: Command = commands[name];
	const rest = command.rest ? [`[-- ${command.rest.name}]`] : [];
	return ['cpybuild', name, ...operandsOf(command).map(operandPlaceholder), '[options]', ...rest].join(' ');
}

/** The arguments of a command that are no options. */
export function operandsOf({ operand, second }: Command): readonly Operand[] {
	return [operand, second].filter((one) => one !== undefined);
}

/** An operand in a usage line: in square brackets when it may be left out. */
export function operandPlaceholder(operand: Operand): string {
	return operand.default === undefined ? `<${operand.name}>` : `[${operand.name}]`;
}

/** How a flag is written, with what it takes: `--jobs N`. */
export function flagUsage(name: string, flag: Flag): string {
	switch (flag.kind) {
		case 'switch':
			return `--${name}`;
		case 'choice':
			return `--${name} ${flag.choices.map((one) => (flag.versioned?.includes(one) ? `${one}[@N]` : one)).join('|')}`;
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
