import type { CodeTable } from './code-table.js';

/** From sources to python.wasm. */
export const buildCodes: CodeTable<'build'> = {
	'build/step-failed': {
		title: 'A step failed',
		explanation: 'A command of the build ended with an error; command, first error, tail and log path are shown.',
		remedy: 'Read the first error; the log has everything.',
	},
	'build/command-failed': {
		title: 'A command failed',
		explanation: 'A program that the build runs ended with an error.',
		remedy: 'Read the first error; the log has everything.',
	},
	'build/compile-failed': {
		title: 'C code does not compile',
		explanation: 'A C file of the project, or one that was generated from the manifest, has an error.',
		remedy: 'Correct the C file. An error in generated code is a mistake of cpybuild: report it with the manifest.',
	},
	'build/link-failed': {
		title: 'Linking failed',
		explanation:
			'The linker could not join the parts: mostly two definitions of one name, or a library for another machine.',
		remedy: 'The first error names the symbol; check `libs` and names in C files.',
	},
	'build/patch-rejected': {
		title: 'A patch does not fit',
		explanation: 'The source of CPython differs from what the patch or the generated diff was made for.',
		remedy: 'Use an unchanged source of the version in the manifest.',
	},
	'build/hidden-input': {
		title: 'A file was read that the key does not know',
		explanation:
			'A C file reads a file that no line of the sources names in a form that cpybuild follows: by a macro (`#include NAME`), or from a folder that the manifest does not list. The result would be used again after that file has changed.',
		remedy: 'Name the file in a plain `#include` line, within `#if 0` if need be, or list its folder under `include`.',
	},
	'build/bad-output': {
		title: 'A command in the container left what no build makes',
		explanation:
			'What commands leave in their folders is brought here. Links that lead out of such a folder, and names that do, are refused: with them, code that is compiled could reach files of this machine.',
		remedy: 'See what the sources do that are compiled; nothing outside of the folder was touched.',
	},
	'build/component-failed': {
		title: 'No component',
		explanation: 'wasm-tools found that python.wasm and the WIT of the manifest do not fit together.',
		remedy: 'Report it: they always should. Without `component: true` the build goes on.',
	},
	'build/interrupted': {
		title: 'Interrupted',
		explanation: 'Ctrl-C or a signal ended the build. Nothing is left half-written.',
		remedy: 'Run the command again; finished steps are kept.',
	},
};
