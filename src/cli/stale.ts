import { fail } from '../diagnostics/diagnostic.js';
import type { FileDifference } from '../generate/output.js';

/** Ends in a diagnostic when generated files are not current; `mend` is the command that makes them so. */
export function requireCurrent(difference: FileDifference, folder: string, mend: string): void {
	const { missing, stale, superfluous } = difference;
	const details = [
		...missing.map((path) => `missing    ${path}`),
		...stale.map((path) => `stale      ${path}`),
		...superfluous.map((path) => `left over  ${path}`),
	];
	if (details.length === 0) return;
	fail({
		code: 'usage/generated-stale',
		message: `the generated files in "${folder}" are not those of the manifest`,
		details,
		hint: `run: ${mend}`,
	});
}
