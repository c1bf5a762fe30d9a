import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CpybuildError } from '../../src/diagnostics/diagnostic.js';
import { type Engine, openEngine } from '../../src/engine/engine.js';
import { findImage } from '../../src/engine/images.js';
import { devcontainerImage } from '../../src/machine/container/devcontainer-image.js';
import { ensureImage, type ImageWish } from '../../src/machine/container/image.js';
import type { ImageRecord } from '../../src/machine/container/image-record.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
import { type ImageRegistry, startImageRegistry } from '../helpers/image-registry.js';
import { startPodman } from '../helpers/podman-engine.js';

let env: { readonly DOCKER_HOST: string };
let engine: Engine;
let registry: ImageRegistry;

const OTHER_WAYS =
	'without a registry: load the image where the engine runs ("docker load"), or take one of Debian packages; see docs/devcontainer.md';

/** Names of images that are removed in the end. */
const made = new Set<string>();

beforeAll(async () => {
	env = { DOCKER_HOST: await dockerHostWithBase() };
	engine = await open(env.DOCKER_HOST);
	registry = await startImageRegistry();
});

afterAll(async () => {
	await execa('docker', ['image', 'rm', '--force', ...made], { env, reject: false });
	engine.close();
	await registry.close();
});

const open = (host: string) =>
	openEngine({ way: { kind: 'unix', path: host.replace('unix://', '') }, url: host, origin: 'the tests' });

let lines: string[];

beforeEach(() => {
	lines = [];
});

const WISH = { kind: 'base', offline: true } as const;

const ensure = (name: string, wish: Partial<ImageWish> = {}, recorded?: ImageRecord, own = engine) => {
	if (name !== BASE_IMAGE) made.add(name);
	const platform = `linux-${process.arch}`;
	const asked: ImageWish = { kind: 'image', name, platform, offline: false, renew: false, ...wish };
	return ensureImage(own, asked, recorded, { onLine: (line) => lines.push(line), onProgress: () => {} });
};

const problem = async (promise: Promise<unknown>) => {
	try {
		return await promise;
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ code, message, notes }) => [
			code,
			message,
			...(notes ?? []).map((note) => note.message),
		]);
	}
};

const idOf = async (name: string) =>
	(await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', name], { env })).stdout;

/** Also those without names. */
const allImages = async () => {
	const { stdout } = await docker('image', 'ls', '--all', '--quiet', '--no-trunc');
	return [...new Set(stdout.split('\n'))].sort();
};

const docker = (...args: string[]) => execa('docker', args, { env });

describe('an image of a registry', () => {
	test('is pulled once, recorded by digest, and got by it when its tag has moved on', async () => {
		const name = `${registry.host}/team/wasi:1`;
		const first = await registry.put('team/wasi', '1', 'first', engine.architecture);
		const pulled = await ensure(name);
		expect(pulled.record).toEqual({ digest: first });
		expect(lines).toEqual([`pulling the image ${name}`]);
		const second = await registry.put('team/wasi', '1', 'second', engine.architecture);
		expect(second).not.toBe(first);

		const before = registry.requests.length;
		expect(await ensure(name)).toEqual(pulled);
		expect(await ensure(name, {}, pulled.record)).toEqual(pulled);
		expect(registry.requests.slice(before)).toEqual([]);

		const newer = await ensure(name, { renew: true }, pulled.record);
		expect(newer.record).toEqual({ digest: second });
		expect(newer.image.id).not.toBe(pulled.image.id);

		// As on a machine that never had the first one.
		await docker('image', 'rm', pulled.image.id);
		const again = await ensure(name, {}, { digest: first });
		expect(again).toEqual(pulled);
		made.add(`${registry.host}/team/wasi@${first}`);
		expect(await idOf(name)).toBe(newer.image.id);
	});

	test('that is made for another processor is refused', async () => {
		const other = engine.architecture === 'amd64' ? 'arm64' : 'amd64';
		const name = `${registry.host}/team/other:1`;
		await registry.put('team/other', '1', 'other', other);
		const [[code] = []] = (await problem(ensure(name))) as readonly string[][];
		expect(code).toBe('toolchain/image-platform');
	});

	test('that it does not have is told, and so is a registry that is not there', async () => {
		const name = `${registry.host}/team/none:1`;
		expect(await problem(ensure(name))).toEqual([
			['toolchain/image-missing', `no registry gives the image "${name}"`, OTHER_WAYS],
		]);
		expect(await problem(ensure('localhost:1/none:1'))).toEqual([
			['toolchain/image-pull-failed', 'the image "localhost:1/none:1" cannot be fetched', OTHER_WAYS],
		]);
		expect(await problem(ensure(name, { offline: true }))).toEqual([
			['toolchain/image-missing', `the container engine at "${env.DOCKER_HOST}" does not have the image "${name}"`],
		]);
	});
});

describe('an image that was made here', () => {
	test('is recorded by its id', async () => {
		const id = await idOf(BASE_IMAGE);
		const ensured = await ensure(BASE_IMAGE);
		expect([ensured.image.id, ensured.record, lines]).toEqual([id, { id }, []]);
	});

	test('and has not what a devcontainer needs says what a base is', async () => {
		const name = `${registry.host}/team/empty:1`;
		await registry.put('team/empty', '1', 'no programs', engine.architecture);
		const before = await allImages();
		expect(await problem(ensure(name, { kind: 'base' }))).toEqual([
			[
				'toolchain/image-build-failed',
				expect.stringMatching(/^the image "cpybuild-devcontainer:[0-9a-f]{16}" cannot be built$/),
				'a base is Debian 13 or newer, or has a WASI-SDK below /opt; what it lacks is installed, which needs a network; an image that has everything is used as it is: "image" instead of "base"',
			],
		]);
		expect(await allImages()).toEqual([...before, await idOf(name)].sort());
	});
});

describe.each([
	['Docker', async () => ({ host: await dockerHostWithBase(), stop: async () => {} })],
	['Podman', startPodman],
])('%s', (_, start) => {
	test('has the devcontainer, which is built once and needs no network', async () => {
		const { host, stop } = await start();
		onTestFinished(stop);
		const own = await open(host);
		onTestFinished(own.close);
		const id = (await findImage(own, BASE_IMAGE))?.id ?? '';
		const { tag } = devcontainerImage(id);
		await execa('docker', ['image', 'rm', tag], { env: { DOCKER_HOST: host }, reject: false });
		const built = await ensure(BASE_IMAGE, WISH, undefined, own);
		expect(built.record).toEqual({ id });
		expect(lines[0]).toBe(`building the image ${tag} on ${BASE_IMAGE}`);
		expect(await findImage(own, tag)).toEqual(built.image);

		lines = [];
		expect(await ensure(BASE_IMAGE, WISH, built.record, own)).toEqual(built);
		expect(lines).toEqual([]);
		const user = ['run', '--rm', '--network', 'none', tag, 'id', '--user', '--name'];
		expect((await execa('docker', user, { env: { DOCKER_HOST: host } })).stdout).toBe('cpybuild');
	});
});
