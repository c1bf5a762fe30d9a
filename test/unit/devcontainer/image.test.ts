import { describe, expect, test } from 'vitest';
import { CpybuildError, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { Engine } from '../../../src/engine/engine.js';
import type { Image, ImageBuild } from '../../../src/engine/images.js';
import { devcontainerImage } from '../../../src/machine/container/devcontainer-image.js';
import { ensureImage, type ImageWish } from '../../../src/machine/container/image.js';
import type { ImageRecord } from '../../../src/machine/container/image-record.js';

const BASE = 'ghcr.io/python/wasicontainer:latest';
const REPOSITORY = 'ghcr.io/python/wasicontainer';

const sha = (digit: string) => `sha256:${digit.repeat(64)}`;

/** An image as Docker has had them for long: its id is no digest. */
const image = (id: string, ...digests: string[]): Image => ({
	id: sha(id),
	digests,
	os: 'linux',
	architecture: 'amd64',
});

/** What a fake engine has, and what its registry has. */
interface World {
	readonly here?: Readonly<Record<string, Image>>;
	readonly registry?: Readonly<Record<string, Image>>;
	readonly architecture?: string;
	readonly os?: string;
	readonly kind?: 'docker' | 'podman';
	/** What the engine says while it builds, before it refuses. */
	readonly brokenBuild?: readonly string[];
}

const refuse = (action: 'pull' | 'build', message: string): never => {
	throw new CpybuildError(diagnostic({ code: `toolchain/image-${action}-failed`, message }));
};

const WISH: ImageWish = { kind: 'image', name: BASE, platform: 'linux-x64', offline: false, renew: false };

/** Asks for an image; tells what came of it, and what the engine was asked for. */
async function ask(world: World, wish: Partial<ImageWish> = {}, recorded?: ImageRecord) {
	const { here = {}, registry = {}, os = 'linux', architecture = 'amd64', kind = 'docker', brokenBuild } = world;
	const engine = { endpoint: { url: 'unix:///run/engine.sock' }, os, architecture, kind } as Engine;
	const calls: string[] = [];
	const lines: string[] = [];
	const progress: number[][] = [];
	const built: ImageBuild[] = [];
	const answer = ensureImage(
		engine,
		{ ...WISH, ...wish },
		recorded,
		{ onLine: (line) => lines.push(line), onProgress: (...numbers) => progress.push(numbers) },
		{
			find: async (_, name) => {
				calls.push(`find ${name}`);
				return here[name];
			},
			pull: async (_, name, { onProgress } = {}) => {
				calls.push(`pull ${name}`);
				onProgress?.({ done: 1, layers: 2, bytes: 30, totalBytes: 50 });
				return registry[name] ?? refuse('pull', `no such host: ${name}`);
			},
			build: async (_, build, { onLine } = {}) => {
				calls.push(`build ${build.tag}`);
				for (const line of brokenBuild ?? ['Step 1']) onLine?.(line);
				if (brokenBuild) refuse('build', 'a command returned 1');
				built.push(build);
				return image('f');
			},
			remove: async (_, id) => {
				calls.push(`remove ${id}`);
			},
		},
	);
	const result = await answer.catch((error: unknown) => {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ code, message, hint, notes = [] }) => [
			code,
			message,
			hint,
			...notes.map((note) => note.message),
		]);
	});
	return { result, calls, lines, progress, built };
}

const ofRegistry = image('1', `${REPOSITORY}@${sha('a')}`);

describe('an image without a record', () => {
	test('is the one that is here, by the digest that came with it', async () => {
		const { result, calls, lines } = await ask({ here: { [BASE]: ofRegistry } });
		expect(result).toEqual({ image: ofRegistry, record: { digest: sha('a') } });
		expect([calls, lines]).toEqual([[`find ${BASE}`], []]);
	});

	test('is pulled when it is not here', async () => {
		const { result, calls, lines, progress } = await ask({ registry: { [BASE]: ofRegistry } });
		expect(result).toEqual({ image: ofRegistry, record: { digest: sha('a') } });
		expect(calls).toEqual([`find ${BASE}`, `pull ${BASE}`]);
		expect([lines, progress]).toEqual([[`pulling the image ${BASE}`], [[30, 50]]]);
	});

	test.each<[string, 'docker' | 'podman', string[]]>([
		['Docker', 'docker', []],
		['a Docker whose ids are digests', 'docker', [`cpybuild-debian@${sha('1')}`]],
		['Podman', 'podman', [`localhost/cpybuild-debian@${sha('b')}`]],
		["Podman, asked with Docker's words", 'podman', [`docker.io/library/cpybuild-debian@${sha('b')}`]],
	])('has an id only, when it was made here, on %s', async (_, kind, digests) => {
		const name = 'cpybuild-debian:trixie';
		const made = image('1', ...digests);
		const { result } = await ask({ kind, here: { [name]: made } }, { name });
		expect(result).toEqual({ image: made, record: { id: sha('1') } });
	});

	test('has a digest of its own name, whatever else the image is called', async () => {
		const record = async (name: string, found: Image, kind: 'docker' | 'podman' = 'docker') => {
			const { result } = await ask({ kind, here: { [name]: found } }, { name });
			return 'record' in result && result.record;
		};
		const elsewhere = image('1', `registry.example.com:5000/team/wasi@${sha('c')}`);
		expect(await record(BASE, elsewhere)).toEqual({ id: sha('1') });
		expect(await record('registry.example.com:5000/team/wasi:2', elsewhere)).toEqual({ digest: sha('c') });
		expect(await record('docker.io/library/debian:trixie', image('1', `debian@${sha('d')}`))).toEqual({
			digest: sha('d'),
		});
		// Where every image has a digest, the name of a registry tells that it came from one.
		expect(await record(BASE, image('a', `${REPOSITORY}@${sha('a')}`))).toEqual({ digest: sha('a') });
		expect(await record(BASE, ofRegistry, 'podman')).toEqual({ digest: sha('a') });
	});

	test('that was just pulled has a digest, also where that is its id', async () => {
		const pulled = image('d', `debian@${sha('d')}`);
		const { result } = await ask({ registry: { 'debian:trixie': pulled } }, { name: 'debian:trixie' });
		expect(result).toEqual({ image: pulled, record: { digest: sha('d') } });
	});
});

describe('an image with a record', () => {
	const digest = { digest: sha('a') };

	test('is the one with the digest, whatever the tag means', async () => {
		const other = image('2', `${REPOSITORY}@${sha('b')}`);
		const pinned = `${REPOSITORY}@${sha('a')}`;
		const here = await ask({ here: { [BASE]: other, [pinned]: ofRegistry } }, {}, digest);
		expect([here.result, here.calls]).toEqual([{ image: ofRegistry, record: digest }, [`find ${pinned}`]]);
		const there = await ask({ here: { [BASE]: other }, registry: { [pinned]: ofRegistry } }, {}, digest);
		expect(there.result).toEqual({ image: ofRegistry, record: digest });
		expect(there.calls).toEqual([`find ${pinned}`, `find ${BASE}`, `pull ${pinned}`]);
	});

	test('may have been loaded under its name, which leaves its digest behind', async () => {
		for (const offline of [false, true]) {
			const { result, calls } = await ask({ here: { [BASE]: image('1') } }, { offline }, digest);
			expect(result).toEqual({ image: image('1'), record: digest });
			expect(calls).toEqual([`find ${REPOSITORY}@${sha('a')}`, `find ${BASE}`]);
		}
	});

	test('may have another id on another engine, and the record stays', async () => {
		const record = { id: sha('9') };
		const { result } = await ask({ here: { 'wasi:1': image('1') } }, { name: 'wasi:1' }, record);
		expect(result).toEqual({ image: image('1'), record });
	});

	test('by id is not pulled: a registry has something else under this name', async () => {
		const world = { registry: { 'wasi:1': image('1') } };
		const { result, calls } = await ask(world, { name: 'wasi:1' }, { id: sha('9') });
		expect(result).toEqual([
			[
				'toolchain/image-missing',
				'the container engine at "unix:///run/engine.sock" does not have the image "wasi:1"',
				'cpybuild.lock records one that no registry gave: make it there or load it ("docker load"); or take what a registry has under this name: "cpybuild upgrade"',
			],
		]);
		expect(calls).toEqual(['find wasi:1']);
	});

	test('is the one of its name, when that has a digest', async () => {
		const name = `team/wasi:1@${sha('e')}`;
		const found = image('1', `team/wasi@${sha('e')}`);
		const { result, calls } = await ask({ here: { [`team/wasi@${sha('e')}`]: found } }, { name }, digest);
		expect([result, calls]).toEqual([{ image: found, record: { digest: sha('e') } }, [`find team/wasi@${sha('e')}`]]);
	});
});

describe('an image that is asked for anew', () => {
	const renew = { renew: true };
	const newer = image('2', `${REPOSITORY}@${sha('b')}`);

	test('is the one that the registry has now', async () => {
		const world = { here: { [BASE]: ofRegistry }, registry: { [BASE]: newer } };
		const { result, calls } = await ask(world, renew, { digest: sha('a') });
		expect(result).toEqual({ image: newer, record: { digest: sha('b') } });
		expect(calls).toEqual([`find ${BASE}`, `pull ${BASE}`]);
	});

	test('is the one that is here, when it was made here', async () => {
		const { result, calls } = await ask(
			{ here: { 'wasi:1': image('3') } },
			{ name: 'wasi:1', ...renew },
			{ id: sha('9') },
		);
		expect([result, calls]).toEqual([{ image: image('3'), record: { id: sha('3') } }, ['find wasi:1']]);
	});

	test('is pulled even when it was recorded by id, and is not here', async () => {
		const world = { registry: { 'team/wasi:1': image('3', `team/wasi@${sha('b')}`) } };
		const { result } = await ask(world, { name: 'team/wasi:1', ...renew }, { id: sha('9') });
		expect(result).toMatchObject({ record: { digest: sha('b') } });
	});
});

describe('an image that cannot be had', () => {
	test('offline is not pulled', async () => {
		const { result, calls } = await ask({ registry: { [BASE]: ofRegistry } }, { offline: true }, { digest: sha('a') });
		expect(result).toEqual([
			[
				'toolchain/image-missing',
				`the container engine at "unix:///run/engine.sock" does not have the image "${REPOSITORY}@${sha('a')}"`,
				'build once without --offline, which pulls it, or load it there ("docker load")',
			],
		]);
		expect(calls).toEqual([`find ${REPOSITORY}@${sha('a')}`, `find ${BASE}`]);
		const renewed = await ask({ here: { [BASE]: ofRegistry } }, { offline: true, renew: true });
		expect([renewed.result, renewed.calls]).toEqual([
			{ image: ofRegistry, record: { digest: sha('a') } },
			[`find ${BASE}`],
		]);
	});

	test('because its registry does not give it learns of other ways', async () => {
		const { result } = await ask({});
		expect(result).toEqual([
			[
				'toolchain/image-pull-failed',
				`no such host: ${BASE}`,
				undefined,
				'without a registry: load the image where the engine runs ("docker load"), or take one of Debian packages; see docs/devcontainer.md',
			],
		]);
	});

	test('because it is made for another processor says so', async () => {
		const { result } = await ask({ here: { [BASE]: { ...ofRegistry, architecture: 'arm64' } } });
		expect(result).toEqual([
			[
				'toolchain/image-platform',
				`the image "${BASE}" is made for linux-arm64, and the container engine runs linux-x64`,
				'remove it there, so that the one for linux-x64 is pulled, or take an image that exists for it',
			],
		]);
	});

	test('because the engine runs on another processor is asked for nothing', async () => {
		const { result, calls } = await ask({ architecture: 'arm64', here: { [BASE]: ofRegistry } });
		expect(result).toEqual([
			[
				'toolchain/engine-platform',
				'the container engine at "unix:///run/engine.sock" runs linux-arm64, and this build is for linux-x64',
				'set CPYBUILD_CONTAINER_PLATFORM=linux-arm64 to build with this engine; what python.wasm does is the same',
			],
		]);
		expect(calls).toEqual([]);
		const windows = await ask({ os: 'windows' });
		expect(windows.result).toMatchObject([
			['toolchain/engine-platform', expect.anything(), 'switch the engine to Linux containers'],
		]);
	});

	test('because the engine went away says that, and nothing of the image', async () => {
		const gone = new CpybuildError(diagnostic({ code: 'toolchain/engine-lost', message: 'gone' }));
		const engine = { endpoint: { url: 'unix:///x' }, os: 'linux', architecture: 'amd64' } as Engine;
		const lost = async () => Promise.reject(gone);
		const answer = ensureImage(
			engine,
			WISH,
			undefined,
			{ onLine: () => {}, onProgress: () => {} },
			{ find: async () => undefined, pull: lost, build: lost, remove: lost },
		);
		await expect(answer).rejects.toBe(gone);
	});
});

describe('the devcontainer', () => {
	const { tag } = devcontainerImage(sha('1'));

	test('is built on the base, which is what the record names', async () => {
		const { result, calls, lines, built } = await ask({ here: { [BASE]: ofRegistry } }, { kind: 'base' });
		expect(result).toEqual({ image: image('f'), record: { digest: sha('a') } });
		expect(calls).toEqual([`find ${BASE}`, `find ${tag}`, `build ${tag}`]);
		expect(lines).toEqual([`building the image ${tag} on ${BASE}`, 'Step 1']);
		expect(built).toMatchObject([{ dockerfile: 'Dockerfile', tag, args: { BASE: sha('1') }, offline: false }]);
	});

	test('is built once', async () => {
		const { result, calls } = await ask({ here: { [BASE]: ofRegistry, [tag]: image('f') } }, { kind: 'base' });
		expect(result).toEqual({ image: image('f'), record: { digest: sha('a') } });
		expect(calls).toEqual([`find ${BASE}`, `find ${tag}`]);
	});

	test('has another name on another base', () => {
		expect(tag).toMatch(/^cpybuild-devcontainer:[0-9a-f]{16}$/);
		expect(devcontainerImage(sha('2')).tag).not.toBe(tag);
	});

	test('is built without a network offline', async () => {
		const { built } = await ask({ here: { [BASE]: ofRegistry } }, { kind: 'base', offline: true });
		expect(built).toMatchObject([{ offline: true }]);
	});

	test('that cannot be built says what a base needs', async () => {
		const brokenBuild = ['Step 1', 'cpybuild: the base image lacks make'];
		const { result, lines } = await ask({ here: { [BASE]: ofRegistry }, brokenBuild }, { kind: 'base' });
		expect(result).toEqual([
			[
				'toolchain/image-build-failed',
				'a command returned 1',
				undefined,
				'a base is Debian 13 or newer, or has a WASI-SDK below /opt; what it lacks is installed, which needs a network; an image that has everything is used as it is: "image" instead of "base"',
			],
		]);
		expect(lines.slice(1)).toEqual(brokenBuild);
	});

	test('that cannot be built leaves no steps behind, and the base alone', async () => {
		const world = { here: { [BASE]: ofRegistry } };
		const base = '1'.repeat(12);
		const none = await ask(
			{ ...world, brokenBuild: ['Step 1', ` ---> ${base}`, ' ---> Running in 0123456789ab'] },
			{ kind: 'base' },
		);
		expect(none.calls.slice(2)).toEqual([`build ${tag}`]);
		const brokenBuild = [` ---> ${base}`, ' ---> Using cache', ' ---> 0123456789ab', ' ---> 0123456789cd', 'failed'];
		const steps = await ask({ ...world, brokenBuild }, { kind: 'base' });
		expect(steps.calls.slice(2)).toEqual([`build ${tag}`, 'remove 0123456789cd']);
		const podman = await ask({ ...world, brokenBuild: ['STEP 2/10: USER root', '--> 0123456789e'] }, { kind: 'base' });
		expect(podman.calls.slice(2)).toEqual([`build ${tag}`, 'remove 0123456789e']);
	});
});
