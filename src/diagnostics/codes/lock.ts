import type { CodeTable } from './code-table.js';

/** Cpybuild.lock. */
export const lockCodes: CodeTable<'lock'> = {
	'lock/unreadable': {
		title: 'The lock file cannot be read',
		explanation: '`cpybuild.lock` is damaged: mostly a merge conflict, or an edit by hand.',
		remedy: 'Restore it from version control, or remove it; the next build writes a new one.',
	},
	'lock/newer-format': {
		title: 'A lock file of a newer cpybuild',
		explanation: '`cpybuild.lock` was written by a version of cpybuild that records more than this one knows.',
		remedy: 'Use the version that wrote it, or a newer one.',
	},
	'lock/frozen': {
		title: 'The lock file would change',
		explanation:
			'The build runs with `--frozen`, and `cpybuild.lock` is missing or does not record what the build would use on this platform.',
		remedy: 'Build without `--frozen` on such a machine, and commit the file; or correct the manifest.',
	},
};
