import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CPYTHON_PINS } from '../src/cpython/pins.js';
import type { Report } from '../src/report.js';
import {
	cpythonTarball,
	makeWasiSdk,
	runDriver,
	systemToolchain,
	unpackWhole,
} from '../test/helpers/cpython-driver.js';
import { type Case, measure, runProgram, type Samples } from './measure.js';
import { CPYBUILD, emptyFolder, manifest, ROOT, SCRATCH, tarballCache, VERSION } from './project.js';

/** The phases of CPython's own driver. */
const PHASES = ['configure-build-python', 'make-build-python', 'configure-host', 'make-host'] as const;

const DRIVER = "CPython's own driver, all four phases";
const WHOLE = 'cpybuild build, cold: unpack, base, link, standard library';

/** Names of the cold cases, for ratios. */
export const COLD = { driver: DRIVER, whole: WHOLE } as const;

/** From CPython's tarball to python.wasm, by cpybuild and by CPython's own driver, with the same compiler and sysroot. */
export async function measureCold(rounds: number): Promise<Samples> {
	const tarball = await cpythonTarball(VERSION);
	const toolchain = await systemToolchain();
	const parts = new Map<string, number[]>();
	const note = (name: string, ms: number) => parts.set(name, [...(parts.get(name) ?? []), ms]);
	const tree = join(SCRATCH, 'driver/cpython');
	const sdk = join(SCRATCH, 'driver/sdk');
	const runner = join(SCRATCH, 'driver/host-runner');
	const command = `${process.execPath} --no-warnings ${ROOT}/lib/src/hostrunner/hostrunner.js`;
	const script = `#!/bin/sh\nCPYBUILD_MOUNTS='${JSON.stringify({ '/': tree })}' exec ${command} "$@"\n`;

	const driver: Case = {
		name: DRIVER,
		before: async () => {
			await emptyFolder('driver');
			await unpackWhole(tarball, tree);
			await makeWasiSdk(sdk, toolchain);
			await writeFile(runner, script, { mode: 0o755 });
		},
		run: async () => {
			let all = 0;
			for (const phase of PHASES) {
				const start = performance.now();
				const configure = phase === 'configure-host' ? ['--host-runner', runner] : [];
				const options = phase.startsWith('configure') ? [...configure, '--', '--config-cache'] : [];
				const { code, stdout, stderr } = await runDriver({ tree, sdk, args: [phase, '--quiet', ...options] });
				if (code !== 0) throw new Error(`${phase} ended with ${code}:\n${stdout}${stderr}`);
				const ms = performance.now() - start;
				note(`— ${phase}`, ms);
				all += ms;
			}
			return all;
		},
	};
	const samples = await measure(rounds, [coldBuild('native', tarball, note), driver]);
	await rm(join(SCRATCH, 'driver'), { recursive: true, force: true });
	return new Map([...samples, ...parts]);
}

/** The same with the clang that runs as WebAssembly. */
export async function measureColdWasm(): Promise<Samples> {
	return measure(1, [{ ...coldBuild('wasm', await cpythonTarball(VERSION)), name: `${WHOLE}, with the wasm clang` }]);
}

function coldBuild(
	compiler: 'native' | 'wasm',
	tarball: string,
	note: (name: string, ms: number) => void = () => {},
): Case {
	const sha256 = CPYTHON_PINS.find(({ version }) => version === VERSION)?.sha256 ?? '';
	let cache = '';
	let project = '';
	return {
		name: WHOLE,
		before: async () => {
			cache = await tarballCache('cold-cache', tarball, sha256);
			project = await emptyFolder('cold');
			await writeFile(join(project, 'project.yaml'), manifest({ demo: { bar: 'func(a: s32, b: s32) -> s32' } }));
		},
		run: async () => {
			const start = performance.now();
			const args = ['build', '--json', '--compiler', compiler, '--cache-dir', cache];
			const output = await runProgram([...CPYBUILD, ...args], { cwd: project });
			const whole = performance.now() - start;
			const report: Report = JSON.parse(output.trim().split('\n').at(-1) ?? '');
			for (const { id, ms } of report.steps) if (!id.startsWith('compile')) note(`— step ${id}`, ms);
			await rm(cache, { recursive: true, force: true });
			return whole;
		},
	};
}
