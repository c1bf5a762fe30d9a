import type { CodeTable } from './code-table.js';

/** What the linked module says about itself. */
export const verifyCodes: CodeTable<'verify'> = {
	'verify/import-missing': {
		title: 'An import got lost',
		explanation: 'The manifest declares a host function, but the linked module does not import it.',
		remedy: 'If it is a function of C code that calls it under another name, correct the manifest; else report it.',
	},
	'verify/import-unused': {
		title: 'An import that is never used',
		explanation:
			'C code never calls a host function that the manifest declares for it, so the module does not import it.',
		remedy: 'Call it, or remove it from `imports`.',
	},
	'verify/import-unexpected': {
		title: 'An import that nobody declared',
		explanation:
			'The linked module needs a function that is neither in the manifest nor in WASI: mostly a missing library.',
		remedy: 'The message names the symbol and the file that uses it; add the library or the C file that defines it.',
	},
	'verify/import-type': {
		title: 'An import of another type',
		explanation: 'The linked module imports a function with another core type than its signature gives.',
		remedy: 'Use the generated header in C code instead of a declaration of your own.',
	},
	'verify/export-missing': {
		title: 'An export got lost',
		explanation:
			'The manifest declares a function that Python code implements, but the linked module does not export it.',
		remedy: 'Look for C code of your own that defines the same symbol; else report it.',
	},
	'verify/export-type': {
		title: 'An export of another type',
		explanation: 'The linked module exports something with the name of a function that Python code implements.',
		remedy: 'Give the function another `export_name`, or rename what your C code exports.',
	},
};
