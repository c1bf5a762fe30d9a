import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../../src/cache/memo.js';
import { nativeMachine } from '../../../src/machine/native.js';
import { filesElsewhere, parseHashes } from '../../../src/toolchain/container-files.js';
import { ownFiles } from '../../../src/toolchain/machine-files.js';

/** Looks at this machine's files by both ways: the script's, and Node's own. */
function both() {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild-files-')));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const machine = nativeMachine('/usr/bin:/bin');
	return { folder, script: filesElsewhere(machine), own: ownFiles(machine, new Memo(join(folder, 'memo.json'))) };
}

test('a script answers what Node does', async () => {
	const { folder, script, own } = both();
	const tree = join(folder, 'tree');
	mkdirSync(join(tree, 'below'), { recursive: true });
	for (const name of ['b', 'a b', 'two\nlines', 'back\\slash', 'ü', 'B', 'below/c', 'below.d']) {
		writeFileSync(join(tree, name), `content of ${name}`);
	}
	symlinkSync('below', join(tree, 'link'));
	symlinkSync('b', join(tree, 'file'));
	symlinkSync('..', join(tree, 'below/circle'));
	symlinkSync('nowhere', join(tree, 'dangling'));
	const [file, nowhere] = [join(tree, 'file'), join(tree, 'nowhere')];
	for (const files of [script, own]) {
		expect(await files.existing([nowhere, file, tree])).toEqual(new Set([file, tree]));
		expect(await files.real(file)).toBe(join(tree, 'b'));
		expect(await files.text(file)).toBe('content of b');
		expect(await files.names(nowhere)).toEqual([]);
		expect([...(await files.names(join(tree, 'link')))].sort()).toEqual(['c', 'circle']);
	}
	const paths = [file, join(tree, 'a b'), join(tree, 'b')];
	expect(await script.hashes(paths)).toEqual(await own.hashes(paths));
	const trees = [tree, nowhere, join(tree, 'below')];
	expect(await script.hashTrees(trees)).toBe(await own.hashTrees(trees));
	expect(await script.hashTrees([tree])).not.toBe(await script.hashTrees([join(tree, 'below')]));
	const node = realpathSync(process.execPath);
	expect(await script.libraries(node)).toEqual(await own.libraries(node));
	expect(await script.libraries(join(tree, 'b'))).toEqual([]);
});

test('hashes of more files than fit on a command line are all there', async () => {
	const { folder, script, own } = both();
	const paths = Array.from({ length: 1100 }, (_, index) => join(folder, String(index)));
	for (const path of paths) writeFileSync(path, path);
	expect(await script.hashes(paths)).toEqual(await own.hashes(paths));
});

test('names with line ends and backslashes are read as sha256sum marks them', () => {
	const hash = 'a'.repeat(64);
	const output = `${hash}  ./plain  name\n\\${hash}  ./two\\nlines\\\\n\\r\n`;
	expect([...parseHashes(output)]).toEqual([
		['plain  name', hash],
		['two\nlines\\n\r', hash],
	]);
});

test('a question that fails says so', async () => {
	const { script } = both();
	await expect(script.text('/no/such/file')).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/image-incomplete',
				message: "the container's files cannot be looked at (text, exit code 1)",
				details: [expect.stringContaining('/no/such/file')],
			},
		],
	});
});
