import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLock, requireLocked } from '../../../src/build-lock.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import type { LockedPython } from '../../../src/lock/lock.js';
import { loadManifest } from '../../../src/project.js';
import type { BuildOptions } from '../../../src/report.js';
import { settleOptions } from '../../../src/settle.js';

const BASE = 'ghcr.io/python/wasicontainer:latest';

const hash = (digit: string) => digit.repeat(64);

const python: LockedPython = { version: '3.13.5', origin: 'manifest', sha256: hash('a') };

const toolchain = {
	name: 'WASI-SDK 24.0, clang 18.1.2',
	identity: { target: 'wasm32-wasip1', compiler: 'clang', programs: {}, libraries: {}, sysroot: hash('5') },
};

/** A project that is built in a container, with what its lock says of images and toolchains on one platform. */
async function openProject(lock: object, options: BuildOptions = {}, environment: Record<string, string> = {}) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-frozen-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const manifest = join(folder, 'project.yaml');
	await writeFile(manifest, 'python: "3.13.5"\nmodules: {}\nbuild: { machine: container }\n');
	const manifests = { 'project.yaml': { python } };
	await writeFile(join(folder, 'cpybuild.lock'), JSON.stringify({ version: 1, manifests, ...lock }));
	const platform = { CPYBUILD_CONTAINER_PLATFORM: 'linux-arm64' };
	return openLock(
		settleOptions({ manifest, ...options }, { ...platform, ...environment }),
		await loadManifest(manifest),
	);
}

async function refusal(lock: object): Promise<readonly string[]> {
	const opened = await openProject(lock);
	try {
		requireLocked(opened, python);
		return [];
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.flatMap(({ code, details = [] }) => [code, ...details]);
	}
}

const image = { [BASE]: { digest: `sha256:${hash('b')}` } };
const toolchains = { 'linux-arm64': { [`auto in ${BASE}`]: toolchain } };

test('a build in a container has a place of its own in the lock', async () => {
	const { place, recorded } = await openProject({ images: image, toolchains });
	expect(place).toEqual({
		manifest: 'project.yaml',
		platform: 'linux-arm64',
		selection: `auto in ${BASE}`,
		image: BASE,
	});
	expect(recorded).toEqual({ python, toolchain, image: image[BASE] });
	const native = await openProject({ images: image, toolchains }, { machine: 'native', compiler: 'wasm' });
	expect(native.place).toEqual({
		manifest: 'project.yaml',
		platform: `${process.platform}-${process.arch}`,
		selection: 'auto/wasm',
		image: undefined,
	});
	expect(native.recorded).toEqual({ python });
	const other = await openProject({ toolchains: {} }, { toolchain: 'debian' }, { CPYBUILD_IMAGE: 'team/wasi' });
	expect(other.place.selection).toBe('debian in team/wasi:latest');
});

test('a frozen build in a container has image and toolchain recorded', async () => {
	expect(await refusal({ images: image, toolchains })).toEqual([]);
	expect(await refusal({ toolchains })).toEqual(['lock/frozen', `image ${BASE}: none → not looked for`]);
	expect(await refusal({ toolchains: { 'linux-arm64': { auto: toolchain } } })).toEqual([
		'lock/frozen',
		`image ${BASE}: none → not looked for`,
		`toolchain "auto in ${BASE}" for linux-arm64: none → not looked for`,
	]);
});
