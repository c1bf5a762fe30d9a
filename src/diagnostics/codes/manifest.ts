import type { CodeTable } from './code-table.js';

/** Project.yaml. */
export const manifestCodes: CodeTable<'manifest'> = {
	'manifest/unreadable': {
		title: 'The manifest cannot be read',
		explanation: 'The file does not exist, is a folder, may not be read, or is not UTF-8 text.',
		remedy: 'Check the path, or make a new project with `cpybuild init`.',
	},
	'manifest/too-large': {
		title: 'The manifest is too large',
		explanation: 'It is larger than 1 MiB, nested too deeply, or its YAML aliases expand to too much.',
		remedy: 'Check that the right file is named, and write values out instead of repeating aliases.',
	},
	'manifest/syntax': {
		title: 'Not valid YAML',
		explanation: 'YAML cannot be read any further: mostly wrong indentation, a tab, or a missing quote or bracket.',
		remedy: 'Look at the marked place and the line above it. Text with `: ` or ` #` in it needs quotes.',
	},
	'manifest/duplicate-key': {
		title: 'The same key twice',
		explanation: 'A mapping has two entries of one name; YAML does not allow it, since one would hide the other.',
		remedy: 'Rename or remove one of them.',
	},
	'manifest/unquoted-signature': {
		title: 'A signature without quotes',
		explanation: 'Colons and commas mean something in YAML, so a signature must be in quotes to be one text.',
		remedy: 'Copy the corrected line from the hint.',
	},
	'manifest/unquoted-version': {
		title: 'A version without quotes',
		explanation: 'YAML reads `3.10` as the number 3.1, so versions must be in quotes.',
		remedy: 'Quote the version, and give it in full: `python: "3.13.5"`.',
	},
	'manifest/unknown-key': {
		title: 'Unknown key',
		explanation: 'A mapping has a key that means nothing there; mostly a misspelling or wrong indentation.',
		remedy: 'The hint shows the likely key or all that are known; docs/manifest.md describes them.',
	},
	'manifest/missing-key': {
		title: 'Missing key',
		explanation: 'A mapping lacks something that has no default.',
		remedy: 'Add the key.',
	},
	'manifest/wrong-type': {
		title: 'A value of a wrong type',
		explanation: 'For example a list where a mapping belongs, or a number where a text belongs.',
		remedy: 'The message says what belongs there. Quotes turn a number or `true` into a text.',
	},
	'manifest/bad-value': {
		title: 'A value that cannot be',
		explanation: 'The value has the right type but is empty, not one of the choices, or not in the right form.',
		remedy: 'The message says what is possible.',
	},
	'manifest/bad-version': {
		title: 'Not a full version',
		explanation: 'CPython is chosen by its full version, so that a build means the same everywhere and at any time.',
		remedy: 'Write all three numbers: `python: "3.13.5"`.',
	},
	'manifest/bad-name': {
		title: 'Not a name',
		explanation:
			'Modules and functions have Python names: ASCII letters, digits and underscores, not a digit first, no keyword.',
		remedy: 'Rename it; the hint shows a name that is possible.',
	},
	'manifest/reserved-name': {
		title: 'A module name that is taken',
		explanation: "The name belongs to Python's standard library (of any version from 3.11 to 3.15) or the interpreter.",
		remedy: 'Choose another name.',
	},
	'manifest/name-collision': {
		title: 'Two names that are one in TypeScript',
		explanation: 'TypeScript names are camelCase: `fetch_page` and `fetchPage` would be the same there.',
		remedy: 'Rename one of them.',
	},
	'manifest/module-kind': {
		title: 'A module that is neither or both',
		explanation: "A module is either the host's (`functions`) or C (`sources`, with `imports` and compiler settings).",
		remedy: 'Keep one of the two, or make two modules.',
	},
	'manifest/signature-syntax': {
		title: 'A signature that cannot be read',
		explanation: 'Signatures are WIT function types: `func(a: s32, b: string) -> bool`.',
		remedy: 'Look at the marked place.',
	},
	'manifest/bad-parameter-name': {
		title: 'Not a parameter name',
		explanation:
			'Parameters have WIT names, lower-case words joined by hyphens (`max-bytes`), or the snake_case form that ' +
			'Python uses (`max_bytes`). They cannot be Python keywords.',
		remedy: 'Rename it; the hint shows the right form.',
	},
	'manifest/duplicate-parameter': {
		title: 'Two parameters of one name',
		explanation: '`max-bytes` and `max_bytes` are the same name.',
		remedy: 'Rename one of them.',
	},
	'manifest/unknown-world': {
		title: 'No such world',
		explanation: 'The WIT files have no world of that name, or several, of which the manifest names none.',
		remedy: 'Name one of their worlds: `wit: { path: ./wit, world: python }`.',
	},
	'manifest/unknown-type': {
		title: 'Unknown type',
		explanation: 'The signature uses a word that is no WIT type, such as `int` for `s32`.',
		remedy: 'The hint shows the likely type or all that are supported.',
	},
	'manifest/unsupported-type': {
		title: 'A type that is not supported',
		explanation: 'The type is fine in WIT, but this version of cpybuild does not carry it between Python and the host.',
		remedy: 'Use a supported type; structured values can go as JSON in a `string`.',
	},
	'manifest/unknown-parameter': {
		title: 'A default for a parameter that is not there',
		explanation: 'A name under `defaults` is not a parameter of the signature.',
		remedy: 'Correct the name, or add the parameter.',
	},
	'manifest/bad-default': {
		title: 'A default value that cannot be',
		explanation:
			"The value does not fit the parameter's type or range, or a parameter without a default follows one that has one.",
		remedy: 'Give a fitting value. As in Python, only the last parameters can have defaults.',
	},
	'manifest/bad-import-name': {
		title: 'Not a name for an import',
		explanation: 'Import names are free, but not empty, and the module `wasi_snapshot_preview1` belongs to WASI.',
		remedy: 'Choose another name, or leave the key out.',
	},
	'manifest/bad-export': {
		title: 'An export that cannot be',
		explanation:
			'Exports are functions of Python modules, each under a name of its own; `memory`, `_start` and names that begin ' +
			"with `cabi_` or `cpybuild_` are the interpreter's.",
		remedy: 'Give another `export_name`, or name the Python module that has the function with `module`.',
	},
	'manifest/duplicate-import': {
		title: 'Two functions are the same import',
		explanation: 'Each function is one core wasm import; the host could not tell two of the same names apart.',
		remedy: 'Give one of them another `import_name` or `import_module`.',
	},
	'manifest/missing-file': {
		title: 'A file that is not there',
		explanation: 'A path of the manifest leads to nothing.',
		remedy: 'Correct the path; relative paths start in the folder of the manifest.',
	},
	'manifest/bad-path': {
		title: 'A path to something else',
		explanation:
			'The path leads to a folder instead of a file or the reverse, to a file of another kind, or twice to one.',
		remedy: 'Correct the path.',
	},
	'manifest/bad-define': {
		title: 'Not a macro',
		explanation: 'Names under `define` are C macro names, and their values are one line.',
		remedy: 'Correct the name, or define the macro in a header.',
	},
	'manifest/bad-size': {
		title: 'Not a possible size',
		explanation:
			'Memory is a multiple of 64 KiB up to 4 GiB, the stack one of 16 bytes; the stack fits into the initial memory, ' +
			'and the initial memory into the maximum.',
		remedy: 'Write sizes as `20MiB`, `1GiB`, `64KiB`, or as a number of bytes.',
	},
};
