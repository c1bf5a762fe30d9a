import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CpybuildError, type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { renderPretty } from '../diagnostics/render.js';
import type { Report } from '../report.js';
import { formatBytes, formatDuration } from './format.js';
import type { Outcome } from './progress/display.js';
import { shownPath } from './summary.js';

/**
 * Opens a file to which summaries of builds are appended in Markdown: what GitHub shows as the summary of a job.
 * @returns what writes the summary when the build has ended.
 * @throws CpybuildError before anything is built, when the file cannot be written.
 */
export function openStepSummary(file: string, cwd: string): (outcome: Outcome) => void {
	const path = resolve(cwd, file);
	const append = (text: string) => {
		try {
			appendFileSync(path, text);
		} catch (error) {
			const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'its folder does not exist' : String(error);
			fail(
				{ code: 'usage/bad-value', message: `the summary cannot be written to "${file}": ${reason}` },
				{ cause: error },
			);
		}
	};
	append('');
	return (outcome) =>
		append('report' in outcome ? renderStepSummary(outcome.report, cwd) : renderFailure(outcome.error));
}

/** A build that went well, in Markdown. */
export function renderStepSummary(report: Report, cwd: string): string {
	const { artifacts, imports, steps, warnings } = report;
	const folder = code(shownPath(report.out, cwd));
	const head =
		report.status === 'up-to-date' ? `${folder} is up to date` : `${folder} built in ${formatDuration(report.ms)}`;
	return sections([
		[`## ${head}`],
		[`CPython ${text(report.python)}, ${text(report.toolchain)}`],
		table(
			['step', 'status', 'time'],
			steps.map(({ id, status, ms }) => [code(id), status, status === 'ran' ? formatDuration(ms) : '']),
		),
		table(
			['artifact', 'size', 'sha256'],
			artifacts.map(({ path, bytes, sha256 }) => [code(path), formatBytes(bytes), code(sha256)]),
		),
		table(
			['import', 'signature'],
			imports.map(({ module, name, signature }) => [code(`${module}.${name}`), code(signature)]),
		),
		problems('Warnings', warnings),
	]);
}

/** A build that failed, in Markdown. */
function renderFailure(error: unknown): string {
	const known = error instanceof CpybuildError;
	return sections([
		['## The build failed'],
		known ? problems('', error.diagnostics) : [text(error instanceof Error ? error.message : String(error))],
	]);
}

function sections(parts: readonly (readonly string[])[]): string {
	return parts
		.filter((lines) => lines.length > 0)
		.map((lines) => `${lines.join('\n')}\n\n`)
		.join('');
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
	if (rows.length === 0) return [];
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(names), line(names.map(() => '---')), ...rows.map(line)];
}

/** Problems as the terminal shows them, in a block that they cannot end. */
function problems(title: string, diagnostics: readonly Diagnostic[]): readonly string[] {
	if (diagnostics.length === 0) return [];
	const shown = renderPretty(diagnostics).trimEnd();
	const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = '`'.repeat(Math.max(3, longest + 1));
	return [...(title === '' ? [] : [`### ${title}`, '']), `${fence}text`, shown, fence];
}

/** A text that Markdown and HTML leave as it is. */
function text(value: string): string {
	return value.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>&|#]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** A name as code; HTML can quote what backticks cannot. */
function code(value: string): string {
	return `<code>${text(value)}</code>`;
}
