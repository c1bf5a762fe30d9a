import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerMachine, ContainerOptions } from '../../src/machine/container.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
import { testContainer } from './machines.js';

let host = '';
beforeAll(async () => {
	host = await dockerHostWithBase();
});

const docker = async (...args: readonly string[]) => {
	const { stdout } = await execa('docker', args, { env: { DOCKER_HOST: host } });
	return stdout;
};

function temporaryFolder(): string {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild-container-')));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

function open(options: Partial<ContainerOptions> = {}): ContainerMachine {
	const machine = testContainer(host, options);
	onTestFinished(machine.close);
	return machine;
}

/** Runs a shell script; what it says is there without an end of line. */
async function shell(machine: ContainerMachine, script: string, folder?: string): Promise<string> {
	const place = folder === undefined ? { cwd: '/' } : { cwd: folder, writes: [folder] };
	const { output } = await machine.run({ ...place, argv: ['sh', '-c', script], env: {} });
	return output.trimEnd();
}

/** The id of the container that a machine's commands run in, as its own files tell it. */
const idOf = (machine: ContainerMachine) => shell(machine, 'cat /etc/hostname');

const exists = async (id: string) => (await docker('ps', '--all', '--quiet', '--filter', `id=${id}`)) !== '';

describe('a container', () => {
	test('is not made before the first command, and the engine not asked', async () => {
		let asked = 0;
		const machine = open({
			openEngine: async () => {
				asked++;
				throw new Error('asked');
			},
		});
		expect([machine.node, machine.path.includes('/usr/bin'), machine.processors > 0]).toEqual(['node', true, true]);
		await machine.close();
		expect(asked).toBe(0);
	});

	test('serves all commands of a machine', async () => {
		const machine = open();
		const ids = await Promise.all([idOf(machine), idOf(machine), idOf(machine)]);
		expect(new Set(ids).size).toBe(1);
	});

	test('sends nothing back after a dry command', async () => {
		const works: string[] = [];
		const folder = temporaryFolder();
		const machine = open({ onSpent: (work) => works.push(work) });
		const command = { argv: ['sh', '-c', 'echo made > made'], cwd: folder, writes: [folder], env: {} } as const;
		await machine.run({ ...command, isDry: true });
		expect([existsSync(join(folder, 'made')), works]).toEqual([false, ['open', 'send', 'run']]);
		await machine.run(command);
		expect([existsSync(join(folder, 'made')), works.slice(3)]).toEqual([true, ['send', 'run', 'bring']]);
	});

	test('is gone when the machine is closed, also after a failure, and twice is fine', async () => {
		const machine = open();
		const id = await idOf(machine);
		await expect(machine.run({ argv: ['no-such-program'], cwd: '/', env: {} })).rejects.toMatchObject({
			diagnostics: [{ code: 'toolchain/not-found' }],
		});
		expect(await exists(id)).toBe(true);
		await machine.close();
		expect(await exists(id)).toBe(false);
		await machine.close();
	});

	test('is gone when the machine is closed while a command runs', async () => {
		const machine = open();
		const id = await idOf(machine);
		let closed: Promise<void> | undefined;
		const running = machine.run(
			{ argv: ['sh', '-c', 'echo started; sleep 600'], cwd: '/', env: {} },
			{
				onLine: () => {
					closed = machine.close();
				},
			},
		);
		await expect(running).rejects.toMatchObject({ diagnostics: [{ code: 'toolchain/container-ended' }] });
		// The command ends before the engine has removed the container.
		await closed;
		expect(await exists(id)).toBe(false);
	});

	test('has no root, no network and no rights', async () => {
		const machine = open();
		expect(await shell(machine, 'id -u')).toBe('1000');
		expect(await shell(machine, 'ls /sys/class/net')).toBe('lo');
		expect(await shell(machine, 'grep -e CapEff -e NoNewPrivs /proc/self/status')).toBe(
			'CapEff:\t0000000000000000\nNoNewPrivs:\t1',
		);
	});

	test('leaves files that belong to who builds', async () => {
		const folder = temporaryFolder();
		await shell(open(), 'echo made > made', folder);
		expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('made\n');
	});

	test('has nothing of this machine but what commands read and write', async () => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'secret'), 'secret');
		expect(await shell(open(), `ls -A "${folder}" 2>&1 | wc -l; cat "${folder}/secret" 2>/dev/null || echo none`)).toBe(
			'1\nnone',
		);
	});

	test('does not let a command change what others read', async () => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'file'), 'file');
		const command = { cwd: '/', env: {}, reads: [folder] };
		const machine = open();
		await machine.run({ ...command, argv: ['sh', '-c', `echo changed > ${folder}/file`] });
		expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('file');
	});

	test('that is killed in the middle is told', async () => {
		const machine = open();
		const id = await idOf(machine);
		const running = machine.run(
			{ argv: ['sh', '-c', 'echo started; sleep 600'], cwd: '/', env: {} },
			{ onLine: () => void docker('kill', id) },
		);
		const ended = {
			diagnostics: [{ code: 'toolchain/container-ended', message: 'the container ended in the middle of the build' }],
		};
		await expect(running).rejects.toMatchObject(ended);
		await expect(idOf(machine)).rejects.toMatchObject(ended);
		await machine.close();
		expect(await exists(id)).toBe(false);
	});

	test('whose disk is full is told', async () => {
		const running = shell(open(), 'cat /etc/hostname > /dev/full');
		await expect(running).rejects.toMatchObject({
			diagnostics: [{ code: 'toolchain/container-full', message: 'the disk of the container is full' }],
		});
	});

	test('that a command leaves a link out of its folder in gives nothing of this machine away', async () => {
		const folder = temporaryFolder();
		await expect(shell(open(), 'ln -s /etc/passwd link', folder)).rejects.toMatchObject({
			diagnostics: [
				{
					code: 'build/bad-output',
					message: `a command in the container left the link "link" that leads out of it in "${folder}"`,
				},
			],
		});
		expect(existsSync(join(folder, 'link'))).toBe(false);
	});

	test('is not made of an image that lacks what a build needs', async () => {
		const tag = `cpybuild-test-without-make:${process.pid}`;
		const dockerfile = `FROM ${BASE_IMAGE}\nRUN rm -f /usr/bin/make /usr/bin/node /usr/bin/nodejs\n`;
		const options = { env: { DOCKER_HOST: host, DOCKER_BUILDKIT: '0' }, input: dockerfile };
		await execa('docker', ['build', '--network', 'none', '--tag', tag, '-'], options);
		onTestFinished(async () => void (await docker('rmi', tag)));
		const machine = open({
			getImage: async (engine) => {
				const { findImage } = await import('../../src/engine/images.js');
				const image = await findImage(engine, tag);
				if (!image) throw new Error('it was not made');
				return image;
			},
		});
		await expect(machine.run({ argv: ['true'], cwd: '/', env: {} })).rejects.toMatchObject({
			diagnostics: [
				{
					code: 'toolchain/image-incomplete',
					message: "the container's image has no make, node",
					hint: 'take another image, or add to this one what the Dockerfile in "devcontainer" adds',
				},
			],
		});
		expect(await docker('ps', '--all', '--quiet', '--filter', `ancestor=${tag}`)).toBe('');
	});

	test('that nobody closed is gone with its process', async () => {
		const program = 'test/contract/programs/open-container.ts';
		const owner = execa('node', ['--import', 'jiti/register', program, host], { reject: false });
		let id = '';
		for await (const line of owner) {
			id = line;
			expect(await exists(id)).toBe(true);
			owner.kill('SIGKILL');
		}
		expect(id).not.toBe('');
		await expect.poll(() => exists(id), { timeout: 20_000 }).toBe(false);
	});
});
