import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';
import { packageFolder } from '../own-files.js';
import { treesHash } from './fingerprint.js';
import { parseLoaderList } from './loaded-libraries.js';
import type { MachineFiles } from './machine-files.js';

/** More paths than these would not fit on a command line. */
const MOST_PATHS = 500;

/** The files of a machine that is not this process's own: a script answers all questions there. Nothing is remembered. */
export function filesElsewhere(machine: Machine): MachineFiles {
	const script = readFile(join(packageFolder(), 'templates/container/files.sh'), 'utf8');
	const ask = async (question: string, paths: readonly string[]): Promise<string> => {
		const argv = ['sh', '-s', '--', question, ...paths] as const;
		const { exitCode, stdout, output } = await machine.run({
			argv,
			cwd: '/',
			env: { LC_ALL: 'C' },
			input: await script,
		});
		if (exitCode === 0) return stdout;
		return fail({
			code: 'toolchain/image-incomplete',
			message: `the container's files cannot be looked at (${question}, exit code ${exitCode})`,
			hint: 'the image needs the usual programs of a system, such as "find" and "sha256sum"',
			details: output.trimEnd().split('\n').slice(-10),
		});
	};
	const askEach = async (question: string, paths: readonly string[]): Promise<readonly string[]> => {
		const answers: string[] = [];
		for (let at = 0; at < paths.length; at += MOST_PATHS) {
			answers.push(...linesOf(await ask(question, paths.slice(at, at + MOST_PATHS))));
		}
		return answers;
	};
	return {
		existing: async (paths) => {
			const answers = await askEach('existing', paths);
			return new Set(paths.filter((_, index) => answers[index] === 'yes'));
		},
		names: async (folder) => linesOf(await ask('names', [folder])),
		real: async (path) => (await ask('real', [path])).trimEnd(),
		text: (path) => ask('text', [path]),
		hashes: async (paths) => {
			const answers = await askEach('hashes', paths);
			return new Map(paths.map((path, index) => [path, answers[index]?.slice(0, HASH) ?? '']));
		},
		hashTrees: async (folders) =>
			treesHash(await Promise.all(folders.map(async (folder) => parseHashes(await ask('tree', [folder]))))),
		libraries: async (program) => parseLoaderList(await ask('libraries', [program])),
		remember: async (_question, _paths, find) => find(),
	};
}

/** How many digits a sha256 has. */
const HASH = 64;

/** Reads what `sha256sum` says of files below `.`: path → hash. It marks lines in which it has changed odd names. */
export function parseHashes(output: string): ReadonlyMap<string, string> {
	return new Map(
		linesOf(output).map((line) => {
			const isMarked = line.startsWith('\\');
			const plain = isMarked ? line.slice(1) : line;
			const name = plain.slice(HASH + '  ./'.length);
			return [isMarked ? name.replace(/\\(.)/g, unmark) : name, plain.slice(0, HASH)] as const;
		}),
	);
}

function unmark(_: string, letter: string): string {
	return { n: '\n', r: '\r' }[letter] ?? letter;
}

function linesOf(output: string): readonly string[] {
	return output.split('\n').filter((line) => line !== '');
}
