import { type ParseArgsConfig, parseArgs } from 'node:util';
import { fail } from '../diagnostics/diagnostic.js';
import { nearest } from '../diagnostics/nearest.js';
import type { Arguments, Command, Flag } from './command.js';
import { type ArgumentsOf, type CommandName, commands, commonFlags, shortFlags } from './options.js';

/** What a command line asks for. */
export type Invocation =
	| { readonly kind: 'help'; readonly command?: CommandName }
	| { readonly kind: 'version' }
	/** Nothing was asked for. */
	| { readonly kind: 'none' }
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
	if (first.startsWith('-')) return parseCommon(first);
	const name = requireCommand(first);
	const command: Command = commands[name];
	const tokens = tokenize(others, command);
	if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return { kind: 'help', command: name };
	if (tokens.some((token) => token.kind === 'option' && token.name === 'version')) return { kind: 'version' };
	// The table's types say what the values are; `readArguments` makes them by the same table.
	return { kind: 'command', command: name, args: readArguments(name, command, tokens) } as Invocation;
}

function parseHelp([topic]: readonly string[]): Invocation {
	return topic === undefined ? { kind: 'help' } : { kind: 'help', command: requireCommand(topic) };
}

/** Reads an option that stands where a command is expected. */
function parseCommon(option: string): Invocation {
	if (option === '--help' || option === '-h') return { kind: 'help' };
	if (option === '--version' || option === '-V') return { kind: 'version' };
	return fail({
		code: 'usage/unknown-option',
		message: `unknown option "${option}"`,
		hint: 'options stand after the command: cpybuild build --verbose',
	});
}

function requireCommand(word: string): CommandName {
	if (isCommandName(word)) return word;
	const names = Object.keys(commands);
	const close = nearest(word, names);
	return fail({
		code: 'usage/unknown-command',
		message: `unknown command "${word}"`,
		hint: close === undefined ? `commands: ${names.join(', ')}` : `did you mean "${close}"?`,
	});
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

	const [operand = command.operand.default, extra] = positionals(before);
	if (operand === undefined) {
		return fail({
			code: 'usage/missing-argument',
			message: `"cpybuild ${name}" needs the argument <${command.operand.name}>: ${command.operand.description}`,
			hint: `for example: ${command.examples[0]?.command}`,
		});
	}
	const unexpected = extra ?? (command.rest === undefined ? rest[0] : undefined);
	if (unexpected !== undefined) {
		return fail({
			code: 'usage/unexpected-argument',
			message: `unexpected argument "${unexpected}"`,
			hint: command.rest === undefined ? helpHint(name) : `${command.rest.name} stand after "--"`,
		});
	}
	const flags = Object.entries(command.flags).map(([flag, kind]) => [flag, readFlag(flag, kind, given)]);
	return { operand, flags: Object.fromEntries(flags), rest };
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
			return value === undefined ? undefined : requireChoice(name, flag.choices, value);
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

function requireChoice(name: string, choices: readonly string[], value: string): string {
	if (choices.includes(value)) return value;
	const close = nearest(value, choices);
	return fail({
		code: 'usage/bad-value',
		message: `option "--${name}" does not know "${value}"`,
		hint: close === undefined ? `choices: ${choices.join(', ')}` : `did you mean "${close}"?`,
	});
}
