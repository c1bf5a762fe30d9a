import type { Command, Flag } from './command.js';

/** The operand of commands that read a manifest. */
export const manifest = {
	name: 'manifest',
	default: 'project.yaml',
	description: 'the manifest',
} as const;

/** Asks for output that programs read. */
export const json = { kind: 'switch', description: 'write JSON to standard output' } as const satisfies Flag;

/** Where finished steps are kept. */
export const cacheFolder = {
	'cache-dir': {
		kind: 'text',
		value: 'DIR',
		description: 'where finished steps and downloads are kept (default: $CPYBUILD_CACHE_DIR, else ~/.cache/cpybuild)',
	},
} as const satisfies Command['flags'];

/** What decides what a build makes, and where it goes. */
export const storeFlags = {
	out: { kind: 'text', value: 'DIR', description: 'output folder (default: dist beside the manifest)' },
	...cacheFolder,
	'remote-cache': {
		kind: 'text',
		value: 'URL',
		description: 'a cache that machines share (default: $CPYBUILD_REMOTE_CACHE, else none)',
	},
	'remote-cache-mode': {
		kind: 'choice',
		choices: ['read', 'read-write'],
		description: 'whether new entries are sent there (default: $CPYBUILD_REMOTE_CACHE_MODE, else read)',
	},
	machine: {
		kind: 'choice',
		choices: ['native', 'container'],
		description: 'compile here or in a container, instead of where the manifest says (default: $CPYBUILD_MACHINE)',
	},
	image: {
		kind: 'text',
		value: 'NAME',
		description: "compile in a container of this image instead of the manifest's (default: $CPYBUILD_IMAGE)",
	},
	toolchain: {
		kind: 'choice',
		choices: ['auto', 'embedded', 'wasi-sdk', 'debian'],
		versioned: ['wasi-sdk'],
		description: "use this toolchain instead of the manifest's; @N is a version",
	},
	compiler: {
		kind: 'choice',
		choices: ['auto', 'native', 'wasm'],
		description: 'with the embedded toolchain: the clang of the system, or the one that runs as WebAssembly',
	},
	launcher: {
		kind: 'choice',
		choices: ['none', 'ccache', 'sccache', 'distcc', 'icecc'],
		description: "use this compiler launcher for CPython itself instead of the manifest's",
	},
	frozen: { kind: 'switch', description: 'fail when cpybuild.lock is missing or would change, as in CI' },
	offline: { kind: 'switch', description: 'never use the network, neither for sources nor for a remote cache' },
	'no-seed': { kind: 'switch', description: "run every check of CPython's configure, without known answers" },
} as const satisfies Command['flags'];
