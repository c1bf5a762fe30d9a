import picocolors from 'picocolors';
import type { Diagnostic, Note } from './diagnostic.js';
import { codeFrame, type FrameStyle, gutterWidth, printable } from './frame.js';
import { placeOf } from './place.js';

/** How `renderPretty` writes. */
export interface PrettyOptions {
	/** ANSI colours; off unless asked for. */
	readonly color?: boolean;
}

/** Problems for people: message, code frame, evidence, hint and notes of each, with an empty line between them. */
export function renderPretty(diagnostics: readonly Diagnostic[], options: PrettyOptions = {}): string {
	const colors = picocolors.createColors(options.color ?? false);
	return diagnostics.map((one) => `${prettyLines(one, colors).join('\n')}\n`).join('\n');
}

type Colors = ReturnType<typeof picocolors.createColors>;

function prettyLines(one: Diagnostic, colors: Colors): readonly string[] {
	const severe = one.severity === 'error' ? colors.red : colors.yellow;
	const style: FrameStyle = { gutter: colors.blue, marker: severe };
	const notes = one.notes ?? [];
	const width = Math.max(1, ...[one, ...notes].map(({ span }) => (span === undefined ? 1 : gutterWidth(span))));

	const label = (name: string) => `${' '.repeat(width + 1)} ${colors.blue('=')} ${colors.bold(`${name}:`)} `;
	const remark = (name: string, text: string) => {
		const indent = `\n${' '.repeat(width + 1 + ' = : '.length + name.length)}`;
		return label(name) + text.split('\n').map(printable).join(indent);
	};
	const note = ({ message, span }: Note) =>
		span === undefined
			? [remark('note', message)]
			: [`${colors.bold('note')}: ${printable(message)}`, ...codeFrame(span, width, style)];

	return [
		`${colors.bold(severe(`${one.severity}[${one.code}]`))}: ${colors.bold(printable(one.message))}`,
		...(one.span === undefined ? [] : codeFrame(one.span, width, style)),
		...(one.details ?? []).flatMap((detail) => detail.split('\n')).map((line) => `    ${line}`.trimEnd()),
		...(one.hint === undefined ? [] : [remark('hint', one.hint)]),
		...notes.filter(({ span }) => span === undefined).flatMap(note),
		...notes.filter(({ span }) => span !== undefined).flatMap(note),
	];
}

/** Problems as workflow commands, which GitHub Actions turns into annotations of the changed files. */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
	return diagnostics.map((one) => `${githubCommand(one)}\n`).join('');
}

function githubCommand({ code, severity, message, span, hint, details }: Diagnostic): string {
	const properties: [string, string | number][] = [];
	if (span !== undefined) {
		const { start, end } = placeOf(span);
		properties.push(['file', span.file.path], ['line', start.line], ['col', start.column]);
		// GitHub ignores columns of an annotation over several lines; it then marks the first line, as we do elsewhere.
		if (end.line === start.line) properties.push(['endColumn', end.column]);
	}
	properties.push(['title', code]);
	const text = [message, ...(details ?? []), ...(hint === undefined ? [] : [`hint: ${hint}`])].join('\n');
	const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
	return `::${severity} ${list}::${escapeText(text)}`;
}

// The runner decodes exactly these sequences; an unescaped line break would end the command.
function escapeText(text: string): string {
	return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
	return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
