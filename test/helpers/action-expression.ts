/** What expressions of an action may look at. */
export interface ExpressionContext {
	readonly inputs: Readonly<Record<string, string>>;
	/** Outputs of steps, by id. */
	readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Value = string | boolean;

const TOKEN = /\s*(?:(?<text>'(?:[^']|'')*')|(?<mark>==|!=|&&|\|\||!|\(|\))|(?<name>[A-Za-z_][\w.-]*))/y;

/** Fills the `${{ … }}` of a text. What this does not know fails, since GitHub would make something of it. */
export function fill(text: string, context: ExpressionContext): string {
	return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, context)));
}

/** The value of an expression: of the inputs, step outputs, texts and operators that this project's action uses. */
export function evaluate(expression: string, context: ExpressionContext): Value {
	const tokens = tokensOf(expression);
	const expect = (mark: string) => {
		if (tokens.shift() !== mark) throw new Error(`"${mark}" is missing in "${expression}"`);
	};
	const operand = (): Value => {
		const token = tokens.shift() ?? '';
		if (token === '!') return !isTrue(operand());
		if (token === '(') {
			const value = either();
			expect(')');
			return value;
		}
		if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
		return lookUp(token, context);
	};
	const comparison = (): Value => {
		const left = operand();
		if (tokens[0] !== '==' && tokens[0] !== '!=') return left;
		const wanted = tokens.shift() === '==';
		return (String(left).toLowerCase() === String(operand()).toLowerCase()) === wanted;
	};
	const both = (): Value => {
		let value = comparison();
		while (tokens[0] === '&&') {
			tokens.shift();
			const right = comparison();
			value = isTrue(value) ? right : value;
		}
		return value;
	};
	const either = (): Value => {
		let value = both();
		while (tokens[0] === '||') {
			tokens.shift();
			const right = both();
			value = isTrue(value) ? value : right;
		}
		return value;
	};
	const value = either();
	if (tokens.length > 0) throw new Error(`"${tokens[0]}" is too much in "${expression}"`);
	return value;
}

/** GitHub takes empty texts for false. */
export function isTrue(value: Value): boolean {
	return value !== false && value !== '';
}

function tokensOf(expression: string): string[] {
	const tokens: string[] = [];
	const text = expression.trim();
	for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
		TOKEN.lastIndex = at;
		const { text: quoted, mark, name } = TOKEN.exec(text)?.groups ?? {};
		const token = quoted ?? mark ?? name;
		if (token === undefined) throw new Error(`"${text.slice(at)}" is not understood in "${expression}"`);
		tokens.push(token);
	}
	return tokens;
}

function lookUp(name: string, { inputs, steps }: ExpressionContext): string {
	const input = /^inputs\.([\w-]+)$/.exec(name)?.[1];
	if (input !== undefined) {
		const value = inputs[input];
		if (value === undefined) throw new Error(`the action has no input "${input}"`);
		return value;
	}
	const [, id = '', output = ''] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(name) ?? [];
	if (id === '') throw new Error(`"${name}" is not understood`);
	if (!(id in steps)) throw new Error(`no step "${id}" comes before`);
	return steps[id]?.[output] ?? '';
}
