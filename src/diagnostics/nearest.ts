/**
 * The candidate that a misspelled word most likely means, for "did you mean" hints.
 * Words may differ by two edits, short ones by one, and one-letter words by none.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
	let best: { readonly candidate: string; readonly distance: number } | undefined;
	for (const candidate of candidates) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		if (distance <= allowedEdits(word, candidate) && distance < (best?.distance ?? Infinity)) {
			best = { candidate, distance };
		}
	}
	return best?.candidate;
}

function allowedEdits(word: string, candidate: string): number {
	const shorter = Math.min(word.length, candidate.length);
	return shorter <= 1 ? 0 : shorter <= 4 ? 1 : 2;
}

/** Damerau-Levenshtein distance: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(from: string, to: string): number {
	// No caller accepts more than two edits, so words of very different length need no table.
	if (Math.abs(from.length - to.length) > 2) return Infinity;
	const columns = Array.from({ length: to.length + 1 }, (_, column) => column);
	let beforePrevious: readonly number[] = [];
	let previous: readonly number[] = columns;
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1];
			const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			current[column] = Math.min(
				cell(previous, column) + 1,
				cell(current, column - 1) + 1,
				cell(previous, column - 1) + (same ? 0 : 1),
				swapped ? cell(beforePrevious, column - 2) + 1 : Infinity,
			);
		}
		beforePrevious = previous;
		previous = current;
	}
	return cell(previous, to.length);
}

function cell(row: readonly number[], column: number): number {
	return row[column] ?? Infinity;
}
