import type { CodeTable } from './code-table.js';

/** The command line, and files that it names. */
export const usageCodes: CodeTable<'usage'> = {
	'usage/unknown-command': {
		title: 'Unknown command',
		explanation: 'The first word after `cpybuild` is not one of its commands.',
		remedy: 'Run `cpybuild --help` for the list.',
	},
	'usage/unknown-option': {
		title: 'Unknown option',
		explanation: 'The command does not have this option.',
		remedy: 'Run the command with `--help`. Arguments for Python itself go after `--`.',
	},
	'usage/missing-value': {
		title: 'Option without its value',
		explanation: 'The option needs a value, and the command line ends or goes on with another option.',
		remedy: 'Write the value after the option, or as `--option=value`.',
	},
	'usage/unexpected-value': {
		title: 'Value for an option that takes none',
		explanation: 'The option only switches something on.',
		remedy: 'Leave out the `=` and what follows it.',
	},
	'usage/bad-value': {
		title: 'Wrong value of an option',
		explanation: 'The value is not one that the option understands.',
		remedy: 'The message shows what is possible.',
	},
	'usage/missing-argument': {
		title: 'Missing argument',
		explanation: 'The command needs to know what to work on.',
		remedy: 'Run the command with `--help` and give the arguments of its first line.',
	},
	'usage/unexpected-argument': {
		title: 'One argument too many',
		explanation: 'The command takes fewer arguments.',
		remedy: 'Remove it, or quote an argument that contains spaces.',
	},
	'usage/unreadable-file': {
		title: 'A file cannot be read',
		explanation: 'The file that the command line names does not exist, is a folder, or may not be read.',
		remedy: 'Check the path; it starts in the current folder.',
	},
	'usage/file-exists': {
		title: 'A file is in the way',
		explanation: 'The command would overwrite a file that it did not make.',
		remedy: 'Choose another folder, or move the file away.',
	},
	'usage/out-not-ours': {
		title: 'The output folder holds something else',
		explanation: 'cpybuild replaces what is in its output folder, and this one holds files that it did not make.',
		remedy: 'Choose another folder with `--out`, or empty this one.',
	},
	'usage/generated-stale': {
		title: 'Generated files are not current',
		explanation: 'The manifest or cpybuild has changed since the files were generated, or somebody edited them.',
		remedy: 'Run `cpybuild generate` and commit what it writes.',
	},
	'usage/not-a-dist': {
		title: 'Not the output of a build',
		explanation: 'The folder holds no `python.wasm`.',
		remedy: 'Name the output folder of a build (`dist` unless `--out` said otherwise), or run `cpybuild build` first.',
	},
	'usage/dir-missing': {
		title: 'A folder to show is missing',
		explanation: 'The folder that Python is to see does not exist on this machine, or is a file.',
		remedy: 'Check the part of `--dir` before `::`; it starts in the current folder.',
	},
	'usage/dir-place': {
		title: 'A place that Python cannot see',
		explanation: 'Folders are shown at absolute paths of the guest, without `..`.',
		remedy: 'Begin the part of `--dir` after `::` with `/`, for example `.::/work`.',
	},
	'usage/host-module-failed': {
		title: 'A host module does not load',
		explanation: 'The module is missing, has a syntax error, or threw an exception while it was loaded.',
		remedy: 'The details show the exception and where it came from.',
	},
	'usage/host-module-empty': {
		title: 'A host module without a host',
		explanation: 'The module loads, and exports neither a default nor `host`, or one that is no object.',
		remedy: 'Export the object that implements the bindings: `export default { … } satisfies Host`.',
	},
	'usage/host-incomplete': {
		title: 'A host lacks functions',
		explanation: 'The object that the host module exports does not have all the functions that the bindings call.',
		remedy: 'Implement the `Host` interface of `bindings.ts`; a compiler then finds what is missing.',
	},
	'usage/host-import-missing': {
		title: 'Imports that no host provides',
		explanation: 'python.wasm calls functions of its host, and the host that runs it does not have them.',
		remedy:
			'Give a host module with `--host`. With one, build again, so that bindings and python.wasm belong together.',
	},
	'usage/contract-differs': {
		title: 'Bindings of another build',
		explanation:
			'The contract in python.wasm names functions that bindings.js does not have, or has with other types, so that their values would be misread.',
		remedy: 'The details show what differs. Build again, and deploy both files together.',
	},
	'usage/not-wasm': {
		title: 'Not a WebAssembly module',
		explanation: 'The file does not begin as a core module does; perhaps it is a component, text, or something else.',
		remedy: 'Name a core module (.wasm).',
	},
	'usage/broken-wasm': {
		title: 'A damaged WebAssembly module',
		explanation: 'The file begins as a module, but its sections contradict themselves or end too early.',
		remedy: 'Make or download the file again.',
	},
	'usage/no-contract': {
		title: 'A module without a contract',
		explanation: 'The module has no section `cpybuild:contract`, so that nothing tells the types of its imports.',
		remedy: 'Build it with this version of cpybuild, or name the manifest that it was built from.',
	},
	'usage/broken-contract': {
		title: 'A contract that cannot be read',
		explanation: 'The section `cpybuild:contract` of the module is damaged, or of another version of cpybuild.',
		remedy: 'Build the module again, or use the version of cpybuild that built it.',
	},
	'usage/not-archive': {
		title: 'Not a static library',
		explanation: 'The file is not an `ar` archive.',
		remedy: 'Name a static library (.a) built for wasm32-wasip1.',
	},
};
