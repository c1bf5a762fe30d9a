import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/cache/key.js';
import { ROOT } from '../helpers/cli.js';

/**
 * Code that decides what is in an output without being an input of a step: nothing in a key tells that it changed, but
 * the number that its author raises. Steps have one each, in their inputs; the rest has cpybuild's `EPOCH`.
 */
const DECIDING: Readonly<Record<string, { readonly entry: string; readonly number: RegExp; readonly at: string }>> = {
	...Object.fromEntries(
		Object.entries({
			source: 'src/steps/source.ts',
			base: 'src/steps/base/base.ts',
			stdlib: 'src/steps/stdlib.ts',
			compile: 'src/steps/compile.ts',
			inittab: 'src/steps/inittab.ts',
			link: 'src/steps/link.ts',
			verify: 'src/steps/verify.ts',
		}).map(([name, entry]) => [name, { entry, number: /\brevision: (\d+)/, at: entry }]),
	),
	...Object.fromEntries(
		Object.entries({
			'host runner': 'src/hostrunner/hostrunner.ts',
			toolchains: 'src/toolchain/resolve.ts',
			'wasm clang': 'src/toolchain/wasm-clang/worker.ts',
		}).map(([name, entry]) => [name, { entry, number: /^const EPOCH = (\d+)/m, at: 'src/cache/key.ts' }]),
	),
};

/** Stores, messages and the running of commands do not decide what a command makes. */
const ELSEWHERE = /\/(cache|diagnostics|machine)\//;

const GOLDEN = join(import.meta.dirname, 'epoch.json');
const RECORD = 'CPYBUILD_OUTPUTS=judged npx vitest run --project golden test/golden/epoch.test.ts';

interface Judged {
	readonly number: number;
	readonly sha256: string;
}

/** The code behind an entry, without comments, types, formatting, and what the entry does not use. */
async function codeOf(entry: string): Promise<string> {
	const bundler = await rolldown({
		cwd: ROOT,
		input: entry,
		platform: 'node',
		external: (id) => !/^[./]/.test(id) || ELSEWHERE.test(id),
	});
	const { output } = await bundler.generate({
		format: 'esm',
		codeSplitting: false,
		minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
	});
	await bundler.close();
	return output.map((one) => (one.type === 'chunk' ? one.code : '')).join('\n');
}

async function judge(name: string): Promise<Judged> {
	const { entry, number, at } = DECIDING[name] ?? expect.unreachable(`nothing is called "${name}"`);
	const found = readFileSync(join(ROOT, at), 'utf8').match(number)?.[1];
	expect(found, `${at} has no number`).toBeDefined();
	return { number: Number(found), sha256: sha256(await codeOf(entry)) };
}

const judged: Readonly<Record<string, Judged>> = JSON.parse(readFileSync(GOLDEN, 'utf8'));

test.each(Object.keys(DECIDING))('the code that decides outputs was judged as it is: %s', async (name) => {
	const now = await judge(name);
	const { at } = DECIDING[name] ?? expect.unreachable();
	if (process.env.CPYBUILD_OUTPUTS === 'judged') {
		const all: Record<string, Judged> = JSON.parse(readFileSync(GOLDEN, 'utf8'));
		writeFileSync(GOLDEN, `${JSON.stringify({ ...all, [name]: now }, undefined, '\t')}\n`);
		return;
	}
	const before = judged[name];
	if (before?.sha256 === now.sha256 && before.number === now.number) return;
	const decide =
		before?.number === now.number
			? `Can the same inputs now give other bytes, more files or fewer? Then raise the number in ${at} (it is ${now.number}): else stores and remote caches go on giving what the old code made. If not, leave it`
			: `The number in ${at} went from ${before?.number ?? 'none'} to ${now.number}`;
	throw new Error(`The code of "${name}" is not the one that was judged. ${decide}. Then record it: ${RECORD}`);
});

test('comments, types, formatting and unused code are no code', async () => {
	const text = await codeOf('src/steps/link.ts');
	expect(text).not.toContain('/**');
	expect(text).not.toContain('interface');
	expect(text).not.toContain('readArchive');
	expect(text).toContain('--import-undefined');
});
