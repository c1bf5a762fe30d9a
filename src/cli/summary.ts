import { relative } from 'node:path';
import type { Report } from '../report.js';
import { alignColumns, formatBytes, formatDuration } from './format.js';
import { createPalette } from './progress/step-line.js';
import type { Terminal } from './terminal.js';

/** What a build came to, for people. */
export function renderSummary(report: Report, terminal: Terminal): string {
	const palette = createPalette(terminal.color);
	const folder = shownPath(report.out, terminal.cwd);
	const python = `CPython ${report.python}`;
	const size = formatBytes(report.artifacts.find((one) => one.path === 'python.wasm')?.bytes ?? 0);
	if (report.status === 'up-to-date') {
		return `${palette.green('✓')} ${folder} is up to date (${python}, ${size})\n`;
	}
	const names = report.imports.map((one) => `${one.module}.${one.name}`);
	const rows = alignColumns([
		['python.wasm', `${size}, ${python}`],
		['toolchain', report.toolchain],
		['imports', names.length === 0 ? 'none' : names.join(', ')],
	]);
	return [
		'',
		`${palette.green('✓')} ${palette.bold(folder)} built in ${formatDuration(report.ms)}`,
		...rows.map((row) => `  ${row}`),
		'',
	].join('\n');
}

/** A path as short as the current folder makes it; one outside of it stays absolute. */
export function shownPath(path: string, cwd: string): string {
	const shorter = relative(cwd, path);
	return shorter === '' ? '.' : shorter.startsWith('..') ? path : shorter.replaceAll('\\', '/');
}
