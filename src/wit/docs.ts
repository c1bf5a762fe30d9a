/** The text of doc comments, as people read it; undefined when none of the comments is one. */
export function joinDocs(comments: readonly string[]): string | undefined {
	const lines = comments.flatMap(docLines);
	const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
	const indent = Math.min(...indents);
	const text = lines
		.map((line) => line.slice(indent))
		.join('\n')
		.replace(/^\n+|\n+$/g, '');
	return text === '' ? undefined : text;
}

function docLines(comment: string): readonly string[] {
	if (comment.startsWith('///')) return [comment.replace(/^\/+/, '').trimEnd()];
	if (!comment.startsWith('/**') || comment === '/**/') return [];
	const lines = comment
		.slice(3, -2)
		.split('\n')
		.map((line) => line.trimEnd());
	// A column of stars along the left edge is an ornament.
	const [first = '', ...rest] = lines;
	const inner = rest.filter((line) => line.trim() !== '');
	if (inner.length > 0 && inner.every((line) => /^\s*\*/.test(line))) {
		return [first, ...rest.map((line) => line.replace(/^\s*\*/, ''))];
	}
	// The first line starts behind the opening, so its indentation says nothing about the others.
	return [first.trimStart(), ...unindent(rest)];
}

function unindent(lines: readonly string[]): readonly string[] {
	const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
	const indent = Math.min(...indents);
	return lines.map((line) => line.slice(indent));
}
