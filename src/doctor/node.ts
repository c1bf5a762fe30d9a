import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../own-files.js';
import type { Finding } from './finding.js';
import { findProgram } from './packages.js';
import { type WasmSupport, wasmSupport } from './wasm-features.js';

/** The Node that runs cpybuild, and what its WebAssembly can do. */
export interface NodeFacts {
	/** `20.19.4`. */
	readonly version: string;
	/** The oldest one that cpybuild runs on. */
	readonly oldest: string;
	/** What manages Node's versions on this machine. */
	readonly manager: 'nvm' | 'fnm' | 'volta' | 'brew' | undefined;
	/** Undefined when Node runs without WebAssembly. */
	readonly wasm: WasmSupport | undefined;
}

/** Looks at the Node that runs this. */
export function readNode(environment: Readonly<Record<string, string | undefined>>): NodeFacts {
	const { engines }: { engines: { node: string } } = JSON.parse(
		readFileSync(join(packageFolder(), 'package.json'), 'utf8'),
	);
	const has = (name: string) => findProgram(name, environment.PATH ?? '') !== undefined;
	const managers = { nvm: !!environment.NVM_DIR, fnm: has('fnm'), volta: has('volta'), brew: has('brew') };
	return {
		version: process.versions.node,
		oldest: engines.node.replace(/^\D+/, ''),
		manager: (Object.keys(managers) as (keyof typeof managers)[]).find((name) => managers[name]),
		wasm: wasmSupport(globalThis),
	};
}

/** The commands by which version managers get a Node that is new enough. */
const UPDATES: Readonly<Record<NonNullable<NodeFacts['manager']>, string>> = {
	nvm: 'nvm install --lts',
	fnm: 'fnm install --lts && fnm use lts-latest',
	volta: 'volta install node@lts',
	brew: 'brew install node',
};

/** Whether this Node can build and run an interpreter. */
export function judgeNode({ version, oldest, manager, wasm }: NodeFacts): readonly Finding[] {
	return [judgeVersion(version, oldest, manager), judgeWasm(wasm)];
}

function judgeVersion(version: string, oldest: string, manager: NodeFacts['manager']): Finding {
	const found = `Node ${version}`;
	if (!isOlder(version, oldest)) return { id: 'node.version', state: 'ok', found };
	return {
		id: 'node.version',
		state: 'error',
		found,
		means: `cpybuild needs Node ${oldest} or newer`,
		...(manager && { repair: UPDATES[manager] }),
	};
}

function judgeWasm(wasm: WasmSupport | undefined): Finding {
	const id = 'node.webassembly';
	if (!wasm) {
		return {
			id,
			state: 'error',
			found: 'this Node runs without WebAssembly',
			means: "python.wasm runs in Node while it is built; Node's option --jitless switches WebAssembly off",
			repair: 'unset NODE_OPTIONS',
		};
	}
	if (wasm.missing.length > 0) {
		return {
			id,
			state: 'error',
			found: `the WebAssembly of this Node lacks ${wasm.missing.join(', ')}`,
			means: 'clang uses them in python.wasm, which runs in Node while it is built',
		};
	}
	const without = wasm.without.length === 0 ? '' : `; without ${wasm.without.join(', ')}`;
	const extras = wasm.extras.length === 0 ? '' : `, and ${wasm.extras.join(', ')}`;
	return { id, state: 'ok', found: `WebAssembly with all that python.wasm uses${extras}${without}` };
}

/** Whether a version comes before another one; parts that are missing count as 0. */
function isOlder(version: string, than: string): boolean {
	const [one, other] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
	for (let index = 0; index < 3; index++) {
		const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return false;
}
