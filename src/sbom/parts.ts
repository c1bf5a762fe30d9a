import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledLibrary } from './bundled.js';

/** What of others CPython's part of an output folder consists of, as the standard library's step notes it. */
export interface CpythonParts {
	readonly bundled: readonly BundledLibrary[];
	/** Texts of the patches that cpybuild applied. */
	readonly patches: readonly string[];
}

/** The note's name in the output of the standard library's step. */
export const PARTS_FILE = 'parts.json';

/** Reads the note of a standard library. */
export async function readParts(stdlib: string): Promise<CpythonParts> {
	return JSON.parse(await readFile(join(stdlib, PARTS_FILE), 'utf8'));
}
