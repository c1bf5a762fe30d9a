import type { Phase } from '../diagnostic.js';

/** What documentation says about a code. */
interface CodeEntry {
	/** The problem in a few words. */
	readonly title: string;
	/** What it means and how it usually comes about. */
	readonly explanation: string;
	/** What to do about it. */
	readonly remedy: string;
}

/** The codes of a phase. */
export type CodeTable<P extends Phase> = Readonly<Record<`${P}/${string}`, CodeEntry>>;
