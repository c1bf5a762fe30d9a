/** Lines between braces, indented; empty braces when there are none. */
export function block(head: string, lines: readonly string[], tail = ''): string[] {
	if (lines.length === 0) return [`${head} {}${tail}`];
	return [`${head} {`, ...indent(lines), `}${tail}`];
}

/** Lines one level deeper. */
export function indent(lines: readonly string[]): string[] {
	return lines.map((line) => (line === '' ? '' : `\t${line}`));
}

/** A doc comment of paragraphs, on one line if it fits there. */
export function docComment(paragraphs: readonly string[]): string[] {
	const lines = paragraphs.join('\n\n').replaceAll('*/', '*\\/').trim().split(/\r?\n/);
	if (lines.length === 1) return [`/** ${lines.join('')} */`];
	return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** Statements, and what happens to their errors. */
export function attempt(lines: readonly string[], error: string, handler: readonly string[]): string[] {
	return ['try {', ...indent(lines), `} catch (${error}) {`, ...indent(handler), '}'];
}
