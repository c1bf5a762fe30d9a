// Counts in a file, under a lock, until it is killed: reads the last number, waits a little, appends the next one.
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { withLock } from '../../src/cache/lock.js';

const [folder = '', log = ''] = process.argv.slice(2);

for (;;) {
	await withLock(folder, 'count', 'counting', async () => {
		const last = Number(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1));
		await setTimeout(Math.random() * 3);
		appendFileSync(log, `${last + 1}\n`);
	});
}
