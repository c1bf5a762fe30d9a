// Evicts all that may go, again and again, until it is killed; tells how much that was.
import { evict } from '../../src/cache/evict.js';
import { layoutOf } from '../../src/cache/layout.js';

const [root = ''] = process.argv.slice(2);

for (;;) {
	// With the usual time between clocks hardly anything could go.
	const { removed } = await evict(layoutOf(root), 0, { clocksMs: 10 });
	if (removed.length > 0) process.stdout.write(`${removed.length}\n`);
}
