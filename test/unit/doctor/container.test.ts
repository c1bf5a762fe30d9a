import { describe, expect, test } from 'vitest';
import { diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { type ContainerFacts, judgeContainer } from '../../../src/doctor/container.js';
import { APT, CACHED, COLD } from './work-cases.js';

const FACTS: ContainerFacts = { isWanted: true, isOffline: false, problems: [], starter: 'systemctl' };
const ENGINE = {
	name: 'Docker 28.1.1',
	url: 'unix:///var/run/docker.sock',
	apiVersion: '1.41',
	isRootless: false,
};

const judge = (facts: Partial<ContainerFacts>, installer = APT, work = COLD) =>
	judgeContainer({ ...FACTS, ...facts }, installer, work);

const HERE = {
	id: 'container.engine',
	state: 'ok',
	found: 'Docker 28.1.1, API 1.41, at unix:///var/run/docker.sock',
};

describe('an engine that answers', () => {
	test('is named', () => {
		expect(judge({ engine: ENGINE })).toEqual([HERE]);
		expect(judge({ engine: { ...ENGINE, isRootless: true }, isWanted: false })).toEqual([
			{ ...HERE, found: 'Docker 28.1.1, without rights of root, API 1.41, at unix:///var/run/docker.sock' },
		]);
	});

	const name = 'registry.example/wasi:1';

	test('has the image, or gets it', () => {
		expect(judge({ engine: ENGINE, image: { name, isHere: true } })).toEqual([
			HERE,
			{ id: 'container.image', state: 'ok', found: name },
		]);
		expect(judge({ engine: ENGINE, image: { name, isHere: false } })).toEqual([
			HERE,
			{
				id: 'container.image',
				state: 'note',
				found: 'the image "registry.example/wasi:1" is not here',
				means: 'the next build that compiles pulls it, which can take minutes',
			},
		]);
	});

	test('gets no image with --offline', () => {
		expect(judge({ engine: ENGINE, image: { name, isHere: false }, isOffline: true })[1]).toEqual({
			id: 'container.image',
			state: 'warning',
			found: 'the image "registry.example/wasi:1" is not here',
			means: '--offline forbids pulling it, so a build that compiles would fail',
		});
	});
});

describe('no engine', () => {
	const missing = diagnostic({
		code: 'toolchain/engine-missing',
		message: 'there is no container engine on this machine',
		hint: 'start one',
		details: ['nothing at /var/run/docker.sock'],
	});

	test('is fine where none is asked for', () => {
		expect(judge({ problems: [missing], isWanted: false })).toEqual([
			{ id: 'container.engine', state: 'ok', found: 'no engine, and none is asked for' },
		]);
	});

	test('fails a build that wants a container', () => {
		const error = {
			id: 'container.engine',
			state: 'error',
			found: 'there is no container engine on this machine',
			means: 'the build is to compile in a container: start one',
			details: ['nothing at /var/run/docker.sock'],
		};
		const repair = 'sudo apt-get install --no-install-recommends docker.io';
		expect(judge({ problems: [missing] })).toEqual([{ ...error, repair }]);
		expect(judge({ problems: [missing] }, { ...APT, manager: undefined })).toEqual([error]);
	});
});

describe('an engine that cannot be asked', () => {
	const stopped = diagnostic({
		code: 'toolchain/engine-unreachable',
		message: 'the container engine at "unix:///var/run/docker.sock" is not running',
	});

	test('is a note where none is asked for', () => {
		expect(judge({ problems: [stopped], isWanted: false })).toEqual([
			{
				id: 'container.engine',
				state: 'note',
				found: 'the container engine at "unix:///var/run/docker.sock" is not running',
				means: 'this build does not need it: it compiles on the machine itself',
				repair: 'sudo systemctl start docker',
			},
		]);
	});

	test('fails a build that wants a container', () => {
		expect(judge({ problems: [stopped] })).toEqual([
			{
				id: 'container.engine',
				state: 'error',
				found: 'the container engine at "unix:///var/run/docker.sock" is not running',
				means: 'the build is to compile in a container',
				repair: 'sudo systemctl start docker',
			},
		]);
	});

	test('is no matter for a build that is in the cache', () => {
		expect(judge({ problems: [stopped] }, APT, CACHED)).toEqual([
			{
				id: 'container.engine',
				state: 'warning',
				found: 'the container engine at "unix:///var/run/docker.sock" is not running',
				means: 'this build works, since all that it needs is in the cache; one that compiles does not',
				repair: 'sudo systemctl start docker',
			},
		]);
	});

	const podman = { ...stopped, message: 'the container engine at "unix:///run/podman/podman.sock" is not running' };
	const elsewhere = { ...stopped, message: 'the container engine at "tcp://engine:2375" is not running' };
	const forbidden = diagnostic({ code: 'toolchain/engine-permission', message: 'its socket belongs to root' });
	const old = diagnostic({ code: 'toolchain/engine-version', message: 'it is too old' });

	test.each([
		[stopped, 'systemctl', 'sudo systemctl start docker'],
		[podman, 'systemctl', 'systemctl --user start podman.socket'],
		[podman, 'open', 'podman machine start'],
		[elsewhere, 'systemctl', undefined],
		[stopped, 'open', 'open -a Docker'],
		[stopped, undefined, undefined],
		[forbidden, 'systemctl', 'sudo usermod -aG docker "$USER" && newgrp docker'],
		[forbidden, undefined, undefined],
		[old, 'systemctl', undefined],
	] as const)('has a command for what is wrong: %o, %s', (problem, starter, repair) => {
		expect(judge({ problems: [problem], starter })[0]?.repair).toBe(repair);
	});
});
