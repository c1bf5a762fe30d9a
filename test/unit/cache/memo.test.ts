import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';

test('answers are remembered, across processes, until a file changes', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-memo-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const [file, about] = [join(folder, 'deep/memo.json'), join(folder, 'clang')];
	await writeFile(about, 'one');
	let asked = 0;
	const find = async () => `answer ${++asked}`;
	expect(await new Memo(file).remember('version', [about], find)).toBe('answer 1');
	expect(await new Memo(file).remember('version', [about], find)).toBe('answer 1');
	expect(await new Memo(file).remember('another', [about], find)).toBe('answer 2');
	await writeFile(about, 'other');
	expect(await new Memo(file).remember('version', [about], find)).toBe('answer 3');
});

test.each(['', '{"cut', 'null', '[]'])('a memo of %j is an empty one', async (text) => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-memo-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, 'memo.json');
	await writeFile(file, text);
	expect(await new Memo(file).remember('version', [file], async () => 'found')).toBe('found');
});

test('an answer that does not last is asked for again', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-memo-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, 'clang');
	await writeFile(file, 'one');
	const memo = new Memo(join(folder, 'memo.json'));
	const ask = (answer: string) =>
		memo.remember(
			'works',
			[file],
			async () => answer,
			(given) => given === 'ok',
		);
	expect([await ask('no linker'), await ask('ok'), await ask('no linker')]).toEqual(['no linker', 'ok', 'ok']);
});
