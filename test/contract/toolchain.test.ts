import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { build } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import { findImage } from '../../src/engine/images.js';
import type { ContainerMachine } from '../../src/machine/container.js';
import type { ToolchainChoice } from '../../src/manifest/manifest.js';
import { containerToolchain } from '../../src/toolchain/container.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
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

function missing(image: string): never {
	throw new Error(`the engine has no ${image}`);
}

/** An image with Debian's toolchain in the order of a WASI-SDK. */
async function imageWithSdk(): Promise<string> {
	const tag = `cpybuild-test-sdk:${process.pid}`;
	const options = { env: { DOCKER_HOST: await dockerHostWithBase(), DOCKER_BUILDKIT: '0' } };
	const lines = [
		'cd /opt && mkdir -p wasi-sdk-24.0/bin wasi-sdk-24.0/share/wasi-sysroot/lib wasi-sdk-24.0/share/wasi-sysroot/include',
		'for name in clang wasm-ld llvm-ar llvm-ranlib; do ln -s "/usr/bin/$name-19" "wasi-sdk-24.0/bin/$name"; done',
		// The name by which Debian's clang calls its linker.
		'ln -s /usr/bin/wasm-ld-19 wasi-sdk-24.0/bin/wasm-ld-19',
		'cd wasi-sdk-24.0 && echo 24.0 > VERSION && cp -r /usr/lib/wasm32-wasi share/wasi-sysroot/lib/',
		'cp -r /usr/include/wasm32-wasi share/wasi-sysroot/include/',
	];
	const input = `FROM ${BASE_IMAGE}\nRUN ${lines.join(' && ')}\n`;
	await execa('docker', ['build', '--network', 'none', '--tag', tag, '-'], { ...options, input });
	onTestFinished(async () => void (await execa('docker', ['rmi', '--force', tag], options)));
	return tag;
}

describe('in a container', () => {
	const open = async (onRun = () => {}, image = BASE_IMAGE) => {
		const machine = testContainer(await dockerHostWithBase(), {
			getImage: async (engine) => (await findImage(engine, image)) ?? missing(image),
			onSpent: (work) => work === 'run' && onRun(),
		});
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

	test('a WASI-SDK below /opt goes before packages, and is what native builds find there', async () => {
		const image = await imageWithSdk();
		const machine = await open(undefined, image);
		const { name, identity, argv, libraries, start, builtins } = await find(machine, temporaryFolder(), 'auto');
		expect(name).toBe('WASI-SDK 24.0, clang 19.1.7');
		expect(argv.clang[0]).toBe('/opt/wasi-sdk-24.0/bin/clang');
		const inside = await foundInside(machine, 'wasi-sdk');
		expect({ name, identity, argv, libraries, start, builtins }).toEqual(inside);
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
