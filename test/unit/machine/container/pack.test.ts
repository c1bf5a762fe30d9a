import { buffer } from 'node:stream/consumers';
import { unpackTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { pack } from '../../../../src/machine/container/pack.js';
import type { Item } from '../../../../src/machine/container/tree.js';

const user = { uid: 1000, gid: 1000 };

const timeOf = async (changed: number, ahead: number) => {
	const item: Item = { type: 'folder', mode: 0o755, changed, stamp: '' };
	const [entry] = await unpackTar(await buffer(pack([{ path: '/work', item }], user, ahead)));
	return entry?.header.pax?.mtime;
};

test("files get the times of the container's clock, with their fractions", async () => {
	expect(await timeOf(1_700_000_000_123, 2_000)).toBe('1700000002.123000');
});

test('no file is older than what engines take', async () => {
	expect(await timeOf(0, -5)).toBe('0.000000');
	expect(await timeOf(1_700_000_000_000, -1_800_000_000_000)).toBe('0.000000');
});
