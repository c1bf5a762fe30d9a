import type { CodeTable } from './code-table.js';

/** Mistakes of cpybuild itself. */
export const internalCodes: CodeTable<'internal'> = {
	'internal/unexpected': {
		title: 'A mistake of cpybuild',
		explanation: 'Something happened that should be impossible.',
		remedy: 'Report it with the manifest and the shown stack.',
	},
};
