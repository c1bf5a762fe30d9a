import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A case of the corpus: one WIT file, or a folder with all its packages. */
export interface CorpusCase {
	readonly name: string;
	/** Relative to the repository, so that messages name no folder of this machine. */
	readonly path: string;
	readonly isFolder: boolean;
	/** As `resolveWit` takes them. */
	readonly files: ReadonlyMap<string, string>;
}

/** The cases of a part of the corpus, by name. */
export function corpusCases(part: 'right' | 'wrong'): readonly CorpusCase[] {
	const folder = join('test/wit-corpus', part);
	return readdirSync(folder)
		.filter((entry) => !entry.endsWith('.txt'))
		.sort()
		.map((entry) => readCase(entry, join(folder, entry)));
}

function readCase(entry: string, path: string): CorpusCase {
	const name = entry.replace(/\.wit$/, '');
	if (!statSync(path).isDirectory()) {
		return { name, path, isFolder: false, files: new Map([[entry, readFileSync(path, 'utf8')]]) };
	}
	const paths = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wit'));
	const files = paths.map((file): [string, string] => [
		file.replaceAll('\\', '/'),
		readFileSync(join(path, file), 'utf8'),
	]);
	return { name, path, isFolder: true, files: new Map(files) };
}
