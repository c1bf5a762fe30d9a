import type { Examination, Finding, State } from '../index.js';
import { formatCount, wrap } from './format.js';
import { createPalette, type Palette } from './progress/step-line.js';
import type { Terminal } from './terminal.js';

/** Columns that are used of a wide terminal, or where none says how wide it is. */
const WIDEST = 100;

/** Where the text of a line begins: behind the sign and the group's name. */
const INDENT = ' '.repeat('✓ toolchain  '.length);

/** An examination for people: a line for each group where all is well, and more only where something is not. */
export function renderExamination(examination: Examination, terminal: Pick<Terminal, 'stdout' | 'color'>): string {
	const { findings, fixed } = examination;
	const palette = createPalette(terminal.color);
	const columns = Math.min(WIDEST, terminal.stdout.columns || WIDEST) - INDENT.length;
	const groups = new Map<string, Finding[]>();
	for (const finding of findings) {
		const [group = ''] = finding.id.split('.');
		groups.set(group, [...(groups.get(group) ?? []), finding]);
	}
	const lines = [
		...[...groups].flatMap(([group, members]) => groupLines(group, members, columns, palette)),
		...fixed.flatMap(({ done, what }) =>
			labelled(sign(done ? 'ok' : 'warning', palette), 'fixed', wrap(done ? what : `not repaired: ${what}`, columns)),
		),
		'',
		conclusion(examination, palette),
	];
	return lines.map((line) => `${line}\n`).join('');
}

/** What is well in one line, and everything else in lines of its own. */
function groupLines(group: string, members: readonly Finding[], columns: number, palette: Palette): readonly string[] {
	const well = members.filter(({ state }) => state === 'ok').map(({ found }) => found);
	const others = members.filter(({ state }) => state !== 'ok');
	return [
		...(well.length === 0 ? [] : labelled(sign('ok', palette), group, wrap(well.join('; '), columns))),
		...others.flatMap((finding) => findingLines(group, finding, columns, palette)),
	];
}

function findingLines(group: string, finding: Finding, columns: number, palette: Palette): readonly string[] {
	const { state, found, means, repair, details = [] } = finding;
	return [
		...labelled(sign(state, palette), group, wrap(found, columns)),
		...(means === undefined ? [] : wrap(means, columns).map((line) => INDENT + line)),
		...details.flatMap((detail) => wrap(detail, columns - 2).map((line) => `${INDENT}  ${palette.dim(line)}`)),
		// Never broken: it is there to be copied.
		...(repair === undefined ? [] : [`${INDENT}${palette.bold('run:')} ${repair}`]),
	];
}

function labelled(mark: string, label: string, [first = '', ...more]: readonly string[]): readonly string[] {
	return [`${mark} ${label.padEnd(INDENT.length - 2)}${first}`, ...more.map((line) => INDENT + line)];
}

function sign(state: State, palette: Palette): string {
	switch (state) {
		case 'ok':
			return palette.green('✓');
		case 'note':
			return palette.blue('·');
		case 'warning':
			return palette.yellow('!');
		case 'error':
			return palette.red('✗');
	}
}

function conclusion({ manifest, ready, findings, fixed }: Examination, palette: Palette): string {
	const count = (state: State) => findings.filter((one) => one.state === state).length;
	const [errors, warnings] = [count('error'), count('warning')];
	const numbers = [
		...(errors > 0 ? [formatCount(errors, 'error')] : []),
		...(warnings > 0 ? [formatCount(warnings, 'warning')] : []),
	].join(' and ');
	const left = fixed.length > 0 ? 'left to you: ' : '';
	const remark = numbers === '' ? '' : ` (${left}${numbers})`;
	const isNoted = findings.some(({ id, state }) => id === 'manifest.file' && state === 'note');
	const build = isNoted ? 'a build with the defaults' : `a build of "${manifest}"`;
	return ready ? palette.green(`${build} works here${remark}`) : palette.red(`${build} would fail here${remark}`);
}
