/**
 * Measures what `docs/performance.md` shows, and prints it as Markdown.
 *
 *     npm run bench -- [calls] [changes] [cold] [wasm]
 *
 * Without names it measures everything but `wasm`, the base with the clang that runs as WebAssembly.
 */
import { mkdir } from 'node:fs/promises';
import { systemToolchain } from '../test/helpers/cpython-driver.js';
import { CALLS, measureCalls } from './calls.js';
import { measureChanges } from './change.js';
import { COLD, measureCold, measureColdWasm } from './cold.js';
import { SCRATCH } from './project.js';
import { describeMachine, printRatios, printSamples } from './table.js';

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
	calls: async () => {
		const samples = await measureCalls(201);
		const { ignoring, reading, stub, host } = CALLS;
		const ratios = printRatios(
			samples,
			[reading, stub, ignoring].map((to) => ({
				name: `host function : ${to}`,
				of: host,
				to,
				// What ignores its arguments and makes no result shows what reading and making cost, not what the host does.
				aim: to === ignoring ? undefined : 1.15,
			})),
		);
		return `## Calls\n\n${printSamples(samples, 'ns')}\n\n${ratios}`;
	},
	changes: async () => `## Changes\n\n${printSamples(await measureChanges(15), 's')}`,
	cold: async () => {
		const samples = await measureCold(3);
		const ratios = printRatios(samples, [
			{ name: 'cpybuild, all of it : CPython’s own driver', of: COLD.whole, to: COLD.driver, aim: 0.3 },
		]);
		return `## Cold\n\n${printSamples(samples, 's')}\n\n${ratios}`;
	},
	wasm: async () => `## Cold, with the wasm clang\n\n${printSamples(await measureColdWasm(), 's')}`,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in PARTS));
if (unknown.length > 0)
	throw new Error(`there is no "${unknown.join('", "')}"; known are ${Object.keys(PARTS).join(', ')}`);
const wanted = named.length > 0 ? named : ['calls', 'changes', 'cold'];
await mkdir(SCRATCH, { recursive: true });
console.log(describeMachine((await systemToolchain()).name));
for (const name of wanted) console.log(`\n${await PARTS[name]?.()}`);
