import type { DiagnosticInit, Span } from '../diagnostics/diagnostic.js';

/** Versions whose source is pinned; the build knows more of them, these serve hints when it does not say which. */
export const defaultPinnedVersions: readonly string[] = ['3.13.5', '3.11.2'];

const full = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** The minor version of a full one: `3.13` of `3.13.5`; undefined when the text is not a full version. */
export function minorOf(version: string): string | undefined {
	const [, major, minor] = full.exec(version) ?? [];
	return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

/** What is wrong with a text that should be a full version. */
export function badVersion(version: string, key: string, span: Span, pinned: readonly string[]): DiagnosticInit {
	const message = `"${version}" is not a full version of CPython`;
	return { code: 'manifest/bad-version', message, span, hint: completeVersion(version, key, pinned) };
}

/** `python: 3.10` without quotes is the number 3.1. */
export function unquotedVersion(written: string, key: string, span: Span, pinned: readonly string[]): DiagnosticInit {
	const message = `${written} without quotes is a number, not a version`;
	return { code: 'manifest/unquoted-version', message, span, hint: completeVersion(written, key, pinned) };
}

function completeVersion(written: string, key: string, pinned: readonly string[]): string {
	const complete = pinned.find((one) => one.startsWith(`${written}.`));
	if (complete !== undefined) return `write ${key}: "${complete}"`;
	const example = /^3\.\d+$/.test(written) ? `write ${key}: "${written}.x" with the full version; ` : '';
	return `${example}pinned versions: ${pinned.join(', ')}`;
}
