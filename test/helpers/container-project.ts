import { statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { devcontainerImage } from '../../src/machine/container/devcontainer-image.js';
import { CLI, ROOT } from './cli.js';
import { BASE_IMAGE } from './docker-engine.js';
import { type JsonBuild, readEvents } from './events.js';
import { trapProject } from './traps.js';

const PROGRAMS = join(ROOT, 'test/e2e/programs');

/** Asks for a container of the devcontainer's image on Debian's packages. */
export const IN_CONTAINER = `{ machine: container, container: { base: "${BASE_IMAGE}" } }`;

/** The project of the programs in `test/e2e/programs`, and C code that asks for everything that a machine could put into it. */
export async function containerProject(): Promise<Readonly<Record<string, string>>> {
	const traps = trapProject('3.13.5')['traps.c'] ?? '';
	const manifest = await readFile(join(PROGRAMS, 'project.yaml'), 'utf8');
	return {
		'project.yaml': `${manifest.trimEnd()}\n  traps:\n    sources: [traps.c]\nbuild: ${IN_CONTAINER}\n`,
		'native.c': await readFile(join(PROGRAMS, 'native.c'), 'utf8'),
		'traps.c': traps,
	};
}

/** The group that may speak to the engine at a socket. */
export function engineGroup(host: string): number {
	return statSync(host.replace('unix://', '')).gid;
}

/** A build by the compiler of an image, without cpybuild knowing of containers: cpybuild itself runs in one. */
export async function buildInImage(
	image: string,
	folder: string,
	files: Readonly<Record<string, string>>,
): Promise<JsonBuild & { readonly stderr: string }> {
	const project = join(folder, 'project');
	await mkdir(project, { recursive: true });
	for (const [path, text] of Object.entries(files)) await writeFile(join(project, path), text);
	const mounts = [`${ROOT}:${ROOT}:ro`, `${folder}:${folder}`].flatMap((mount) => ['--volume', mount]);
	// As in CI everything is packed, for caches to be compared.
	const args = [
		'--rm',
		'--network',
		'none',
		'--env',
		'CI=true',
		'--user',
		`${process.getuid?.()}`,
		'--workdir',
		project,
		...mounts,
	];
	const build = [
		'build',
		'--json',
		'--machine',
		'native',
		'--toolchain',
		'debian',
		'--cache-dir',
		join(folder, 'cache'),
	];
	const { exitCode, stdout, stderr } = await execa('docker', ['run', ...args, image, 'node', CLI, ...build], {
		reject: false,
	});
	return { code: exitCode ?? -1, stderr, ...readEvents(stdout) };
}

/** The image that builds with `IN_CONTAINER` run in. */
export async function devcontainerTag(): Promise<string> {
	const { stdout: id } = await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', BASE_IMAGE]);
	return devcontainerImage(id).tag;
}
