import { lstatSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { stampOf } from '../cache/stamp.js';
import type { Toolchain } from './toolchain.js';

/** A toolchain that is most likely the recorded one, but was not looked at. */
export interface Presumption {
	readonly toolchain: Toolchain;
	/** Its folders in the store: looking for the recorded toolchain verifies them, and replaces those that are damaged. */
	readonly folders: readonly string[];
}

/**
 * Runs the first tools of a presumed toolchain at once, and finds the recorded one while they run: a changed signature
 * waits for its compiler, not for the proof that it is the right one. What they made counts when that very toolchain is
 * found and its folders stayed as they were; else they run again.
 */
export function presumeWhileFinding(
	{ toolchain: presumed, folders }: Presumption,
	find: () => Promise<Toolchain>,
): Toolchain {
	const { name, identity } = presumed;
	const before = stampsOf(folders);
	let known = presumed;
	let finding: Promise<boolean> | undefined;
	/** Whether the presumed toolchain was right. */
	const confirm = () => {
		finding ??= find().then((found) => {
			known = found;
			return isDeepStrictEqual(placeOf(found), placeOf(presumed)) && isDeepStrictEqual(stampsOf(folders), before);
		});
		return finding;
	};
	return {
		name,
		identity,
		get argv() {
			return known.argv;
		},
		get libraries() {
			return known.libraries;
		},
		get start() {
			return known.start;
		},
		get builtins() {
			return known.builtins;
		},
		run: async (tool, args, place, options) => {
			if (known !== presumed) return known.run(tool, args, place, options);
			const lines: string[] = [];
			const early = presumed.run(tool, args, place, { ...options, onLine: (line) => void lines.push(line) });
			const [ended, confirmed] = await Promise.allSettled([early, confirm()]);
			if (confirmed.status === 'rejected') throw confirmed.reason;
			if (!confirmed.value) return known.run(tool, args, place, options);
			if (ended.status === 'rejected') throw ended.reason;
			for (const line of lines) options?.onLine?.(line);
			return ended.value;
		},
		openForMake: async () => {
			await confirm();
			return known.openForMake();
		},
		close: () => known.close(),
	};
}

/** How the tools are called, and what the linker is given. */
function placeOf({ argv, libraries, start, builtins }: Toolchain): unknown {
	return { argv, libraries, start, builtins };
}

/** An entry of the store that is replaced is another folder; one that is not there has no stamp. */
function stampsOf(folders: readonly string[]): readonly (string | undefined)[] {
	return folders.map((folder) => {
		const stat = lstatSync(folder, { throwIfNoEntry: false });
		return stat && stampOf(stat);
	});
}
