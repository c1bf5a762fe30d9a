// Uses the entry of the tests' store, as a process of its own; prints how it got it. Dies by SIGKILL in the
// place of the first change of the file system that matches an expression, if there is one.
import { writeSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { openStore } from '../../src/cache/store.js';
import { CpybuildError } from '../../src/diagnostics/diagnostic.js';
import { dieAt } from './crash.js';
import { fillSmall, NAME } from './store-entry.js';

const [root = '', last = '', log] = process.argv.slice(2);

if (last) {
	dieAt(
		(change) => new RegExp(last).test(change),
		() => {
			process.kill(process.pid, 'SIGKILL');
			for (;;);
		},
	);
}
const warn = ({ message }: { readonly message: string }) => writeSync(2, `warning: ${message}\n`);
const store = await openStore(root, { warn });
const fill = async (folder: string) => {
	if (log) await appendFile(log, 'made\n');
	await fillSmall(folder);
};
try {
	const { origin } = await store.ensure(NAME.kind, NAME.key, { fill, shared: true });
	await store.close();
	writeSync(1, origin);
} catch (error) {
	await store.close();
	if (!(error instanceof CpybuildError)) throw error;
	for (const { message } of error.diagnostics) writeSync(2, `error: ${message}\n`);
}
