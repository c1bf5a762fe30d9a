/**
 * Measures what `docs/performance.md` shows, and prints it as Markdown.
 *
 *     npm run bench -- [calls] [changes] [changes-wasm] [clone] [cold] [container] [peers] [wasm] [--write]
 *
 * Without names it measures calls, changes and cold. `--write` puts the figures into the page.
 */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemToolchain } from '../test/helpers/cpython-driver.js';
import { CALL_RATIOS, measureCalls, measurePeers, PEER_RATIOS } from './calls.js';
import { CHANGE, measureChanges, measureWasmChanges } from './change.js';
import { COLD, measureCold, measureColdWasm } from './cold.js';
import { CONTAINER, measureContainer } from './container.js';
import { writePart } from './page.js';
import { SCRATCH } from './project.js';
import { measureClone } from './remote.js';
import { describeMachine, printRatios, printSamples } from './table.js';

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
	calls: async () => {
		const samples = await measureCalls(201);
		return `${printSamples(samples, 'ns')}\n\n${printRatios(samples, CALL_RATIOS)}`;
	},
	peers: async () => {
		const samples = await measurePeers(101);
		const own = PEER_RATIOS.map(({ to }) => to);
		const shown = new Map([...samples].filter(([name]) => name.includes(': ') || own.includes(name)));
		return `${printSamples(shown, 'ns')}\n\n${printRatios(samples, PEER_RATIOS)}`;
	},
	changes: async () => {
		const samples = await measureChanges(15);
		const { changed, added, bare, unchanged, node } = CHANGE;
		const ratios = printRatios(samples, [
			{ name: 'changed signature : its commands alone', of: changed('native'), to: bare('changed signature'), aim: 2 },
			{ name: 'added module : its commands alone', of: added('native'), to: bare('added module'), aim: 2 },
			{ name: 'nothing changed : node -e 0', of: unchanged, to: node, aim: 3 },
		]);
		return `${printSamples(samples, 's')}\n\n${ratios}`;
	},
	'changes-wasm': async () => printSamples(await measureWasmChanges(15), 's'),
	clone: async () => printSamples(await measureClone(15), 's'),
	cold: async () => {
		const samples = await measureCold(3);
		const ratios = printRatios(samples, [
			{ name: "cpybuild, all of it : CPython's own driver", of: COLD.whole, to: COLD.driver, aim: 0.3 },
		]);
		return `${printSamples(samples, 's')}\n\n${ratios}`;
	},
	container: async () => {
		const samples = await measureContainer(3);
		const { container, native } = CONTAINER;
		const ratios = printRatios(samples, [{ name: 'container : native', of: container, to: native, aim: 1.15 }]);
		return `${printSamples(samples, 's')}\n\n${ratios}`;
	},
	wasm: async () => printSamples(await measureColdWasm(), 's'),
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
const names = positionals.length > 0 ? positionals : ['calls', 'changes', 'cold'];
for (const name of names) {
	if (!(name in PARTS)) throw new Error(`there is no "${name}"; known are ${Object.keys(PARTS).join(', ')}`);
}
await mkdir(SCRATCH, { recursive: true });
const toolchain = (await systemToolchain()).name;
for (const name of names) {
	const machine = describeMachine(name === 'container' ? CONTAINER.toolchain : toolchain);
	const figures = `${machine}\n\n${await PARTS[name]?.()}`;
	console.log(`## ${name}\n\n${figures}\n`);
	if (values.write) await writePart(name, figures);
}
