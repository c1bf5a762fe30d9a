import { cacheCommands } from './cache-options.js';
import type { Arguments, Command } from './command.js';
import { cacheFolder, json, manifest, storeFlags } from './shared-flags.js';

const buildFlags = {
	...storeFlags,
	jobs: { kind: 'count', value: 'N', description: 'how many compilers run at once (default: one per processor)' },
	json: { kind: 'switch', description: 'write events and the report to standard output, one JSON object per line' },
	quiet: { kind: 'switch', description: 'write only problems' },
	verbose: { kind: 'switch', description: 'write every line that the steps write' },
} as const satisfies Command['flags'];

/** All commands, in the order of help: the one source of parsing, `--help` and `docs/cli.md`. */
export const commands = {
	build: {
		summary: 'Build python.wasm and its bindings from a manifest',
		about: [
			'Finished steps are kept and used again, so that a change costs only what depends on it.',
			'With --json every event is one line of JSON; the last line is the report, or the problems.',
		],
		operand: manifest,
		flags: {
			...buildFlags,
			summary: {
				kind: 'text',
				value: 'FILE',
				description: 'append what the build came to, in Markdown, for example to $GITHUB_STEP_SUMMARY',
			},
		},
		examples: [
			{ command: 'cpybuild build', does: 'build project.yaml into dist' },
			{ command: 'cpybuild build app/project.yaml --out app/python', does: 'build another manifest elsewhere' },
		],
	},
	watch: {
		summary: 'Build, and again whenever the manifest or a source changes',
		about: [
			'Follows the manifest, C files, headers (also where one was looked for in vain), static libraries and cpybuild.lock. A build that fails ends nothing. Ctrl-C ends it, with exit code 0.',
			'A source tree that "python.source" names is not followed.',
			'With --json the lines are those of every build, and after each a line of type "watching".',
		],
		operand: manifest,
		flags: {
			...buildFlags,
			poll: {
				kind: 'switch',
				description:
					'look at the files every second, where the system does not tell of changes (network drives, some containers)',
			},
		},
		examples: [{ command: 'cpybuild watch', does: 'keep dist current while you edit' }],
	},
	generate: {
		summary: 'Write the generated files: C stubs, bindings, .pyi, the patch for CPython',
		about: [
			'Needs no toolchain. Files that an earlier run wrote and that are no longer generated are removed; all others in the folder stay.',
		],
		operand: manifest,
		flags: {
			out: {
				kind: 'text',
				value: 'DIR',
				description: 'the folder to write to (default: generated beside the manifest)',
			},
			check: { kind: 'switch', description: 'write nothing; fail when a file is missing, stale or left over' },
		},
		examples: [
			{ command: 'cpybuild generate', does: 'write the files of project.yaml to generated' },
			{ command: 'cpybuild generate --check', does: 'in CI: fail unless the files are current' },
		],
	},
	check: {
		summary: 'Check a manifest, and that generated files are current',
		about: ['Needs no toolchain and writes nothing.'],
		operand: manifest,
		flags: {
			generated: {
				kind: 'text',
				value: 'DIR',
				description: 'also compare the files that "cpybuild generate" wrote there',
			},
			json,
		},
		examples: [
			{ command: 'cpybuild check', does: 'check project.yaml' },
			{ command: 'cpybuild check --generated generated', does: 'check the generated files too' },
		],
	},
	plan: {
		summary: 'Show the steps of a build, and which of them would run',
		about: [],
		operand: manifest,
		flags: { ...storeFlags, json },
		examples: [{ command: 'cpybuild plan', does: 'show what "cpybuild build" would do' }],
	},
	explain: {
		summary: 'Say why a build would make anything again',
		about: [
			'Compares every step with the last build of the output folder that went well: which of its inputs differ, and which steps run because of it. Contents of files are shown by the beginning of their sha256.',
		],
		operand: manifest,
		flags: { ...storeFlags, json },
		examples: [{ command: 'cpybuild explain', does: 'show what differs from the last build' }],
	},
	doctor: {
		summary: 'Say whether this machine can build a manifest, and what it lacks',
		about: [
			'Each finding says what it means, and the command that repairs it. The exit code is 3 when a build would fail. Options that builds have too say which build is meant.',
			'--fix needs no root, and writes to the cache and to the node_modules that holds cpybuild alone.',
		],
		operand: manifest,
		flags: {
			...storeFlags,
			fix: { kind: 'switch', description: 'repair what can be repaired safely, and say what was done' },
			json,
		},
		examples: [
			{ command: 'cpybuild doctor', does: 'show what a build of project.yaml lacks here' },
			{ command: 'cpybuild doctor --fix', does: 'repair what needs no decision, and show what is left' },
		],
	},
	upgrade: {
		summary: 'Lock anew: the newest pinned CPython of the same minor version, and the toolchain that is here',
		about: [
			'Shows what changes in cpybuild.lock and writes it. A newer release of CPython is written into the manifest too; a manifest with a source of its own keeps it.',
		],
		operand: manifest,
		flags: {
			...cacheFolder,
			machine: storeFlags.machine,
			image: storeFlags.image,
			toolchain: storeFlags.toolchain,
			compiler: storeFlags.compiler,
			'dry-run': { kind: 'switch', description: 'show what would change, and write nothing' },
			json,
		},
		examples: [
			{ command: 'cpybuild upgrade --dry-run', does: 'show what is newer' },
			{ command: 'cpybuild upgrade', does: 'accept the toolchain of this machine, and the newest CPython' },
		],
	},
	...cacheCommands,
	run: {
		summary: 'Run a built interpreter with a host module',
		about: [
			"The exit code is Python's. The interpreter sees its standard library and the folders that --dir grants, nothing else.",
		],
		operand: { name: 'dist', description: 'the output folder of a build' },
		rest: { name: 'python arguments', description: 'what Python is started with, for example -c CODE or a script' },
		flags: {
			host: { kind: 'text', value: 'FILE', description: 'a module (.ts, .js) that implements the host functions' },
			env: { kind: 'list', value: 'NAME=VALUE', description: 'an environment variable for Python; may be repeated' },
			dir: {
				kind: 'list',
				value: 'HOST::GUEST[:ro]',
				description:
					'a folder that Python sees under another path; with ":ro" it cannot write there, with ":symlinks" it can make links too; may be repeated',
			},
		},
		examples: [
			{
				command: 'cpybuild run dist --host host.ts -- -c "import demo; print(demo.bar(1, 2))"',
				does: 'run a line of Python',
			},
			{ command: 'cpybuild run dist --dir .::/work:ro -- /work/hello.py', does: 'run a script of the current folder' },
		],
	},
	wit: {
		summary: 'Print the WIT of a manifest: its functions and types as the component model writes them',
		about: [
			'One interface for each module that calls the host, and the world "python" that imports them, in the package "cpybuild:project".',
		],
		operand: manifest,
		flags: {},
		examples: [{ command: 'cpybuild wit > project.wit', does: 'keep the WIT of project.yaml in a file' }],
	},
	diff: {
		summary: 'Say what changed between two interpreters, and whether it breaks hosts or Python code',
		about: [
			'Each is a built python.wasm or a manifest. Hosts may offer more functions than are imported, so that only added and changed ones break them. Python code breaks when what it calls is gone, takes something else, or gives something that it did not before.',
			'The exit code is 0 when nothing breaks, and 1 when something does.',
		],
		operand: { name: 'old', description: 'a python.wasm, or a manifest' },
		second: { name: 'new', description: 'what to compare with it' },
		flags: { json },
		examples: [
			{ command: 'cpybuild diff released/python.wasm project.yaml', does: 'compare a release with a manifest' },
		],
	},
	inspect: {
		summary: 'Show imports, exports, sections and sizes of a wasm module',
		about: ['Of a python.wasm also its contract: the functions and types that it and its host agree on.'],
		operand: { name: 'file', description: 'any core wasm module' },
		flags: { json },
		examples: [{ command: 'cpybuild inspect dist/python.wasm', does: 'show what the interpreter needs from its host' }],
	},
	init: {
		summary: 'Write a commented starter project',
		about: ['Files that exist are never overwritten without --force.'],
		operand: { name: 'folder', default: '.', description: 'where to write it; made when missing' },
		flags: { force: { kind: 'switch', description: 'overwrite files that exist' } },
		examples: [{ command: 'cpybuild init my-python', does: 'start a project in a new folder' }],
	},
} as const satisfies Record<string, Command>;

/** First words that stand before several commands. */
export const groups = {
	cache: { summary: 'Show, check, shrink and move what finished steps left' },
} as const satisfies Record<string, { readonly summary: string }>;

/** The first word of commands that have two. */
export type GroupName = keyof typeof groups;

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** What a command is started with. */
export type ArgumentsOf<N extends CommandName> = Arguments<(typeof commands)[N]>;

/** Options that every command has, and that work without one. */
export const commonFlags = {
	help: { kind: 'switch', description: 'show this help' },
	version: { kind: 'switch', description: 'show the version of cpybuild' },
} as const satisfies Command['flags'];

/** Short forms of options. */
export const shortFlags = { h: 'help', V: 'version' } as const;
