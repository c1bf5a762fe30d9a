import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { makeCache } from '../helpers/cache.js';
import { CLI } from '../helpers/cli.js';
import { hashFolder } from '../helpers/folder.js';
import { makeProject, type Project } from '../helpers/project.js';

const manifest = (name: string) => `python: "3.13.5"
modules:
  demo:
    functions:
      ${name}: { signature: "func(a: s32, b: s32) -> s32" }
`;

/** A build that was started; events arrive as they are written. */
interface Started {
	readonly child: ChildProcess;
	/** Settles when an event of the type has arrived, or the build has ended. */
	event(type: string): Promise<void>;
	/** Exit code, or the name of the signal. */
	readonly ended: Promise<number | NodeJS.Signals | null>;
}

function start(project: Project, cache: string): Started {
	const args = ['--no-warnings', CLI, 'build', '--json', '--cache-dir', cache];
	const child = spawn(process.execPath, args, { cwd: project.folder, stdio: ['ignore', 'pipe', 'ignore'] });
	const seen = new Set<string>();
	const waiting = new Map<string, () => void>();
	createInterface({ input: child.stdout }).on('line', (line) => {
		const { type }: { type: string } = JSON.parse(line);
		seen.add(type);
		waiting.get(type)?.();
	});
	const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
		child.once('exit', (code, signal) => resolve(signal ?? code)),
	);
	const event = (type: string) =>
		Promise.race([
			ended.then(() => {}),
			new Promise<void>((resolve) => {
				waiting.set(type, resolve);
				if (seen.has(type)) resolve();
			}),
		]);
	return { child, event, ended };
}

/** Command lines of running processes that name a folder. */
function processesIn(folder: string): readonly string[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				const [command, environment] = ['cmdline', 'environ'].map((file) =>
					readFileSync(`/proc/${pid}/${file}`, 'latin1'),
				);
				return `${command} ${environment}`.includes(folder) ? [`${pid} ${command}`] : [];
			} catch {
				return [];
			}
		});
}

/** A project with a dist, and a store without the base, so that its next build compiles CPython. */
async function arrange() {
	const project = await makeProject({ 'project.yaml': manifest('one') });
	expect(await project.build('--quiet')).toMatchObject({ code: 0 });
	const cache = await makeCache(join(project.folder, 'cache'), ['source', 'sysroot', 'resource-dir']);
	await project.write('project.yaml', manifest('two'));
	return { project, cache, dist: hashFolder(project.dist) };
}

describe.skipIf(!existsSync('/proc'))('while CPython is compiled', () => {
	test.each(['SIGINT', 'SIGTERM'] as const)('%s stops all children and leaves nothing half-written', async (signal) => {
		const { project, cache, dist } = await arrange();
		const { child, event, ended } = start(project, cache);
		await event('progress');
		expect(processesIn(cache)).not.toEqual([]);
		child.kill(signal);
		expect(await ended).toBe(130);
		expect(processesIn(cache)).toEqual([]);
		expect(await readdir(join(cache, 'tmp'))).toEqual([]);
		expect(hashFolder(project.dist)).toEqual(dist);
		expect((await readdir(project.folder)).sort()).toEqual([
			'.cpybuild',
			'cache',
			'cpybuild.lock',
			'dist',
			'project.yaml',
		]);
	});

	test('what SIGKILL leaves behind, the next run removes', async () => {
		const { project, cache, dist } = await arrange();
		const first = start(project, cache);
		await first.event('progress');
		first.child.kill('SIGKILL');
		expect(await first.ended).toBe('SIGKILL');
		const left = await readdir(join(cache, 'tmp'));
		expect(left).not.toEqual([]);
		expect(hashFolder(project.dist)).toEqual(dist);

		const second = start(project, cache);
		await second.event('planned');
		expect((await readdir(join(cache, 'tmp'))).filter((name) => left.includes(name))).toEqual([]);
		second.child.kill('SIGINT');
		expect(await second.ended).toBe(130);
		expect(await readdir(join(cache, 'tmp'))).toEqual([]);
	});
});

/** The files that the record of a dist folder tells of and that are not as it says; a dist without record tells of none. */
function damage(dist: string): readonly string[] {
	const record = join(dist, 'build.json');
	if (!existsSync(record)) return [];
	const { files }: { files: Record<string, { bytes: number; sha256: string }> } = JSON.parse(
		readFileSync(record, 'utf8'),
	);
	return Object.entries(files).flatMap(([path, { sha256 }]) => {
		const file = join(dist, path);
		const content = existsSync(file) ? readFileSync(file) : Buffer.from('gone');
		return createHash('sha256').update(content).digest('hex') === sha256 ? [] : [path];
	});
}

test('a build that is killed at any time leaves a dist whose record is true, and the next build works', async () => {
	const project = await makeProject({ 'project.yaml': manifest('start') });
	const cache = await makeCache(join(project.folder, 'cache'), ['source', 'base', 'stdlib', 'sysroot', 'resource-dir']);
	const build = () => project.build('--quiet', '--cache-dir', cache);
	expect(await build()).toMatchObject({ code: 0, stderr: '' });
	// A fixed sequence, spread over the length of a build.
	let seed = 20_250_611;
	const random = () => {
		seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
		return seed / 2 ** 31;
	};
	for (let round = 0; round < 8; round++) {
		await project.write('project.yaml', manifest(`killed_${round}`));
		const { child, event, ended } = start(project, cache);
		await event('planned');
		const timer = setTimeout(() => child.kill('SIGKILL'), random() * 900);
		await ended;
		clearTimeout(timer);
		expect(damage(project.dist)).toEqual([]);
	}
	expect(await build()).toMatchObject({ code: 0, stderr: '' });
	expect(damage(project.dist)).toEqual([]);
	expect(existsSync(join(project.dist, 'build.json'))).toBe(true);
	expect((await readdir(project.dist)).filter((name) => name.startsWith('.'))).toEqual([]);
	expect(await readdir(join(cache, 'tmp'))).toEqual([]);
	expect((await readdir(project.folder)).sort()).toEqual([
		'.cpybuild',
		'cache',
		'cpybuild.lock',
		'dist',
		'project.yaml',
	]);
});
