import { type ParseArgsConfig, parseArgs } from 'node:util';
import { fail } from '../diagnostics/diagnostic.js';
import { nearest } from '../diagnostics/nearest.js';
import type { Arguments, Command, Flag, Operand } from './command.js';
import {
	type ArgumentsOf,
	type CommandName,
	commands,
	commonFlags,
	type GroupName,
	groups,
	shortFlags,
} from './options.js';

/** What a command line asks for. */
export type Invocation =
	| { readonly kind: 'help'; readonly command?: CommandName; readonly group?: GroupName }
	| { readonly kind: 'version' }
	/** Nothing was asked for, or no command of a group. */
	| { readonly kind: 'none'; readonly group?: GroupName }
	| { readonly [N in CommandName]: CommandInvocation<N> }[CommandName];

/** A command to run. */
export interface CommandInvocation<N extends CommandName> {
	readonly kind: 'command';
	readonly command: N;
	readonly args: ArgumentsOf<N>;
}

/** Reads a command line (without the program's name). */
export function parseCommandLine(argv: readonly string[]): Invocation {
	const [first, ...others] = argv;
	if (first === undefined) return { kind: 'none' };
	if (first === 'help') return parseHelp(others);
	if (first.startsWith('-')) return parseCommon(first, 'cpybuild build --verbose');
	return isGroupName(first) ? parseGroup(first, others) : parseCommand(requireCommand(first), others);
}

function parseGroup(group: GroupName, [second, ...others]: readonly string[]): Invocation {
	if (second === undefined) return { kind: 'none', group };
	if (!second.startsWith('-')) return parseCommand(requireCommand(`${group} ${second}`), others);
	const asked = parseCommon(second, `cpybuild ${group} list --json`);
	return asked.kind === 'help' ? { ...asked, group } : asked;
}

function parseCommand(name: CommandName, argv: readonly string[]): Invocation {
	const command: Command = commands[name];
	const tokens = tokenize(argv, command);
	if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return { kind: 'help', command: name };
	if (tokens.some((token) => token.kind === 'option' && token.name === 'version')) return { kind: 'version' };
	// The table's types say what the values are; `readArguments` makes them by the same table.
	return { kind: 'command', command: name, args: readArguments(name, command, tokens) } as Invocation;
}

function parseHelp([first, second]: readonly string[]): Invocation {
	if (first === undefined) return { kind: 'help' };
	if (!isGroupName(first)) return { kind: 'help', command: requireCommand(first) };
	return second === undefined
		? { kind: 'help', group: first }
		: { kind: 'help', command: requireCommand(`${first} ${second}`) };
}

/** Reads an option that stands where a command is expected. */
function parseCommon(option: string, example: string): Invocation {
	if (option === '--help' || option === '-h') return { kind: 'help' };
	if (option === '--version' || option === '-V') return { kind: 'version' };
	return fail({
		code: 'usage/unknown-option',
		message: `unknown option "${option}"`,
		hint: `options stand after the command: ${example}`,
	});
}

/** The command of one word, or of a group and a second word. */
function requireCommand(name: string): CommandName {
	if (isCommandName(name)) return name;
	const [group] = name.split(' ');
	const hasTwoWords = group !== name;
	const names = hasTwoWords
		? Object.keys(commands).filter((other) => other.startsWith(`${group} `))
		: [...Object.keys(commands).filter((other) => !other.includes(' ')), ...Object.keys(groups)];
	const close = Object.keys(commands).find((other) => other.endsWith(` ${name}`)) ?? nearest(name, names);
	return fail({
		code: 'usage/unknown-command',
		message: `unknown command "${name}"`,
		hint: close === undefined ? `commands: ${names.join(', ')}` : `did you mean "${close}"?`,
	});
}

function isGroupName(word: string): word is GroupName {
	return Object.hasOwn(groups, word);
}

function isCommandName(word: string): word is CommandName {
	return Object.hasOwn(commands, word);
}

type Token = NonNullable<ReturnType<typeof parseArgs<{ tokens: true; strict: false }>>['tokens']>[number];
type OptionToken = Token & { kind: 'option' };

/** `parseArgs` splits the words; what they mean, and what is wrong with them, is decided here. */
function tokenize(argv: readonly string[], command: Command): readonly Token[] {
	const options: NonNullable<ParseArgsConfig['options']> = {};
	for (const [name, flag] of Object.entries({ ...command.flags, ...commonFlags })) {
		const short = Object.entries(shortFlags).find(([, long]) => long === name)?.[0];
		options[name] = { type: flag.kind === 'switch' ? 'boolean' : 'string', ...(short && { short }) };
	}
	return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readArguments(name: CommandName, command: Command, tokens: readonly Token[]): Arguments<Command> {
	const end = tokens.findIndex((token) => token.kind === 'option-terminator');
	const before = end < 0 ? tokens : tokens.slice(0, end);
	const rest = end < 0 ? [] : positionals(tokens.slice(end + 1));
	const given = before.filter((token): token is OptionToken => token.kind === 'option');
	for (const token of given) requireFlag(token, name, command);

	const { operand, second } = command;
	const words = positionals(before);
	const operands = {
		...(operand && { operand: words.shift() ?? requireDefault(name, command, operand) }),
		...(second && { second: words.shift() ?? requireDefault(name, command, second) }),
	};
	const unexpected = words[0] ?? (command.rest === undefined ? rest[0] : undefined);
	if (unexpected !== undefined) {
		return fail({
			code: 'usage/unexpected-argument',
			message: `unexpected argument "${unexpected}"`,
			hint: command.rest === undefined ? helpHint(name) : `${command.rest.name} stand after "--"`,
		});
	}
	const flags = Object.entries(command.flags).map(([flag, kind]) => [flag, readFlag(flag, kind, given)]);
	return { ...operands, flags: Object.fromEntries(flags), rest };
}

function requireDefault(name: CommandName, command: Command, operand: Operand): string {
	if (operand.default !== undefined) return operand.default;
	return fail({
		code: 'usage/missing-argument',
		message: `"cpybuild ${name}" needs the argument <${operand.name}>: ${operand.description}`,
		hint: `for example: ${command.examples[0]?.command}`,
	});
}

function positionals(tokens: readonly Token[]): string[] {
	return tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
}

function requireFlag(token: OptionToken, name: CommandName, command: Command): void {
	if (Object.hasOwn(command.flags, token.name)) return;
	const close = nearest(token.name, Object.keys({ ...command.flags, ...commonFlags }));
	fail({
		code: 'usage/unknown-option',
		message: `unknown option "${token.rawName}" of "cpybuild ${name}"`,
		hint: close === undefined ? helpHint(name) : `did you mean "--${close}"?`,
	});
}

function helpHint(name: CommandName): string {
	return `"cpybuild ${name} --help" lists what it takes`;
}

/** The value of a flag; the last one counts when it was given several times. */
function readFlag(
	name: string,
	flag: Flag,
	given: readonly OptionToken[],
): boolean | number | string | string[] | undefined {
	const tokens = given.filter((token) => token.name === name);
	if (flag.kind === 'switch') {
		for (const token of tokens) requireNoValue(token);
		return tokens.length > 0;
	}
	const values = tokens.map(requireValue);
	if (flag.kind === 'list') return values;
	const value = values.at(-1);
	switch (flag.kind) {
		case 'text':
			return value ?? flag.default;
		case 'count':
			return value === undefined ? undefined : readCount(name, value);
		case 'choice':
			return value === undefined ? undefined : requireChoice(name, flag, value);
	}
}

function requireNoValue(token: OptionToken): void {
	if (token.value === undefined) return;
	fail({ code: 'usage/unexpected-value', message: `option "${token.rawName}" takes no value, got "${token.value}"` });
}

/** `--out --json` is a forgotten value, `--out=--json` is not. */
function requireValue(token: OptionToken): string {
	if (token.value !== undefined && (token.inlineValue || !token.value.startsWith('-'))) return token.value;
	return fail({ code: 'usage/missing-value', message: `option "${token.rawName}" needs a value` });
}

function readCount(name: string, value: string): number {
	if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
	return fail({
		code: 'usage/bad-value',
		message: `option "--${name}" takes a whole number from 1 up, got "${value}"`,
	});
}

function requireChoice(name: string, { choices, versioned = [] }: Flag & { kind: 'choice' }, value: string): string {
	if (choices.includes(value)) return value;
	const [, word = '', version] = value.match(/^(.+)@([1-9]\d{0,2})(?:\.0)?$/) ?? [];
	if (versioned.includes(word)) return `${word}@${version}`;
	const close = nearest(value, choices);
	const instead = close === undefined ? `choices: ${choices.join(', ')}` : `did you mean "${close}"?`;
	const numbered = versioned.find((one) => value.startsWith(`${one}@`));
	return fail({
		code: 'usage/bad-value',
		message: `option "--${name}" does not know "${value}"`,
		hint: numbered === undefined ? instead : `give a number: ${numbered}@24`,
	});
}
