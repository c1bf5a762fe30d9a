import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from './key.js';
import { showsChanges, stampOf } from './stamp.js';

/** Answers by the hash of the question and of the files' stamps; the ones asked last are at the end. */
type Answers = Readonly<Record<string, string>>;

/** More than a machine has toolchains; answers about files that are gone drop out some day. */
const MOST_ANSWERS = 1000;

/**
 * Remembers what was found out about large files (a compiler's hash, whether it works), as long as size, times
 * and inode stay the same. It only saves time: its content is never part of a key.
 */
export class Memo {
	readonly #file: string;
	readonly #now: () => number;
	#answers: Answers | undefined;

	/** @param now The time in milliseconds. */
	constructor(file: string, now: () => number = Date.now) {
		this.#file = file;
		this.#now = now;
	}

	/**
	 * What `find` gave for `question` about the files at `paths`; asked again when one of them has changed, or has
	 * changed so lately that another change might not show.
	 * @param isLasting Whether an answer holds as long as the files stay; others are found anew each time.
	 */
	async remember(
		question: string,
		paths: readonly string[],
		find: () => Promise<string>,
		isLasting: (answer: string) => boolean = () => true,
	): Promise<string> {
		const stats = paths.map((path) => statSync(path));
		if (!stats.every((stat) => showsChanges(stat, this.#now()))) return find();
		// A question about all headers of a compiler is long, and every build reads all of the file.
		const name = sha256([question, ...stats.map((stat, index) => `${paths[index]} ${stampOf(stat)}`)].join('\n'));
		this.#answers ??= readAnswers(this.#file);
		const known = this.#answers[name];
		if (known !== undefined) return known;
		const answer = await find();
		if (isLasting(answer)) this.#save(name, answer);
		return answer;
	}

	/** Adds to what other processes have saved meanwhile. Of two that save in the same moment, one asks again later. */
	#save(name: string, answer: string): void {
		const all = Object.entries({ ...this.#answers, ...readAnswers(this.#file), [name]: answer });
		this.#answers = Object.fromEntries(all.slice(-MOST_ANSWERS));
		try {
			const answers = JSON.stringify(this.#answers);
			replaceFile(this.#file, `${sha256(answers)}\n${answers}`);
		} catch {
			// The disk is full or read-only: the next process asks again.
		}
	}
}

function replaceFile(file: string, content: string): void {
	mkdirSync(dirname(file), { recursive: true });
	const arriving = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
	try {
		writeFileSync(arriving, content);
		renameSync(arriving, file);
	} catch (error) {
		rmSync(arriving, { force: true });
		throw error;
	}
}

/** A memo that is missing or damaged is empty: it only saves time. Its first line is the hash of the rest. */
function readAnswers(file: string): Answers {
	try {
		const [hash, answers = ''] = readFileSync(file, 'utf8').split('\n');
		return hash === sha256(answers) ? JSON.parse(answers) : {};
	} catch {
		return {};
	}
}
