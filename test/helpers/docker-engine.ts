import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { ROOT } from './cli.js';
import { answers } from './engine-socket.js';

/** The image of Debian packages that containers of tests are made of. */
export const BASE_IMAGE = 'cpybuild-debian:trixie';

/** Where an engine of the tests keeps everything; sockets need short paths. */
const FOLDER = join(tmpdir(), `cpybuild-docker-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`);
const OWN_SOCKET = join(FOLDER, 'docker.sock');
const PID_FILE = join(FOLDER, 'docker.pid');

/** The socket that the environment names, for who wants the tests to keep out of the usual engine. */
const WISHED = process.env.DOCKER_HOST?.startsWith('unix://') ? [process.env.DOCKER_HOST.slice('unix://'.length)] : [];

/** The address of a Docker engine: of the one that runs, else of one that is started and runs until `stopDocker`. */
export async function dockerHost(): Promise<string> {
	for (const socket of [...WISHED, '/var/run/docker.sock', OWN_SOCKET]) {
		if (await answers(socket)) return `unix://${socket}`;
	}
	mkdirSync(FOLDER, { recursive: true });
	const log = openSync(join(FOLDER, 'log'), 'a');
	const folders = ['--data-root', join(FOLDER, 'data'), '--exec-root', join(FOLDER, 'exec'), '--pidfile', PID_FILE];
	const daemon = spawn('dockerd', ['--host', `unix://${OWN_SOCKET}`, ...folders], {
		stdio: ['ignore', log, log],
		detached: true,
	});
	let ended: unknown;
	daemon.once('error', (error) => (ended = error)).once('exit', (code) => (ended = code));
	daemon.unref();
	while (!(await answers(OWN_SOCKET))) {
		if (ended !== undefined) throw new Error(`dockerd: ${ended}\n${readFileSync(join(FOLDER, 'log'), 'utf8')}`);
	}
	return `unix://${OWN_SOCKET}`;
}

/** The same with `BASE_IMAGE`, which is made of the packages of this machine's Debian mirror when it is missing. */
export async function dockerHostWithBase(): Promise<string> {
	const host = await dockerHost();
	const env = { DOCKER_HOST: host };
	const found = await execa('docker', ['image', 'inspect', BASE_IMAGE], { env, reject: false });
	if (found.exitCode !== 0) await execa('node', ['scripts/ci/debian-base-image.mjs'], { cwd: ROOT, env });
	return host;
}

/** The file system of `BASE_IMAGE` as a tar file, for other engines. */
export async function baseImageTar(folder: string): Promise<string> {
	const env = { DOCKER_HOST: await dockerHostWithBase() };
	const tar = join(folder, 'base-image.tar');
	const { stdout: id } = await execa('docker', ['create', BASE_IMAGE, 'true'], { env });
	await execa('docker', ['export', '--output', tar, id], { env });
	await execa('docker', ['rm', id], { env });
	return tar;
}

/** Ends the engine that tests have started, with all that is in it. */
export function stopDocker(): void {
	if (!existsSync(PID_FILE)) return;
	const pid = Number(readFileSync(PID_FILE, 'utf8'));
	process.kill(pid);
	while (isAlive(pid)) execaSync('sleep', ['0.05']);
	rmSync(FOLDER, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
