// Wants an entry of a store, and tells what happens; while it makes the entry it waits for a line of input.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from '../../src/cache/key.js';
import { openStore } from '../../src/cache/store.js';

const [root = ''] = process.argv.slice(2);
const tell = (line: string) => process.stdout.write(`${line}\n`);

const store = await openStore(root, { warn: ({ message }) => tell(`warning ${message}`) });
const { origin } = await store.ensure('thing', keyOf('thing', {}, {}), {
	shared: true,
	onWait: (holder) => tell(`waiting for ${holder}`),
	fill: async (folder) => {
		tell('making');
		await once(process.stdin, 'data');
		await writeFile(join(folder, 'file'), 'content');
	},
});
await store.close();
tell(origin);
process.exit();
