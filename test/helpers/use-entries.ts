// Opens a store again and again, wants entries of it, and reads them a little later; ends with 1 when one has gone.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { keyOf } from '../../src/cache/key.js';
import { openStore } from '../../src/cache/store.js';

const [root = '', rounds = ''] = process.argv.slice(2);
const origins = { made: 0, local: 0, remote: 0 };

for (let round = 0; round < Number(rounds); round++) {
	const store = await openStore(root, {
		warn: ({ message }) => {
			throw new Error(message);
		},
	});
	const number = Math.floor(Math.random() * 6);
	const fill = (folder: string) => writeFile(join(folder, 'file'), `content ${number}`);
	const { path, origin } = await store.ensure('thing', keyOf('thing', number, {}), { shared: number > 2, fill });
	origins[origin]++;
	await setTimeout(Math.random() * 10);
	const content = await readFile(join(path, 'file'), 'utf8');
	if (content !== `content ${number}`) throw new Error(`found "${content}"`);
	await store.close();
}
process.stdout.write(`${JSON.stringify(origins)}\n`);
