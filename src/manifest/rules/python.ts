import { valueSpan } from '../locate.js';
import type { Rule } from '../rule.js';
import { badVersion, minorOf } from '../version.js';

/** The version is a full one. */
export const pythonVersion: Rule = function* ({ input: { python }, source, pinned }) {
	const path = typeof python === 'string' ? ['python'] : ['python', 'version'];
	const version = typeof python === 'string' ? python : python.version;
	if (minorOf(version) === undefined) yield badVersion(version, path.at(-1) ?? '', valueSpan(source, path), pinned);
};

/** A source from elsewhere has an address and a hash that can be right. */
export const pythonSource: Rule = function* ({ input: { python }, source }) {
	const from = typeof python === 'string' ? undefined : python.source;
	if (from === undefined || 'path' in from) return;
	if (!/^https?:\/\/[^\s/]+\/\S+$/.test(from.url)) {
		yield {
			code: 'manifest/bad-value',
			message: `"${from.url}" is not the URL of a file`,
			span: valueSpan(source, ['python', 'source', 'url']),
			hint: 'give an http or https URL, or use "path:" for a local file',
		};
	}
	if (!/^[0-9a-f]{64}$/i.test(from.sha256)) {
		yield {
			code: 'manifest/bad-value',
			message: `"${from.sha256}" is not a SHA-256 hash`,
			span: valueSpan(source, ['python', 'source', 'sha256']),
			hint: 'give 64 hex digits, as sha256sum prints them',
		};
	}
};
