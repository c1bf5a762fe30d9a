import { createHash } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { ROOT } from './cli.js';

/** A real cache server on this machine; it ends with the test. */
export interface RemoteServer {
	/** The root of the cache, with a slash at the end. */
	readonly url: string;
	/** Where it keeps its files. */
	readonly data: string;
}

const MODULE = 'github.com/buchgr/bazel-remote/v2';

/** Starts bazel-remote with its defaults; gRPC is off, since its port is fixed. */
export async function startBazelRemote(args: readonly string[] = []): Promise<RemoteServer> {
	const data = makeFolder();
	const port = await freePort();
	const place = ['--dir', data, '--http_address', `127.0.0.1:${port}`, '--grpc_address', 'none'];
	const server = execa(bazelRemote(), [...place, '--max_size', '1', ...args], { all: true, reject: false });
	const lines: string[] = [];
	server.all.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
	onTestFinished(async () => {
		// It would take its time otherwise.
		server.kill('SIGKILL');
		await server;
	});
	// It writes this just before it listens.
	await new Promise<void>((resolve, reject) => {
		server.all.on('data', () => lines.join('').includes('Starting HTTP server') && resolve());
		server.all.on('end', () => reject(new Error(`bazel-remote has ended:\n${lines.join('')}`)));
	});
	while (!(await takesConnections(port)));
	return { url: `http://127.0.0.1:${port}/`, data };
}

/** The program, compiled once for each set of its sources. */
function bazelRemote(): string {
	const sources = join(ROOT, 'test/tools/bazel-remote');
	const go = ['/usr/local/go/bin/go'].find((path) => existsSync(path)) ?? 'go';
	const hash = createHash('sha256').update(execaSync(go, ['version']).stdout);
	for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(sources, name)));
	const folder = join(ROOT, '.cpybuild/tools');
	const program = join(folder, `bazel-remote-${hash.digest('hex').slice(0, 16)}`);
	if (existsSync(program)) return program;
	mkdirSync(folder, { recursive: true });
	execaSync(go, ['build', '-o', `${program}.${process.pid}`, MODULE], { cwd: sources });
	renameSync(`${program}.${process.pid}`, program);
	return program;
}

/** How an nginx of a test asks who is there. */
export interface NginxAccess {
	/** Directives for the cache's location. */
	readonly location?: string;
	/** Directives beside the server. */
	readonly http?: string;
	/** Lines of the password file, which is `passwords` beside the configuration. */
	readonly passwords?: readonly string[];
}

/** Starts nginx as docs/remote-cache.md sets it up, without any rights of root. */
export async function startNginx({
	location = '',
	http = '',
	passwords = [],
}: NginxAccess = {}): Promise<RemoteServer> {
	const folder = makeFolder();
	const data = join(folder, 'data');
	for (const name of ['data', 'data/cache', 'arriving']) mkdirSync(join(folder, name));
	writeFileSync(join(folder, 'passwords'), passwords.map((line) => `${line}\n`).join(''));
	const port = await freePort();
	const temporary = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`);
	const configuration = join(folder, 'nginx.conf');
	writeFileSync(
		configuration,
		`
			${process.getuid?.() === 0 ? 'user root;' : ''}
			worker_processes 1;
			pid ${folder}/nginx.pid;
			error_log ${folder}/error.log;
			events {}
			http {
				access_log off;
				${temporary.join('\n')}
				client_body_temp_path ${folder}/arriving;
				client_max_body_size 0;
				${http}
				server {
					listen 127.0.0.1:${port};
					location /cache/ {
						root ${data};
						dav_methods PUT;
						create_full_put_path on;
						${location}
					}
				}
			}
		`,
	);
	// Without being told to stay in front, it returns when it listens.
	const env = { PATH: `${process.env.PATH}:/usr/sbin` };
	await execa('nginx', ['-c', configuration, '-p', folder, '-e', join(folder, 'error.log')], { env });
	onTestFinished(async () => {
		process.kill(Number(readFileSync(join(folder, 'nginx.pid'), 'utf8')));
	});
	return { url: `http://127.0.0.1:${port}/cache/`, data: join(data, 'cache') };
}

function makeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-server-'));
	chmodSync(folder, 0o755);
	onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
	return folder;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function takesConnections(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}
