import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import type { ContainerMachine } from '../../src/machine/container.js';
import type { ToolchainChoice } from '../../src/manifest/manifest.js';
import { containerToolchain } from '../../src/toolchain/container.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { testContainer } from './machines.js';

function temporaryFolder(): string {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild-toolchain-')));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** What the code for native builds finds when it runs in the container itself. */
async function foundInside(machine: ContainerMachine, choice: ToolchainChoice): Promise<unknown> {
	const folder = temporaryFolder();
	const program = join(folder, 'native-toolchain.mjs');
	await build({
		input: 'test/contract/programs/native-toolchain.ts',
		platform: 'node',
		output: { file: program, codeSplitting: false },
		logLevel: 'silent',
	});
	const { output, exitCode } = await machine.run({
		argv: [machine.node, program, choice],
		cwd: folder,
		reads: [folder],
		env: { PATH: machine.path },
	});
	if (exitCode !== 0) throw new Error(output);
	return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

describe('in a container', () => {
	const open = async (onRun = () => {}) => {
		const machine = testContainer(await dockerHostWithBase(), { onSpent: (work) => work === 'run' && onRun() });
		onTestFinished(machine.close);
		return machine;
	};
	const find = async (machine: ContainerMachine, folder: string, choice: ToolchainChoice = 'debian') =>
		containerToolchain({
			machine,
			store: await openStore(folder),
			memo: new Memo(join(folder, 'memo.json')),
			choice,
			minor: '3.13',
			warn: () => {},
		});

	test('the toolchain is what native builds find there', async () => {
		const machine = await open();
		const { name, identity, argv, libraries, start, builtins } = await find(machine, temporaryFolder());
		expect({ name, identity, argv, libraries, start, builtins }).toEqual(await foundInside(machine, 'debian'));
		expect(Object.keys(identity.libraries)).toContain('libLLVM.so.19.1');
	});

	test('an image is looked at once, and without a container the second time', async () => {
		const folder = temporaryFolder();
		let runs = 0;
		const first = await find(await open(), folder);
		const again = await find(await open(() => runs++), folder);
		expect(again.identity).toEqual(first.identity);
		expect(again.argv).toEqual(first.argv);
		expect(runs).toBe(0);
	});

	test('a toolchain that is not there is named', async () => {
		await expect(find(await open(), temporaryFolder(), 'wasi-sdk')).rejects.toMatchObject({
			diagnostics: [
				{
					code: 'toolchain/not-found',
					message: 'the toolchain "wasi-sdk" was not found in the container\'s image',
				},
			],
		});
	});
});
