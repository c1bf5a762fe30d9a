/** An option of a command. */
export type Flag =
	/** Is there or is not. */
	| { readonly kind: 'switch'; readonly description: string }
	/** Takes a value; `value` names it in help. */
	| { readonly kind: 'text'; readonly value: string; readonly default?: string; readonly description: string }
	/** Takes a whole number of at least 1. */
	| { readonly kind: 'count'; readonly value: string; readonly description: string }
	/** Takes one of a few words; behind those of `versioned` may stand a number: `wasi-sdk@24`. */
	| {
			readonly kind: 'choice';
			readonly choices: readonly string[];
			readonly versioned?: readonly string[];
			readonly description: string;
	  }
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
	/** Absent when it takes none. */
	readonly operand?: Operand;
	/** A further argument. */
	readonly second?: Operand;
	/** What may stand after `--`; absent when nothing may. */
	readonly rest?: { readonly name: string; readonly description: string };
	/** By long name, without the dashes. */
	readonly flags: Readonly<Record<string, Flag>>;
	readonly examples: readonly { readonly command: string; readonly does: string }[];
}

/** What a command is started with. */
export type Arguments<C extends Command> = {
	readonly flags: { readonly [N in keyof C['flags']]: FlagValue<C['flags'][N]> };
	/** What stood after `--`. */
	readonly rest: readonly string[];
} & OperandOf<C, 'operand'> &
	OperandOf<C, 'second'>;

type OperandOf<C extends Command, N extends 'operand' | 'second'> = C extends { readonly [name in N]: Operand }
	? { readonly [name in N]: string }
	: unknown;

/** What a flag's value is in code. */
export type FlagValue<F extends Flag> = F extends { kind: 'switch' }
	? boolean
	: F extends { kind: 'list' }
		? readonly string[]
		: F extends { kind: 'count' }
			? number | undefined
			: F extends { kind: 'choice'; choices: readonly (infer Choice)[] }
				? Choice | VersionedChoice<F> | undefined
				: F extends { default: string }
					? string
					: string | undefined;

type VersionedChoice<F> = F extends { versioned: readonly (infer Name extends string)[] } ? `${Name}@${number}` : never;
