import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { launchBazelRemote } from './bazel-remote.js';
import { freePort } from './ports.js';

/** A real cache server on this machine; it ends with the test. */
export interface RemoteServer {
	/** The root of the cache, with a slash at the end. */
	readonly url: string;
	/** Where it keeps its files. */
	readonly data: string;
}

/** Starts bazel-remote with its defaults; gRPC is off, since its port is fixed. */
export async function startBazelRemote(args: readonly string[] = []): Promise<RemoteServer> {
	const data = makeFolder();
	const { url, stop } = await launchBazelRemote(data, await freePort(), args);
	onTestFinished(stop);
	return { url, data };
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
