/** An option of a command. */
export type Flag =
	/** Is there or is not. */
	| { readonly kind: 'switch'; readonly description: string }
	/** Takes a value; `value` names it in help. */
	| { readonly kind: 'text'; readonly value: string; readonly default?: string; readonly description: string }
	/** Takes a whole number of at least 1. */
	| { readonly kind: 'count'; readonly value: string; readonly description: string }
	/** Takes one of a few words. */
	| { readonly kind: 'choice'; readonly choices: readonly string[]; readonly description: string }
	/** Takes a value, and may be given several times. */
	| { readonly kind: 'list'; readonly value: string; readonly description: string };

/** The argument of a command that is no option; without a default it must be given. */
export interface Operand {
	readonly name: string;
	readonly default?: string;
	readonly description: string;
}

/** What a command understands and how its help describes it. */
export interface Command {
	/** One line for the list of commands. */
	readonly summary: string;
	/** What else its help says, one entry per paragraph. */
	readonly about: readonly string[];
	readonly operand: Operand;
	/** What may stand after `--`; absent when nothing may. */
	readonly rest?: { readonly name: string; readonly description: string };
	/** By long name, without the dashes. */
	readonly flags: Readonly<Record<string, Flag>>;
	readonly examples: readonly { readonly command: string; readonly does: string }[];
}

/** What a command is started with. */
export interface Arguments<C extends Command> {
	readonly operand: string;
	readonly flags: { readonly [N in keyof C['flags']]: FlagValue<C['flags'][N]> };
	/** What stood after `--`. */
	readonly rest: readonly string[];
}

/** What a flag's value is in code. */
export type FlagValue<F extends Flag> = F extends { kind: 'switch' }
	? boolean
	: F extends { kind: 'list' }
		? readonly string[]
		: F extends { kind: 'count' }
			? number | undefined
			: F extends { kind: 'choice'; choices: readonly (infer Choice)[] }
				? Choice | undefined
				: F extends { default: string }
					? string
					: string | undefined;
