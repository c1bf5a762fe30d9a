import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Call = (...args: unknown[]) => unknown;
type Functions = Record<string, Call>;

/** Everything by which the store changes a file system, directly or in a library, and how each of them fails. */
const CHANGES: readonly {
	functions: Functions;
	names: readonly string[];
	fail: (error: unknown, args: unknown[]) => unknown;
}[] = [
	{
		functions: fs as unknown as Functions,
		names: ['mkdirSync', 'renameSync', 'rmSync', 'symlinkSync', 'utimesSync', 'writeFileSync'],
		fail: (error) => {
			throw error;
		},
	},
	{
		functions: fs as unknown as Functions,
		names: ['open', 'write', 'writev'],
		fail: (error, args) => setImmediate(args.at(-1) as Call, error),
	},
	{
		functions: fs.promises as unknown as Functions,
		names: ['mkdir', 'mkdtemp', 'rename', 'rm', 'symlink', 'writeFile', 'open'],
		fail: (error) => Promise.reject(error),
	},
];

/**
 * Calls `die`, which throws, in the place of the first change of the file system for which `isLast` holds, and of each
 * one after it. A change reads like `renameSync /from /to`; they are counted from 0.
 * @returns Ends that, and says whether it came to it.
 */
export function dieAt(isLast: (change: string, count: number) => boolean, die: () => never): () => boolean {
	let count = 0;
	let isDead = false;
	const restore: (() => void)[] = [];
	for (const { functions, names, fail } of CHANGES) {
		for (const name of names) {
			const original = functions[name];
			if (!original) throw new Error(`there is no ${name}`);
			functions[name] = (...args) => {
				const texts = args.filter((each) => typeof each === 'string');
				isDead ||= isLast([name, ...texts].join(' '), count++);
				if (!isDead) return original.apply(functions, args);
				try {
					return die();
				} catch (error) {
					return fail(error, args);
				}
			};
			restore.push(() => {
				functions[name] = original;
			});
		}
	}
	syncBuiltinESMExports();
	return () => {
		for (const each of restore) each();
		syncBuiltinESMExports();
		return isDead;
	};
}
