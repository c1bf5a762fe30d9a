import type { Random } from './random.js';

const pieces = [
	...[
		'{',
		'}',
		'(',
		')',
		'<',
		'>',
		',',
		':',
		';',
		'=',
		'.',
		'@',
		'/',
		'->',
		'-',
		'+',
		'*',
		'%',
		'"',
		'_',
		' ',
		'\n',
		'\r',
	],
	...[
		'use',
		'type',
		'func',
		'record',
		'resource',
		'variant',
		'enum',
		'flags',
		'list',
		'option',
		'result',
		'tuple',
		'own',
	],
	...['borrow', 'future', 'stream', 'map', 'as', 'from', 'static', 'interface', 'import', 'export', 'world', 'package'],
	...[
		'constructor',
		'include',
		'with',
		'async',
		'error-context',
		'u8',
		'string',
		'a',
		'b',
		'i0',
		'w0',
		't0',
		'A',
		'é',
		'1',
		'0.1.0',
	],
	...[
		'//',
		'/*',
		'*/',
		'a-',
		'-a',
		'a--b',
		'aB',
		'a_b',
		'4a',
		'ns:main',
		'dep:p0/i0',
		'self',
		'@since(version = 0.1.0)',
	],
] as const;

/** A text with some of its tokens lost, doubled, exchanged, replaced or joined. */
export function mutateText(random: Random, text: string): string {
	let tokens: string[] = text.match(/\s+|[A-Za-z0-9_%-]+|->|[^A-Za-z0-9_\s]/g) ?? [];
	for (let left = 1 + random.below(3); left > 0; left--) tokens = mutateTokens(random, tokens);
	return tokens.join('');
}

function mutateTokens(random: Random, tokens: readonly string[]): string[] {
	const at = random.below(tokens.length);
	const other = random.below(tokens.length);
	const piece = pieces[random.below(pieces.length)] ?? ' ';
	switch (random.below(7)) {
		case 0:
			return tokens.toSpliced(at, 1);
		case 1:
			return tokens.toSpliced(at, 0, piece);
		case 2:
			return tokens.toSpliced(at, 1, piece);
		case 3:
			return tokens.toSpliced(at, 0, tokens[other] ?? '');
		case 4:
			return tokens.toSpliced(at, 1, tokens[other] ?? '');
		case 5:
			return tokens.toSpliced(at, 0, ...tokens.slice(other, other + 1 + random.below(8)));
		default:
			return tokens.toSpliced(at, 1 + random.below(6));
	}
}
