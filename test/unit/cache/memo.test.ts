import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-memo-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A memo for which the files of a test are old. */
function memoOf(file: string): Memo {
	return new Memo(file, () => Date.now() + 3000);
}

test('answers are remembered, across processes, until a file changes', async () => {
	const folder = await temporaryFolder();
	const [file, about] = [join(folder, 'deep/memo.json'), join(folder, 'clang')];
	await writeFile(about, 'one');
	let asked = 0;
	const find = async () => `answer ${++asked}`;
	expect(await memoOf(file).remember('version', [about], find)).toBe('answer 1');
	expect(await memoOf(file).remember('version', [about], find)).toBe('answer 1');
	expect(await memoOf(file).remember('another', [about], find)).toBe('answer 2');
	await writeFile(about, 'other');
	expect(await memoOf(file).remember('version', [about], find)).toBe('answer 3');
});

test('a file that has changed and got its time back is looked at again', async () => {
	const folder = await temporaryFolder();
	const about = join(folder, 'clang');
	const long = new Date('2020-01-01');
	let asked = 0;
	const ask = () => memoOf(join(folder, 'memo.json')).remember('version', [about], async () => `answer ${++asked}`);
	await writeFile(about, 'one');
	await utimes(about, long, long);
	expect(await ask()).toBe('answer 1');
	await writeFile(about, 'two');
	await utimes(about, long, long);
	expect(await ask()).toBe('answer 2');
});

test('nothing is remembered of a file that is younger than two seconds', async () => {
	const folder = await temporaryFolder();
	const [file, about] = [join(folder, 'memo.json'), join(folder, 'clang')];
	await writeFile(about, 'one');
	let asked = 0;
	const find = async () => `answer ${++asked}`;
	const memo = new Memo(file, () => Date.now() + 1000);
	expect([await memo.remember('version', [about], find), await memo.remember('version', [about], find)]).toEqual([
		'answer 1',
		'answer 2',
	]);
	expect(await readdir(folder)).toEqual(['clang']);
});

test.each(['', '{"cut', 'null', '[]', '{}', '{"answers":{}}'])('a memo of %j is an empty one', async (text) => {
	const folder = await temporaryFolder();
	const file = join(folder, 'memo.json');
	await writeFile(file, text);
	expect(await memoOf(file).remember('version', [folder], async () => 'found')).toBe('found');
});

test('a memo with one changed bit is an empty one', async () => {
	const folder = await temporaryFolder();
	const file = join(folder, 'memo.json');
	const about = join(folder, 'clang');
	await writeFile(about, 'one');
	const ask = (answer: string) => memoOf(file).remember('version', [about], async () => answer);
	await ask('first');
	const saved = await readFile(file);
	for (let at = 0; at < saved.length; at++) {
		const damaged = Buffer.from(saved);
		damaged[at] = (damaged[at] ?? 0) ^ 1;
		await writeFile(file, damaged);
		expect(await ask('second'), `byte ${at}`).toBe('second');
	}
});

test('an answer that does not last is asked for again', async () => {
	const folder = await temporaryFolder();
	const file = join(folder, 'clang');
	await writeFile(file, 'one');
	const memo = memoOf(join(folder, 'memo.json'));
	const ask = (answer: string) =>
		memo.remember(
			'works',
			[file],
			async () => answer,
			(given) => given === 'ok',
		);
	expect([await ask('no linker'), await ask('ok'), await ask('no linker')]).toEqual(['no linker', 'ok', 'ok']);
});

test('processes that remember at the same time keep the answers of each other', async () => {
	const folder = await temporaryFolder();
	const [file, about] = [join(folder, 'memo.json'), join(folder, 'clang')];
	await writeFile(about, 'one');
	const [one, two] = [memoOf(file), memoOf(file)];
	const ask = (memo: Memo, question: string, answer: string) => memo.remember(question, [about], async () => answer);
	// Both have read the memo before either saves.
	await ask(one, 'first', 'of one');
	await ask(two, 'second', 'of two');
	await ask(one, 'third', 'of one');
	const later = memoOf(file);
	const again = ['first', 'second', 'third'].map((question) => ask(later, question, 'asked again'));
	expect(await Promise.all(again)).toEqual(['of one', 'of two', 'of one']);
	expect((await readdir(folder)).sort()).toEqual(['clang', 'memo.json']);
});

test('a memo that cannot be saved still gives answers', async () => {
	const folder = await temporaryFolder();
	const inTheWay = join(folder, 'file');
	await writeFile(inTheWay, '');
	expect(await memoOf(join(inTheWay, 'memo.json')).remember('version', [folder], async () => 'found')).toBe('found');
});
