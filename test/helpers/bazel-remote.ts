import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { ROOT } from './cli.js';
import { takesConnections } from './ports.js';

const MODULE = 'github.com/buchgr/bazel-remote/v2';

/** Starts bazel-remote on a port of this machine, and waits until it listens. */
export async function launchBazelRemote(data: string, port: number, args: readonly string[] = []) {
	const place = ['--dir', data, '--http_address', `127.0.0.1:${port}`, '--grpc_address', 'none'];
	const server = execa(bazelRemote(), [...place, '--max_size', '1', ...args], { all: true, reject: false });
	const lines: string[] = [];
	server.all.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
	// It writes this just before it listens.
	await new Promise<void>((resolve, reject) => {
		server.all.on('data', () => lines.join('').includes('Starting HTTP server') && resolve());
		server.all.on('end', () => reject(new Error(`bazel-remote has ended:\n${lines.join('')}`)));
	});
	while (!(await takesConnections(port)));
	const stop = async () => {
		// It would take its time otherwise.
		server.kill('SIGKILL');
		await server;
	};
	return { url: `http://127.0.0.1:${port}/`, stop };
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
