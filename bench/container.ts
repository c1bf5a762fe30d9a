import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CPYTHON_PINS } from '../src/cpython/pins.js';
import { openEngine } from '../src/engine/engine.js';
import { machineFiles } from '../src/engine/environment.js';
import { resolveEndpoint } from '../src/engine/resolve-endpoint.js';
import { ensureImage } from '../src/machine/container/image.js';
import type { Report } from '../src/report.js';
import { devcontainerTag } from '../test/helpers/container-project.js';
import { cpythonTarball } from '../test/helpers/cpython-driver.js';
import { BASE_IMAGE, dockerHostWithBase, stopDocker } from '../test/helpers/docker-engine.js';
import { type Case, measure, runProgram, type Samples } from './measure.js';
import { CPYBUILD, emptyFolder, manifest, ROOT, SCRATCH, tarballCache, VERSION } from './project.js';

/** Names of the cases, for ratios, and of what both compile with. */
export const CONTAINER = {
	toolchain: "the image's Debian packages",
	container: 'cpybuild build --machine container, cold',
	native: 'cpybuild build within the same image, cold',
} as const;

/** Steps that take long enough to be shown. */
const LONG_STEPS = ['source', 'base', 'stdlib'];

/** Where a round builds. */
interface Place {
	readonly project: string;
	readonly cache: string;
}

/**
 * From CPython's tarball to python.wasm with the compiler of one image: by cpybuild on this machine, with the compiler
 * in a container, and by cpybuild within a container of the image, where it builds natively.
 */
export async function measureContainer(rounds: number): Promise<Samples> {
	process.env.DOCKER_HOST = await dockerHostWithBase();
	try {
		const tarball = await cpythonTarball(VERSION);
		await makeDevcontainer();
		return await measureIn(await devcontainerTag(), tarball, rounds);
	} finally {
		stopDocker();
	}
}

async function measureIn(image: string, tarball: string, rounds: number): Promise<Samples> {
	const parts = new Map<string, number[]>();
	const build = ({ cache }: Place) => ['build', '--json', '--cache-dir', cache];
	const samples = await measure(rounds, [
		coldCase(CONTAINER.container, tarball, async (place) => {
			noteSteps(parts, await runBuild([...CPYBUILD, ...build(place), '--image', image], place), 'container');
			// By the clock of who waits: with the start of Node, and the end of the container.
			return undefined;
		}),
		coldCase(CONTAINER.native, tarball, async (place) => {
			const report = await runBuild([...within(image, place), 'node', ...CPYBUILD.slice(1), ...build(place)], place);
			noteSteps(parts, report, 'native');
			// Without the container's start and end.
			return report.ms;
		}),
	]);
	return new Map([...samples, ...parts]);
}

/** A case whose rounds begin with nothing but CPython's tarball. */
function coldCase(name: string, tarball: string, run: (place: Place) => Promise<number | undefined>): Case {
	const sha256 = CPYTHON_PINS.find(({ version }) => version === VERSION)?.sha256 ?? '';
	let place: Place = { project: '', cache: '' };
	return {
		name,
		before: async () => {
			const cache = await tarballCache('container-cache', tarball, sha256);
			place = { cache, project: await emptyFolder('container') };
			const text = manifest({ demo: { bar: 'func(a: s32, b: s32) -> s32' } });
			await writeFile(join(place.project, 'project.yaml'), text.replace('toolchain: embedded', 'toolchain: debian'));
		},
		run: () => run(place),
	};
}

async function runBuild(argv: readonly string[], { project }: Place): Promise<Report> {
	const output = await runProgram(argv, { cwd: project });
	return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

function noteSteps(parts: Map<string, number[]>, { steps }: Report, where: string): void {
	for (const { id, ms } of steps) {
		if (!LONG_STEPS.includes(id)) continue;
		const name = `— step ${id}, ${where}`;
		parts.set(name, [...(parts.get(name) ?? []), ms]);
	}
}

/** The start of a command line that runs the rest in a container of an image, on the files of the benchmarks. */
function within(image: string, { project }: Place): readonly string[] {
	const mounts = [`${ROOT}:${ROOT}:ro`, `${SCRATCH}:${SCRATCH}`].flatMap((mount) => ['--volume', mount]);
	const user = ['--user', `${process.getuid?.()}:${process.getgid?.()}`, '--workdir', project];
	return ['docker', 'run', '--rm', '--init', '--network', 'none', ...user, ...mounts, image];
}

/** Builds the devcontainer on the base, when it is not there. */
async function makeDevcontainer(): Promise<void> {
	const engine = await openEngine(resolveEndpoint(process.env, machineFiles()));
	try {
		const platform = `linux-${process.arch}`;
		const wish = { kind: 'base', name: BASE_IMAGE, platform, offline: true, renew: false } as const;
		await ensureImage(engine, wish, undefined, { onLine: () => {}, onProgress: () => {} });
	} finally {
		engine.close();
	}
}
