import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './project.js';

const PAGE = join(ROOT, 'docs/performance.md');

/** Puts a part's figures into the page, in place of those of an earlier run. */
export async function writePart(name: string, figures: string): Promise<void> {
	const [begin, end] = [`<!-- bench: ${name} -->`, `<!-- end of ${name} -->`];
	const page = await readFile(PAGE, 'utf8');
	const [from, to] = [page.indexOf(begin), page.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for "${name}"`);
	await writeFile(PAGE, `${page.slice(0, from)}${begin}\n${figures}\n${page.slice(to)}`);
}
