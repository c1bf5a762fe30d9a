import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../src/cache/layout.js';
import { prepare } from '../../../src/prepare.js';
import { settleOptions } from '../../../src/settle.js';

const identity = {
	target: 'wasm32-wasip1',
	compiler: 'clang version 19.1.7',
	programs: {},
	libraries: {},
	sysroot: '1'.repeat(64),
};
const toolchain = { name: 'recorded', identity };

test('what a build opened before it failed to plan is closed', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-prepare-'));
	const manifest = join(folder, 'project.yaml');
	writeFileSync(
		manifest,
		'python: "3.13.5"\nmodules: {}\nbuild: { machine: container, container: { image: "a:1" }, launcher: ccache }\n',
	);
	const toolchains = { 'linux-x64': { 'auto in a:1': toolchain }, 'linux-arm64': { 'auto in a:1': toolchain } };
	writeFileSync(join(folder, 'cpybuild.lock'), JSON.stringify({ version: 1, manifests: {}, toolchains }));
	const users: number[] = [];
	const count = () => readdirSync(layoutOf(join(folder, 'cache')).users).length;
	const onEvent = () => {
		users.push(count());
		throw new Error('nobody listens');
	};
	const options = settleOptions({ manifest, cacheDir: join(folder, 'cache'), onEvent }, {});
	// The launcher that no container has is warned of when the workshop is open.
	await expect(prepare(options)).rejects.toThrow(new Error('nobody listens'));
	expect([...users, count()]).toEqual([1, 0]);
});
