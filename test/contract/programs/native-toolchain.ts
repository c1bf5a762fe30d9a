import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Memo } from '../../../src/cache/memo.js';
import { openStore } from '../../../src/cache/store.js';
import { nativeMachine } from '../../../src/machine/native.js';
import type { ToolchainChoice } from '../../../src/manifest/manifest.js';
import { resolveToolchain } from '../../../src/toolchain/resolve.js';

// Runs in a container, on its own machine, and prints what toolchain it finds there.
const folder = mkdtempSync(join(tmpdir(), 'native-toolchain-'));
const toolchain = await resolveToolchain(process.argv[2] as ToolchainChoice, {
	machine: nativeMachine(process.env.PATH ?? ''),
	store: await openStore(folder),
	memo: new Memo(join(folder, 'memo.json')),
	compiler: 'native',
	environment: {},
	warn: () => {},
	minor: '3.13',
	fetching: { offline: true, log: () => {} },
});
const { name, identity, argv, libraries, start, builtins } = toolchain;
console.log(JSON.stringify({ name, identity, argv, libraries, start, builtins }));
process.exit(0);
