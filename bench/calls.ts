import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Samples } from './measure.js';
import { runProgram } from './measure.js';
import { openComponent, openPyodide } from './peers.js';
import { CPYBUILD, emptyFolder, ROOT } from './project.js';
import { openSession, type Session } from './session.js';
import type { Ratio } from './table.js';

/** Names of the cases in `guest/calls.py`, for ratios. */
const CALLS = {
	ignoring: 'C function that ignores its arguments',
	reading: 'C function that reads two ints',
	stub: "stub of the host function, with C in the host's place",
	scalars: 'host function (s32, s32) -> s32',
	text: 'host function string -> string, 20 bytes',
	record: 'host function of a record of five scalars',
	records: 'host function of a list of 10,000 such records, per record',
	number: 'host function of an f64',
	floats: 'host function of a list<f64>, from a list of 10,000 floats, per float',
	doubles: 'host function of a list<f64>, from an array of 10,000 doubles, per double',
} as const;

/** What calls cost in relation to each other, and what they should. */
export const CALL_RATIOS: readonly Ratio[] = [
	{ name: 'scalars : C function that reads two ints', of: CALLS.scalars, to: CALLS.reading, aim: 1.15 },
	{ name: 'scalars : the stub, with C in the host’s place', of: CALLS.scalars, to: CALLS.stub, aim: 1.15 },
	// What ignores its arguments and makes no result shows what reading and making cost, not what the host does.
	{ name: 'scalars : C function that ignores its arguments', of: CALLS.scalars, to: CALLS.ignoring, aim: undefined },
	{ name: '20 bytes of text each way : C function that reads two ints', of: CALLS.text, to: CALLS.reading, aim: 6 },
	{ name: 'record of five scalars : C function that reads two ints', of: CALLS.record, to: CALLS.reading, aim: 5 },
	{ name: 'list of 10,000 records : 10,000 calls', of: CALLS.records, to: CALLS.record, aim: 0.5 },
	{ name: 'list of 10,000 floats : 10,000 calls', of: CALLS.floats, to: CALLS.number, aim: 0.05 },
	{ name: 'array of 10,000 doubles : 10,000 calls', of: CALLS.doubles, to: CALLS.number, aim: 0.05 },
];

/** What the same calls cost elsewhere: how many times as much. */
export const PEER_RATIOS: readonly Ratio[] = ['Pyodide', 'componentize-py + jco'].flatMap((peer) =>
	[CALLS.scalars, CALLS.text, CALLS.record].map((own) => {
		const call = own.replace('host function ', '').replace(/^of /, '');
		return { name: `${peer} : cpybuild, ${call}`, of: `${peer}: ${call}`, to: own, aim: undefined };
	}),
);

/** Calls from Python in the interpreter that `cpybuild run` starts, in nanoseconds. */
export async function measureCalls(rounds: number): Promise<Samples> {
	return takeTurns(rounds, [['', await openOwn()]]);
}

/** The same, with Pyodide, and with componentize-py and jco, which take turns with it. */
export async function measurePeers(rounds: number): Promise<Samples> {
	const own = await openOwn();
	const pyodide = await openPyodide();
	const component = await openComponent();
	return takeTurns(rounds, [
		['', own],
		['Pyodide: ', pyodide],
		['componentize-py + jco: ', component],
	]);
}

async function openOwn(): Promise<Session> {
	const folder = await emptyFolder('calls');
	await cp(join(ROOT, 'bench/guest'), folder, { recursive: true });
	await runProgram([...CPYBUILD, 'build', '--quiet'], { cwd: folder });
	const run = ['run', 'dist', '--host', 'host.mjs', '--dir', '.::/bench', '--', '/bench/calls.py'];
	return openSession([...CPYBUILD, ...run], folder);
}

/** Asks all sessions for a round, one after the other, again and again. */
async function takeTurns(rounds: number, sessions: readonly (readonly [string, Session])[]): Promise<Samples> {
	const samples = new Map<string, number[]>();
	for (let round = 0; round < rounds; round++) {
		for (const [prefix, session] of sessions) {
			for (const [name, time] of Object.entries(await session.round())) {
				const all = samples.get(prefix + name) ?? [];
				samples.set(prefix + name, [...all, time]);
			}
		}
	}
	for (const [, session] of sessions) await session.close();
	return samples;
}
