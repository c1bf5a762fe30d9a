import { describe, expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { type MachineOptions, readMachineSettings } from '../../../src/machine-settings.js';
import { imageName } from '../../../src/manifest/image-name.js';

type Environment = Parameters<typeof readMachineSettings>[1];

const settle = (options: MachineOptions, environment: Environment = {}) => {
	const { machine, container } = readMachineSettings(options, environment);
	return [machine, container?.kind, container?.name];
};

const problem = (options: MachineOptions, environment: Environment = {}) => {
	try {
		return readMachineSettings(options, environment);
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ code, message, hint }) => [code, message, hint]);
	}
};

describe('where commands run', () => {
	test('is left to the manifest when nobody says anything', () => {
		expect(settle({}, { CPYBUILD_MACHINE: '', CPYBUILD_IMAGE: '' })).toEqual([undefined, undefined, undefined]);
	});

	test('is what the caller says, else what the environment says', () => {
		expect(settle({}, { CPYBUILD_MACHINE: 'container' })).toEqual(['container', undefined, undefined]);
		expect(settle({ machine: 'native' }, { CPYBUILD_MACHINE: 'container' })).toEqual(['native', undefined, undefined]);
	});

	test('is a container for a caller who names an image, and not for an environment that does', () => {
		const environment = { CPYBUILD_MACHINE: 'native', CPYBUILD_IMAGE: 'team/wasi:2' };
		expect(settle({ image: 'team/wasi:1' }, environment)).toEqual(['container', 'image', 'team/wasi:1']);
		expect(settle({}, environment)).toEqual(['native', 'image', 'team/wasi:2']);
		expect(settle({ machine: 'native', image: 'a' }, environment)).toEqual(['native', 'image', 'a:latest']);
		expect(settle({ image: '' }, environment)).toEqual(['native', 'image', 'team/wasi:2']);
	});

	test('has words that are read exactly', () => {
		expect(problem({}, { CPYBUILD_MACHINE: 'docker' })).toEqual([
			['usage/bad-value', 'CPYBUILD_MACHINE is "native" or "container", got "docker"', undefined],
		]);
		const hint =
			'for example cpybuild-devcontainer:debian, or registry.example.com/team/wasi@sha256:… with 64 hex digits';
		expect(problem({ image: '-v' })).toEqual([
			['usage/bad-value', '--image takes the name of an image, got "-v"', hint],
		]);
		expect(problem({}, { CPYBUILD_IMAGE: 'Team/x' })).toEqual([
			['usage/bad-value', 'CPYBUILD_IMAGE takes the name of an image, got "Team/x"', hint],
		]);
		expect(problem({}, { CPYBUILD_CONTAINER_PLATFORM: 'linux/amd64' })).toEqual([
			[
				'usage/bad-value',
				'CPYBUILD_CONTAINER_PLATFORM is for example "linux-x64" or "linux-arm64", got "linux/amd64"',
				undefined,
			],
		]);
	});

	test('is this processor unless the environment announces another', () => {
		expect(readMachineSettings({}, {}).containerPlatform).toBe(`linux-${process.arch}`);
		const environment = { CPYBUILD_CONTAINER_PLATFORM: 'linux-arm64' };
		expect(readMachineSettings({}, environment).containerPlatform).toBe('linux-arm64');
	});
});

describe('the name of an image', () => {
	const digest = `sha256:${'0a'.repeat(32)}`;

	test.each([
		['debian', 'debian:latest'],
		['debian:trixie', 'debian:trixie'],
		['localhost:5000/a', 'localhost:5000/a:latest'],
		['registry.example.com:5000/team/wasi_sdk/x.y:v1.2', 'registry.example.com:5000/team/wasi_sdk/x.y:v1.2'],
		['REGISTRY.example.com/a', 'REGISTRY.example.com/a:latest'],
		[`team/a@${digest}`, `team/a@${digest}`],
		[`team/a:1@${digest}`, `team/a:1@${digest}`],
	])('%s is %s', (text, name) => {
		expect(imageName(text)).toBe(name);
	});

	test.each([
		['a word with a space', 'debian trixie'],
		['capitals', 'team/Wasi'],
		['an option', '--privileged'],
		['an address', 'https://registry.example.com/a'],
		['a folder', './image'],
		['a short digest', 'a@sha256:12'],
		['no tag behind the colon', 'a:'],
		['nothing', ''],
		['a second line', 'a\nb'],
	])('is not %s', (_, text) => {
		expect(imageName(text)).toBeUndefined();
	});
});
