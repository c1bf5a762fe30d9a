import { mkdirSync, readFileSync, renameSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Remembers what was found out about large files (a compiler's hash, whether it works), as long as size, times
 * and inode stay the same. It only saves time: its content is never part of a key.
 */
export class Memo {
	readonly #file: string;
	#entries: Record<string, string> | undefined;

	constructor(file: string) {
		this.#file = file;
	}

	/**
	 * What `find` gave for `question` about the files at `paths`; asked again when one of them has changed.
	 * @param isLasting Whether an answer holds as long as the files stay; others are found anew each time.
	 */
	async remember(
		question: string,
		paths: readonly string[],
		find: () => Promise<string>,
		isLasting: (answer: string) => boolean = () => true,
	): Promise<string> {
		const name = [question, ...paths.map((path) => `${path} ${stampOf(statSync(path))}`)].join('\n');
		this.#entries ??= readEntries(this.#file);
		const known = this.#entries[name];
		if (known !== undefined) return known;
		const answer = await find();
		if (!isLasting(answer)) return answer;
		this.#entries[name] = answer;
		this.#save();
		return answer;
	}

	#save(): void {
		mkdirSync(dirname(this.#file), { recursive: true });
		const arriving = `${this.#file}.${process.pid}`;
		writeFileSync(arriving, JSON.stringify(this.#entries));
		renameSync(arriving, this.#file);
	}
}

function stampOf(stat: Stats): string {
	return [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino].join(' ');
}

/** A memo that is missing or unreadable is empty: it only saves time. */
function readEntries(file: string): Record<string, string> {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) ?? {};
	} catch {
		return {};
	}
}
