import { fail } from '../diagnostics/diagnostic.js';
import type { GrantedFolder } from '../host/job.js';

/** Reads the value of `--dir`: `HOST::GUEST`, with `:ro` or `:symlinks` behind it. */
export function parseFolder(text: string): GrantedFolder {
	const [, host, guest, right] = /^(.+?)::(.+?)(?::(ro|symlinks))?$/.exec(text) ?? [];
	if (host === undefined || guest === undefined || /:\w*$/.test(guest)) {
		return fail({
			code: 'usage/bad-value',
			message: `option "--dir" takes HOST::GUEST, got "${text}"`,
			hint: '".::/work" shows the current folder as /work, ".::/work:ro" does so read-only',
		});
	}
	return { host, guest, writable: right !== 'ro', symlinks: right === 'symlinks' };
}

/** Reads the values of `--env`: `NAME=VALUE`; the last of the same name counts. */
export function parseVariables(texts: readonly string[]): Readonly<Record<string, string>> {
	const entries = texts.map((text): [string, string] => {
		const end = text.indexOf('=');
		if (end > 0) return [text.slice(0, end), text.slice(end + 1)];
		return fail({ code: 'usage/bad-value', message: `option "--env" takes NAME=VALUE, got "${text}"` });
	});
	return Object.fromEntries(entries);
}
