import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { packTar, unpackTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CpybuildError } from '../../src/diagnostics/diagnostic.js';
import type { BuildImageOptions } from '../../src/engine/build-image.js';
import {
	type Container,
	getArchive,
	openContainer,
	putArchive,
	reap,
	removeContainer,
} from '../../src/engine/containers.js';
import { type Engine, openEngine } from '../../src/engine/engine.js';
import { machineFiles } from '../../src/engine/environment.js';
import { type ExecCommand, execute } from '../../src/engine/exec.js';
import { buildImage, findImage, pullImage } from '../../src/engine/images.js';
import { OWNER_LABEL } from '../../src/engine/owner.js';
import { resolveEndpoint } from '../../src/engine/resolve-endpoint.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
import { startPodman } from '../helpers/podman-engine.js';
import { READER, startRegistry } from '../helpers/registry.js';
import { problemOf } from '../unit/engine/fake-engine.js';

const user = { uid: 4242, gid: 4242 };
const PATH = '/usr/bin:/bin';

describe.each([
	['Docker', async (_registry: string) => ({ host: await dockerHostWithBase(), stop: async () => {} })],
	['Podman', startPodman],
])('%s', (name, start) => {
	let engine: Engine;
	let stop = async () => {};

	let registry = '';
	let stopRegistry = async () => {};

	beforeAll(async () => {
		({ address: registry, stop: stopRegistry } = await startRegistry());
		const started = await start(registry);
		({ stop } = started);
		engine = await openEngine(resolveEndpoint({ DOCKER_HOST: started.host }, machineFiles()));
	});

	afterAll(async () => {
		engine?.close();
		await stop();
		await stopRegistry();
	});

	const inContainer = async (use: (container: Container) => Promise<void>) => {
		const container = await openContainer(engine, { image: BASE_IMAGE, user });
		try {
			await use(container);
		} finally {
			await removeContainer(container);
		}
	};

	const collect = async (container: Container, command: Partial<ExecCommand> & Pick<ExecCommand, 'argv'>) => {
		const written = { stdout: '', stderr: '' };
		const result = await execute(
			container,
			{ cwd: '/tmp', env: { PATH }, ...command },
			{
				onStdout: (bytes) => void (written.stdout += Buffer.from(bytes).toString()),
				onStderr: (bytes) => void (written.stderr += Buffer.from(bytes).toString()),
			},
		);
		return { ...result, ...written };
	};

	const shell = (container: Container, script: string) => collect(container, { argv: ['sh', '-c', script] });

	/** Of some containers those that are there, in whatever state; others use the engine too. */
	const remaining = async (...ids: readonly string[]) => {
		const all = await engine.api.listContainers({ all: true });
		return ids.filter((id) => all.some(({ Id }) => Id === id));
	};

	const untilRemoved = (id: string) => engine.api.getContainer(id).wait({ condition: 'removed' });

	test('says what it is', () => {
		const { kind, apiVersion, os, architecture, isLocal, isRootless } = engine;
		expect({ kind, apiVersion, os, architecture, isLocal, isRootless }).toEqual({
			kind: name.toLowerCase(),
			apiVersion: '1.41',
			os: 'linux',
			architecture: process.arch === 'x64' ? 'amd64' : process.arch,
			isLocal: true,
			isRootless: name === 'Podman',
		});
	});

	test('a command gets its arguments, folder, environment and input, and nothing else', () =>
		inContainer(async (container) => {
			const result = await collect(container, {
				argv: [
					'sh',
					'-c',
					'echo "$1"; pwd; env | sort | grep -v "^\\(_\\|PWD\\|OLDPWD\\)="; cat; echo wrong >&2; exit 3',
					'x',
					'a "b" $c',
				],
				cwd: '/usr/lib',
				env: { PATH, A: '1 2', B: "'" },
				input: 'in\nput',
			});
			expect(result).toEqual({
				kind: 'ended',
				exitCode: 3,
				stdout: `a "b" $c\n/usr/lib\nA=1 2\nB='\nPATH=${PATH}\nin\nput`,
				stderr: 'wrong\n',
			});
		}));

	test('a command without input finds its end, and one whose program is missing is told apart', () =>
		inContainer(async (container) => {
			expect([await collect(container, { argv: ['cat'] }), await collect(container, { argv: ['no-such'] })]).toEqual([
				{ kind: 'ended', exitCode: 0, stdout: '', stderr: '' },
				{ kind: 'not-found', stdout: '', stderr: '' },
			]);
		}));

	test('much output and input arrives whole', () =>
		inContainer(async (container) => {
			const input = 'x'.repeat(5_000_000);
			const { stdout } = await collect(container, { argv: ['cat'], input });
			expect(stdout === input).toBe(true);
		}));

	test('commands are not root, have no network, and cannot get more rights', () =>
		inContainer(async (container) => {
			const { stdout } = await shell(
				container,
				'id -u; id -g; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; ls /sys/class/net; touch /x 2>&1',
			);
			expect(stdout.replaceAll('\t', ' ')).toBe(
				"4242\n4242\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\nlo\ntouch: cannot touch '/x': Permission denied\n",
			);
		}));

	test('archives go in and out with owners, modes and links', () =>
		inContainer(async (container) => {
			const owner = { ...user, mtime: new Date(1_600_000_000_000) };
			const tar = await packTar([
				{ header: { name: 'work/', type: 'directory', mode: 0o755, size: 0, ...owner } },
				{ header: { name: 'work/run', type: 'file', mode: 0o750, size: 5, ...owner }, body: 'hello' },
				{ header: { name: 'work/link', type: 'symlink', linkname: 'run', mode: 0o777, size: 0, ...owner } },
			]);
			await putArchive(container, '/srv', Readable.from([tar]));
			const seen = await shell(
				container,
				'cd /srv/work && stat -c "%n %u %a %Y" . run && readlink link && echo more >> run && echo new > new',
			);
			const entries = await unpackTar(await buffer(await getArchive(container, '/srv/work')));
			expect([seen.stdout, entries.map(({ header }) => header.name.replace(/\/$/, '')).sort()]).toEqual([
				'. 4242 755 1600000000\nrun 4242 750 1600000000\nrun\n',
				['work', 'work/link', 'work/new', 'work/run'],
			]);
		}));

	test('an abort kills a command with its children, and the container goes on', () =>
		inContainer(async (container) => {
			const abort = new AbortController();
			const script = 'sleep 1000 & sleep 1000 & echo ready; wait';
			const running = execute(
				container,
				{ argv: ['sh', '-c', script], cwd: '/', env: { PATH } },
				{ signal: abort.signal, onStdout: () => abort.abort() },
			);
			await expect(running).rejects.toThrow(
				new CpybuildError({ code: 'build/interrupted', severity: 'error', message: 'the build was interrupted' }),
			);
			const left = await shell(container, 'cat /proc/[0-9]*/comm | grep -c sleep');
			expect(left.stdout).toBe('0\n');
		}));

	test('a failure of who listens is passed on, and ends the command', () =>
		inContainer(async (container) => {
			const failure = new Error('the log is full');
			const onStdout = () => {
				throw failure;
			};
			const command = { argv: ['sh', '-c', 'echo ready; sleep 1000'], cwd: '/', env: { PATH } } as const;
			await expect(execute(container, command, { onStdout })).rejects.toBe(failure);
			const sleeping = async () => (await shell(container, 'cat /proc/[0-9]*/comm | grep -c sleep')).stdout;
			await expect.poll(sleeping, { timeout: 30_000 }).toBe('0\n');
		}));

	test('a command that cannot begin is told in the words of the shell', () =>
		inContainer(async (container) => {
			const problem = await problemOf(collect(container, { argv: ['true'], cwd: '/none' }), engine.endpoint.url);
			expect(problem).toEqual({
				code: 'toolchain/engine-refused',
				message: 'the container engine at "URL" does not start a command',
				details: ["cpybuild: 1: cd: can't cd to /none"],
				hint: 'the image needs /bin/sh and /usr/bin/env, and the working folder has to exist',
			});
		}));

	test('a command that is aborted before it begins does not run', () =>
		inContainer(async (container) => {
			const command = { argv: ['touch', '/tmp/x'], cwd: '/', env: { PATH } } as const;
			await expect(execute(container, command, { signal: AbortSignal.abort() })).rejects.toThrow(
				'build/interrupted: the build was interrupted',
			);
			expect((await shell(container, 'ls /tmp')).stdout).toBe('');
		}));

	test('a container that is removed in the middle is told', () =>
		inContainer(async (container) => {
			const ended = 'toolchain/container-ended: the container ended in the middle of the build';
			const command = { argv: ['sh', '-c', 'echo ready; sleep 1000'], cwd: '/', env: { PATH } } as const;
			const removed = untilRemoved(container.id);
			const remove = () => void engine.api.getContainer(container.id).remove({ force: true });
			await expect(execute(container, command, { onStdout: remove })).rejects.toThrow(ended);
			await removed;
			await expect(execute(container, command)).rejects.toThrow(ended);
			await expect(getArchive(container, '/tmp')).rejects.toThrow(ended);
		}));

	test('removing is the end of everything, and may be done twice', async () => {
		const container = await openContainer(engine, { image: BASE_IMAGE, user });
		await Promise.all([removeContainer(container), removeContainer(container)]);
		await removeContainer(container);
		expect(await remaining(container.id)).toEqual([]);
	});

	test('a container ends with the connection that keeps it', async () => {
		const container = await openContainer(engine, { image: BASE_IMAGE, user });
		const gone = untilRemoved(container.id);
		container.lifeline.destroy();
		await gone;
		expect(await remaining(container.id)).toEqual([]);
	});

	test('what dead processes left is removed, what living ones use is not', async () => {
		const used = await openContainer(engine, { image: BASE_IMAGE, user });
		const label = (await engine.api.getContainer(used.id).inspect()).Config.Labels[OWNER_LABEL] ?? '';
		const [space, pid, started] = label.split('/');
		const make = (owner: string, State: 'created' | 'running') =>
			engine.api
				.createContainer({
					Image: BASE_IMAGE,
					Cmd: ['sleep', '1000'],
					Labels: { [OWNER_LABEL]: owner },
					HostConfig: { NetworkMode: 'none' },
				})
				.then(async (made) => {
					if (State === 'running') await made.start();
					return made.id;
				});
		const reused = await make(`${space}/${pid}/another`, 'running');
		const dead = await make(`${space}/999999999/1`, 'created');
		const elsewhere = await make(`elsewhere/${pid}/${started}`, 'created');
		await reap(engine);
		expect(await remaining(used.id, reused, dead, elsewhere)).toEqual([used.id, elsewhere]);
		await engine.api.getContainer(elsewhere).remove();
		await removeContainer(used);
	});

	test('an image that is not there is told', async () => {
		expect(await findImage(engine, 'cpybuild-no-such:1')).toBe(undefined);
		await expect(openContainer(engine, { image: 'cpybuild-no-such:1', user })).rejects.toThrow(
			`toolchain/image-missing: the container engine at "${engine.endpoint.url}" has no image "cpybuild-no-such:1"`,
		);
	});

	describe('images', () => {
		/** A context with these files, and a Dockerfile of these lines. */
		const context = async (lines: readonly string[], files: Readonly<Record<string, string>> = {}) => {
			const entries = Object.entries({ Dockerfile: lines.join('\n'), ...files }).map(([path, body]) => ({
				header: { name: path, size: body.length, mode: 0o644 },
				body,
			}));
			return Readable.from([Buffer.from(await packTar(entries))]);
		};

		const build = async (tag: string, lines: readonly string[], options: BuildImageOptions = {}) =>
			buildImage(
				engine,
				{ context: await context(lines, { file: 'text' }), dockerfile: 'Dockerfile', tag, args: { BASE: BASE_IMAGE } },
				options,
			);

		const fromBase = ['ARG BASE', 'FROM $BASE'];
		const remove = (name: string) => engine.api.getImage(name).remove({ force: true });

		test('an image is built with arguments and files, and commands run in it', async () => {
			const tag = 'cpybuild-test-build:1';
			const lines: string[] = [];
			const built = await build(
				tag,
				[...fromBase, 'COPY file /opt/file', 'RUN echo "in the build: $(cat /opt/file)"'],
				{
					onLine: (line) => lines.push(line),
				},
			);
			expect(lines.filter((line) => line.startsWith('in the build'))).toEqual(['in the build: text']);
			expect(await findImage(engine, tag)).toEqual(built);
			const container = await openContainer(engine, { image: built.id, user });
			expect((await collect(container, { argv: ['cat', '/opt/file'] })).stdout).toBe('text');
			await removeContainer(container);
			await remove(tag);
		});

		test('what an image begins by itself does not run, and its volumes go with the container', async () => {
			const tag = 'cpybuild-test-entrypoint:1';
			const own = ['ENTRYPOINT ["false"]', 'CMD ["x"]', 'VOLUME /opt/volume', 'USER root', 'WORKDIR /opt'];
			const { id: image } = await build(tag, [...fromBase, ...own]);
			const volumeOf = async ({ id }: Container) => {
				const { Mounts } = await engine.api.getContainer(id).inspect();
				return engine.api.getVolume(Mounts[0]?.Name ?? '');
			};
			const removed = await openContainer(engine, { image, user });
			const ended = await openContainer(engine, { image, user });
			const volumes = await Promise.all([removed, ended].map(volumeOf));
			expect((await collect(removed, { argv: ['cat'], input: 'runs' })).stdout).toBe('runs');
			await removeContainer(removed);
			const gone = untilRemoved(ended.id);
			ended.lifeline.destroy();
			await gone;
			for (const volume of volumes)
				await expect.poll(() => volume.inspect().catch(({ statusCode }) => statusCode)).toBe(404);
			await remove(tag);
		});

		test('a build that fails is told with its output', async () => {
			const failing = build('cpybuild-test-failing:1', [...fromBase, 'RUN echo last words; exit 3']);
			const error = await failing.then(
				() => undefined,
				(thrown) => thrown,
			);
			const { code, message, details } = error.diagnostics[0];
			expect([code, message, details.includes('last words')]).toEqual([
				'toolchain/image-build-failed',
				'the image "cpybuild-test-failing:1" cannot be built',
				true,
			]);
		});

		test('a build that is interrupted leaves no container', async () => {
			const abort = new AbortController();
			const options = { signal: abort.signal, onLine: (line: string) => void (line === 'ready' && abort.abort()) };
			// Podman lets a command that has begun go on to its end.
			const script = name === 'Docker' ? 'echo ready; sleep 1234' : 'echo ready';
			const building = build('cpybuild-test-abort:1', [...fromBase, `RUN ${script}`, 'RUN sleep 1234'], options);
			await expect(building).rejects.toThrow('build/interrupted: the build was interrupted');
			const left = async () => {
				const all = await engine.api.listContainers({ all: true });
				return all.filter(({ Command }) => Command.includes('sleep 1234'));
			};
			// The engine tidies up a moment later.
			await expect.poll(left, { timeout: 30_000 }).toEqual([]);
		});

		test('an image is pulled by name and by digest, with a login', async () => {
			const name = `${registry}/cpybuild/test:1`;
			const login = { ...READER, serveraddress: registry };
			const options = { login: async () => login };
			const built = await build(name, ['FROM scratch', 'COPY file /file']);
			const pushing = await engine.api.getImage(name).push({ authconfig: login });
			await text(pushing);
			await remove(name);
			expect(await findImage(engine, name)).toBe(undefined);
			const pulled = await pullImage(engine, name, options);
			expect(pulled).toEqual({
				...built,
				digests: [expect.stringMatching(/^127\.0\.0\.1:\d+\/cpybuild\/test@sha256:[0-9a-f]{64}$/)],
			});
			await remove(name);
			expect(await pullImage(engine, pulled.digests[0] ?? '', options)).toEqual(pulled);
			await remove(pulled.id);
			const anonymous = { login: async () => undefined };
			const missing = `toolchain/image-missing: no registry gives the image "${name}"`;
			await expect(pullImage(engine, name, anonymous)).rejects.toThrow(missing);
			await expect(pullImage(engine, name.replace(/1$/, '2'), options)).rejects.toThrow(missing.replace(/1"$/, '2"'));
		});
	});
});
