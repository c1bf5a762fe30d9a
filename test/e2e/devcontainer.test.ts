import { randomBytes } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';

/** Names of images that are removed in the end. */
const made: string[] = [];

let env: NodeJS.ProcessEnv;

beforeAll(async () => {
	// The engine's own builder, which knows the fewest instructions.
	env = { DOCKER_HOST: await dockerHostWithBase(), DOCKER_BUILDKIT: '0' };
});

afterAll(async () => {
	await execa('docker', ['image', 'rm', '--force', ...made], { env });
});

const docker = (args: readonly string[], input?: string) =>
	execa('docker', args, { env, reject: false, all: true, ...(input !== undefined && { input }) });

/** A name for an image. */
function newName(): string {
	return `cpybuild-test:${randomBytes(6).toString('hex')}`;
}

/** Debian's packages, changed by commands, as a base. */
async function makeBase(...commands: string[]): Promise<string> {
	const name = newName();
	const { all, exitCode } = await docker(
		['build', '--tag', name, '-'],
		[`FROM ${BASE_IMAGE}`, ...commands.map((command) => `RUN ${command}`), ''].join('\n'),
	);
	if (exitCode !== 0) throw new Error(all);
	made.push(name);
	return name;
}

/** Builds the devcontainer without a network; `build` is all that was written. */
async function buildOn(base: string, purpose?: string) {
	const name = newName();
	const args = ['BASE', 'PURPOSE'].flatMap((key, index) => {
		const value = [base, purpose][index];
		return value === undefined ? [] : ['--build-arg', `${key}=${value}`];
	});
	const { all, exitCode } = await docker([
		'build',
		'--force-rm',
		'--network',
		'none',
		'--tag',
		name,
		...args,
		'devcontainer',
	]);
	const lines = stripVTControlCharacters(all).split('\n');
	if (exitCode === 0) made.push(name);
	// What was built before a command failed.
	else made.push(...lines.flatMap((line) => /^ ---> ([0-9a-f]+)$/.exec(line)?.[1] ?? []).slice(-1));
	return {
		exitCode,
		lines,
		run: async (command: string) => (await docker(['run', '--rm', '--network', 'none', name, 'sh', '-c', command])).all,
	};
}

/** A package manager that writes down what it is asked for, and then has it. */
const fake = (program: string, has: Readonly<Record<string, string>>) => {
	const cases = Object.entries(has).map(([name, path]) => `${name}) cp /usr/bin/true ${path};;`);
	const script = [
		'#!/bin/sh',
		`echo "${program} $*" >> /asked`,
		`for word; do case $word in ${cases.join(' ')} esac; done`,
	];
	return `printf '%s\\n' ${script.map((line) => `'${line}'`).join(' ')} > /usr/bin/${program} && chmod +x /usr/bin/${program}`;
};

const AS_FEDORA = 'rm /usr/bin/apt-get /usr/bin/dpkg-query';

const WITH_WASI_SDK = 'mkdir -p /opt/wasi-sdk-24.0/bin && cp /usr/bin/true /opt/wasi-sdk-24.0/bin/clang';

describe('the devcontainer', () => {
	test("on Debian's packages needs no network, and no root", async () => {
		const { exitCode, run } = await buildOn(BASE_IMAGE);
		expect(exitCode).toBe(0);
		expect(await run('id --user --name; id --user; pwd; ls -ld ~/.cache/cpybuild | cut -d " " -f 3')).toBe(
			'cpybuild\n1000\n/home/cpybuild\ncpybuild',
		);
		const programs = 'clang-19 wasm-ld-19 llvm-ar-19 llvm-ranlib-19 make node';
		expect(await run(`for name in ${programs}; do command -v $name >/dev/null || echo no $name; done`)).toBe('');
		expect(await run('ls /usr/lib/wasm32-wasi/libc.a')).toBe('/usr/lib/wasm32-wasi/libc.a');
	});

	test('on a Debian that lacks something gets just that by apt-get', async () => {
		const base = await makeBase(
			'rm /usr/bin/make && dpkg --remove --force-depends lld-19 >/dev/null',
			fake('apt-get', { make: '/usr/bin/make' }),
		);
		const { exitCode, lines, run } = await buildOn(base);
		expect(exitCode).toBe(0);
		expect(lines).toContain('cpybuild: installing make lld-19');
		expect(await run('cat /asked')).toBe(
			'apt-get update\napt-get install --yes --no-install-recommends ca-certificates lld-19 make\napt-get clean',
		);
	});

	test('for an editor also has npm and git', async () => {
		const base = await makeBase(fake('apt-get', { npm: '/usr/bin/npm', git: '/usr/bin/git' }));
		const { exitCode, run } = await buildOn(base, 'edit');
		expect(exitCode).toBe(0);
		expect(await run('sed -n 2p /asked')).toBe('apt-get install --yes --no-install-recommends ca-certificates npm git');
	});

	test('on an image with a WASI-SDK gets by dnf what is missing, and no other compiler', async () => {
		const base = await makeBase(
			AS_FEDORA,
			WITH_WASI_SDK,
			'rm /usr/bin/make',
			fake('dnf', { '/usr/bin/make': '/usr/bin/make' }),
		);
		const { exitCode, run } = await buildOn(base);
		expect(exitCode).toBe(0);
		expect(await run('cat /asked')).toBe(
			'dnf --assumeyes --nodocs --setopt=install_weak_deps=False install /usr/bin/make\ndnf --assumeyes clean all',
		);
		const complete = await buildOn(await makeBase(AS_FEDORA, WITH_WASI_SDK));
		expect(complete.exitCode).toBe(0);
	});

	test('gives its user another number where 1000 is taken', async () => {
		const { exitCode, run } = await buildOn(await makeBase('useradd --uid 1000 ubuntu'));
		expect(exitCode).toBe(0);
		expect(await run('id --user --name; id --user ubuntu; id --user')).toBe('cpybuild\n1000\n1001');
	});

	test.each([
		[
			'has neither a WASI-SDK nor packages instead of it',
			[AS_FEDORA],
			'cpybuild: the base image has no WASI-SDK below /opt, and is no Debian, which has packages instead of it',
		],
		[
			'lacks something, and nothing can install it',
			[AS_FEDORA, WITH_WASI_SDK, 'rm /usr/bin/make'],
			'cpybuild: the base image lacks make, and has neither apt-get nor dnf',
		],
		[
			'has a Node.js that is too old',
			["printf '#!/bin/sh\\necho v18.20.4\\n' > /usr/bin/node"],
			'cpybuild: the base image has Node.js v18.20.4, and 20 is the oldest that works',
		],
	])('is not built on an image that %s', async (_, commands, message) => {
		const { exitCode, lines } = await buildOn(await makeBase(...commands));
		expect(exitCode).not.toBe(0);
		expect(lines.filter((line) => line.startsWith('cpybuild: '))).toEqual([message]);
	});
});
