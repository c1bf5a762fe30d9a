// Takes a lock, says so, and keeps it until it is killed.
import { withLock } from '../../lib/src/cache/lock.js';

const [folder, name] = process.argv.slice(2);

await withLock(folder, name, `holding ${name}`, () => {
	process.stdout.write('held\n');
	return new Promise(() => setInterval(() => {}, 60_000));
});
