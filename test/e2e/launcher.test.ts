import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { execute } from '../../src/execute.js';
import { prepare } from '../../src/prepare.js';
import type { BuildOptions } from '../../src/report.js';
import { settleOptions } from '../../src/settle.js';
import { CACHE, makeCache } from '../helpers/cache.js';
import { hashFolder } from '../helpers/folder.js';
import { CLANG, PROGRAMS, placePrograms } from '../helpers/programs.js';
import { makeProject } from '../helpers/project.js';

/** A base that was built or found. */
interface BuiltBase {
	readonly key: string;
	/** Path → sha256 of its files. */
	readonly files: Readonly<Record<string, string>>;
	/** How many files make had compiled; 0 when nothing had to be made. */
	readonly compiled: number;
}

/** Gets CPython's base, and nothing that needs it, with a launcher and the variables that it is set by. */
async function buildBase(
	cacheDir: string,
	options: Pick<BuildOptions, 'launcher' | 'jobs'> = {},
	variables: Readonly<Record<string, string>> = {},
): Promise<BuiltBase> {
	const project = await makeProject({ 'project.yaml': 'python: "3.13.5"\nmodules: {}\n' });
	let compiled = 0;
	const settled = settleOptions(
		{
			...options,
			manifest: join(project.folder, 'project.yaml'),
			cacheDir,
			compiler: 'native',
			onEvent: (event) => {
				if (event.type === 'output' && /^cpybuild-cc .*-c /.test(event.line)) compiled++;
			},
		},
		{ ...process.env, ...variables },
	);
	const { plan, store, machine, toolchain } = await prepare(settled);
	const base = plan.steps.find((step) => step.id === 'base');
	if (!base) throw new Error('the plan has no base');
	const execution = { ...settled, store, machine, toolchain, logs: join(project.folder, 'logs') };
	const { output } = await execute(plan.steps, [base], execution);
	const files = hashFolder(output(base));
	await Promise.all([store.close(), toolchain.close()]);
	return { key: base.key, files, compiled };
}

/** A folder that is removed when the test has finished. */
async function makeFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A cache at a fixed place, without a base. */
async function emptyCache(folder: string): Promise<string> {
	await rm(folder, { recursive: true, force: true });
	return makeCache(folder, ['source', 'sysroot', 'resource-dir']);
}

test('ccache compiles nothing of a second base, whose bytes are those of a plain one, on a machine that doctor calls ready', async () => {
	const folder = await makeFolder();
	const cache = join(folder, 'cache');
	const settings = { CCACHE_DIR: join(folder, 'ccache'), CCACHE_MAXSIZE: '1G', HOME: folder };
	const counters = async () => {
		const { stdout } = await execa('ccache', ['--print-stats'], { env: settings });
		const counts = new Map(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
		const count = (name: string) => Number(counts.get(name));
		return { hits: count('direct_cache_hit') + count('preprocessed_cache_hit'), misses: count('cache_miss') };
	};
	const plain = await buildBase(CACHE);
	const first = await buildBase(await emptyCache(cache), { launcher: 'ccache' }, settings);
	expect(first.compiled).toBeGreaterThan(200);
	expect(await counters()).toEqual({ hits: 0, misses: first.compiled });
	expect({ key: first.key, files: first.files }).toEqual({ key: plain.key, files: plain.files });
	// The programs that doctor looks for are all that a build of CPython calls.
	const PATH = await placePrograms(join(folder, 'bin'), [...PROGRAMS, ...CLANG, 'make', 'ccache']);
	const second = await buildBase(await emptyCache(cache), { launcher: 'ccache' }, { ...settings, PATH });
	expect(await counters()).toEqual({ hits: first.compiled, misses: first.compiled });
	expect(second).toEqual(first);
});

/** A distcc server on this machine. */
interface DistccServer {
	readonly port: number;
	/** Waits until it has compiled so many files: it writes that down after it has answered. */
	compiled(files: number): Promise<void>;
	/** Ends it, and gives how many files it has compiled. */
	stop(): Promise<number>;
}

/** Starts a server; run by root it takes an account of its own. */
async function startDistcc(): Promise<DistccServer> {
	const port = await freePort();
	const server = spawn(
		'distccd',
		[
			...['--no-detach', '--daemon', '--listen', '127.0.0.1', '--allow', '127.0.0.1', '--port', String(port)],
			...['--jobs', '4', '--log-stderr', '--log-level', 'info'],
		],
		{ env: { PATH: process.env.PATH, TMPDIR: '/tmp' }, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	let files = 0;
	let wake = () => {};
	const log: string[] = [];
	createInterface({ input: server.stderr }).on('line', (line) => {
		log.push(line);
		if (/ COMPILE_OK exit:0 /.test(line)) files++;
		wake();
	});
	const ended = new Promise((resolve) => server.once('close', resolve));
	const stop = async () => {
		server.kill();
		await ended;
		return files;
	};
	onTestFinished(async () => {
		await stop();
	});
	await Promise.race([ended, listening(port)]);
	if (server.exitCode !== null) throw new Error(`distccd did not start:\n${log.join('\n')}`);
	const compiled = async (wanted: number) => {
		while (files < wanted) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	};
	return { port, compiled, stop };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address ? address.port : 0;
}

/** Waits until somebody listens on a port of this machine. */
async function listening(port: number): Promise<void> {
	for (;;) {
		const connected = await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1');
			socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
			socket.once('connect', () => socket.destroy());
		});
		if (connected) return;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

test('a distcc server compiles every file of the base, which has a key of its own and the same bytes', async () => {
	const folder = await makeFolder();
	const server = await startDistcc();
	const settings = {
		DISTCC_HOSTS: `127.0.0.1:${server.port}/4`,
		DISTCC_DIR: join(folder, 'distcc'),
		// Whatever the server refuses is an error, not compiled here.
		DISTCC_FALLBACK: '0',
		DISTCC_SKIP_LOCAL_RETRY: '1',
	};
	await mkdir(settings.DISTCC_DIR);
	const plain = await buildBase(CACHE);
	const far = await buildBase(await emptyCache(join(folder, 'cache')), { launcher: 'distcc', jobs: 4 }, settings);
	expect(far.compiled).toBeGreaterThan(200);
	await server.compiled(far.compiled);
	expect(await server.stop()).toBe(far.compiled);
	expect(far.files).toEqual(plain.files);
	expect(far.key).not.toBe(plain.key);
});

test('a launcher that is not there is told of before anything is compiled, and only then', async () => {
	const folder = await makeFolder();
	const PATH = await placePrograms(join(folder, 'bin'), CLANG);
	const cache = await emptyCache(join(folder, 'cache'));
	const building = buildBase(cache, { launcher: 'ccache' }, { PATH });
	await expect(building).rejects.toThrow('toolchain/launcher-not-found: there is no program "ccache" on the PATH');
	const plain = await buildBase(CACHE);
	expect(await buildBase(CACHE, { launcher: 'ccache' }, { PATH })).toEqual({ ...plain, compiled: 0 });
});
