import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cpybuild } from '../helpers/cli.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
import { makeProject } from '../helpers/project.js';

const IMAGE = `cpybuild-test:${randomBytes(6).toString('hex')}`;

const PLATFORM = `linux-${process.arch}`;

let env: Readonly<Record<string, string>>;

beforeAll(async () => {
	const cache = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	env = { DOCKER_HOST: await dockerHostWithBase(), DOCKER_BUILDKIT: '0', CPYBUILD_CACHE_DIR: cache };
	return () => rm(cache, { recursive: true, force: true });
});

afterAll(async () => {
	await execa('docker', ['image', 'rm', '--force', IMAGE], { env, reject: false });
});

/** Makes the image anew of Debian's packages and commands; returns its id. */
async function makeImage(...commands: string[]): Promise<string> {
	const before = await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', IMAGE], { env, reject: false });
	const input = [`FROM ${BASE_IMAGE}`, ...commands.map((command) => `RUN ${command}`), ''].join('\n');
	await execa('docker', ['build', '--quiet', '--tag', IMAGE, '-'], { env, input });
	if (before.exitCode === 0) await execa('docker', ['image', 'rm', before.stdout], { env, reject: false });
	return (await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', IMAGE], { env })).stdout;
}

const openProject = async () => {
	const { folder } = await makeProject({ 'project.yaml': 'python: "3.13.5"\nmodules: {}\n' });
	return {
		lock: () => JSON.parse(readFileSync(join(folder, 'cpybuild.lock'), 'utf8')),
		run: (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
			cpybuild([...args, '--image', IMAGE], { cwd: folder, env: { ...env, ...more } }),
	};
};

test('upgrade records the image of a container, and shows how it changes', async () => {
	const { lock, run } = await openProject();
	const first = await makeImage('touch /first');
	const locked = await run(['upgrade']);
	expect(locked.stderr).toBe('');
	expect(locked.stdout.split('\n').slice(-3)).toEqual([
		`image ${IMAGE}: none → ${first} (of one engine)`,
		`toolchain "auto in ${IMAGE}" for ${PLATFORM}: none → Debian's wasi-libc, clang 19.1.7`,
		'wrote cpybuild.lock',
	]);
	expect(lock().images).toEqual({ [IMAGE]: { id: first } });
	expect(await run(['upgrade'])).toMatchObject({ stdout: 'cpybuild.lock is current: nothing to upgrade' });

	// Other bytes in the image, the same toolchain: for a build that is the same, whoever made the image.
	const second = await makeImage('touch /second');
	expect(await run(['plan', '--frozen'])).toMatchObject({ code: 0, stderr: '' });
	expect((await run(['upgrade'])).stdout.split('\n')).toEqual([
		`image ${IMAGE}: ${first} (of one engine) → ${second} (of one engine)`,
		'wrote cpybuild.lock',
	]);

	const third = await makeImage('touch /usr/include/wasm32-wasi/more.h');
	expect((await run(['upgrade', '--dry-run'])).stdout.split('\n')).toEqual([
		`image ${IMAGE}: ${second} (of one engine) → ${third} (of one engine)`,
		`toolchain "auto in ${IMAGE}" for ${PLATFORM}: Debian's wasi-libc, clang 19.1.7 → Debian's wasi-libc, clang 19.1.7`,
		expect.stringMatching(/^C library: [0-9a-f]{12} → [0-9a-f]{12}$/),
		'nothing was written',
	]);
	expect(lock().images).toEqual({ [IMAGE]: { id: second } });
});

test('a frozen build asks no engine for what the lock lacks, and a plan none for what it has', async () => {
	const { run } = await openProject();
	await makeImage('touch /first');
	const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
	expect(await run(['build', '--frozen'], nowhere)).toEqual({
		code: 2,
		stdout: '',
		stderr: expect.stringMatching(/^error\[lock\/frozen\]: there is no "cpybuild\.lock", which --frozen asks for\n/),
	});
	expect(await run(['upgrade'])).toMatchObject({ code: 0 });
	expect(await run(['plan', '--frozen'], nowhere)).toMatchObject({ code: 0, stderr: '' });
	expect(await run(['upgrade'], nowhere)).toMatchObject({ code: 3 });
});
