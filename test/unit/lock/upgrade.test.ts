import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CpythonPin } from '../../../src/cpython/pins.js';
import { settleOptions } from '../../../src/settle.js';
import { upgradeLock } from '../../../src/upgrade.js';

const MANIFEST = `# my project
python: '3.13.5' # the version
modules:
    demo: { functions: { bar: "func(a: s32, b: s32) -> s32" } }
`;

/** A pin of a version, with a hash made of its digits. */
function pin(version: string): CpythonPin {
	const digit = version.at(-1) ?? '';
	const url = `https://www.python.org/${version}.tar.xz`;
	return { version, url, sha256: digit.repeat(64), debianSource: 'python3.13', epoch: 0 };
}

const PINS = [pin('3.13.5'), pin('3.13.12'), pin('3.13.9'), pin('3.14.3'), pin('3.11.99')];

/** Shared, so that the sysroot is unpacked once. */
let cacheDir: string;
beforeAll(async () => {
	cacheDir = await mkdtemp(join(tmpdir(), 'cpybuild-upgrade-cache-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

/** A project whose toolchain is the wasm clang, which every machine has. */
async function makeProject(manifest = MANIFEST) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-upgrade-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const path = join(folder, 'project.yaml');
	await writeFile(path, manifest);
	const options = { ...settleOptions({ manifest: path, cacheDir, compiler: 'wasm' }, {}), manifestName: path };
	const lock = () => readFile(join(folder, 'cpybuild.lock'), 'utf8').then((text) => JSON.parse(text));
	const upgrade = async (pins: readonly CpythonPin[] = PINS, dryRun = false) => {
		const { changes, wrote } = await upgradeLock(options, { pins, dryRun });
		return {
			changes: changes.map(({ what, old, new: now }) => `${what}: ${old ?? 'none'} → ${now ?? 'none'}`),
			wrote: wrote.map((name) => name.replace(`${folder}/`, '')),
		};
	};
	return { folder, path, upgrade, lock, manifest: () => readFile(path, 'utf8') };
}

const TOOLCHAIN = expect.stringMatching(
	/^toolchain "auto\/wasm" for \S+: none → embedded sysroot, clang [\d.]+ as WebAssembly$/,
);

test('without a lock everything is new, and the manifest gets the newest release of its minor version', async () => {
	const { upgrade, lock, manifest, folder } = await makeProject();
	expect(await upgrade()).toEqual({
		changes: [
			'python in project.yaml: 3.13.5 → 3.13.12',
			'python: none → 3.13.12',
			'source of CPython: none → https://www.python.org/3.13.12.tar.xz',
			`sha256 of the source: none → ${'2'.repeat(64)}`,
			TOOLCHAIN,
		],
		wrote: ['project.yaml', 'cpybuild.lock'],
	});
	expect(await manifest()).toBe(MANIFEST.replace('3.13.5', '3.13.12'));
	expect((await lock()).manifests['project.yaml'].python).toEqual({
		version: '3.13.12',
		origin: 'pin',
		url: 'https://www.python.org/3.13.12.tar.xz',
		sha256: '2'.repeat(64),
		date: '1970-01-01',
	});
	expect(Object.keys((await lock()).toolchains.any)).toEqual(['auto/wasm']);
	expect((await readdir(folder)).sort()).toEqual(['.cpybuild', 'cpybuild.lock', 'project.yaml']);
});

test('with a lock only what differs is shown, and nothing when it is current', async () => {
	const { upgrade } = await makeProject();
	await upgrade([pin('3.13.5')]);
	expect(await upgrade([pin('3.13.5')])).toEqual({ changes: [], wrote: [] });
	expect(await upgrade()).toEqual({
		changes: [
			'python in project.yaml: 3.13.5 → 3.13.12',
			'source of CPython: https://www.python.org/3.13.5.tar.xz → https://www.python.org/3.13.12.tar.xz',
			`sha256 of the source: ${'5'.repeat(64)} → ${'2'.repeat(64)}`,
		],
		wrote: ['project.yaml', 'cpybuild.lock'],
	});
	expect(await upgrade()).toEqual({ changes: [], wrote: [] });
});

test('a dry run writes nothing', async () => {
	const { upgrade, manifest, folder } = await makeProject();
	expect((await upgrade(PINS, true)).wrote).toEqual([]);
	expect(await manifest()).toBe(MANIFEST);
	expect((await readdir(folder)).includes('cpybuild.lock')).toBe(false);
});

test('a pin that is corrected is taken', async () => {
	const { upgrade } = await makeProject();
	await upgrade([pin('3.13.5')]);
	const corrected = { ...pin('3.13.5'), sha256: 'f'.repeat(64) };
	expect(await upgrade([corrected])).toEqual({
		changes: [`sha256 of the source: ${'5'.repeat(64)} → ${'f'.repeat(64)}`],
		wrote: ['cpybuild.lock'],
	});
});

test('a manifest with a source of its own keeps it', async () => {
	const source = `{ url: "https://x/y", sha256: "${'e'.repeat(64)}" }`;
	const text = `python: { version: "3.13.5", source: ${source} }\nmodules: {}\n`;
	const { upgrade, manifest, lock } = await makeProject(text);
	await upgrade();
	expect(await manifest()).toBe(text);
	expect((await lock()).manifests['project.yaml'].python).toEqual({
		version: '3.13.5',
		origin: 'manifest',
		url: 'https://x/y',
		sha256: 'e'.repeat(64),
		date: '2025-06-11',
	});
});

test('a manifest with a newer release than any pin keeps it', async () => {
	const { upgrade, manifest } = await makeProject('python: "3.13.99"\nmodules: {}\n');
	await upgrade([...PINS, pin('3.13.99')]);
	expect(await upgrade(PINS)).toEqual({ changes: [], wrote: [] });
	expect(await manifest()).toBe('python: "3.13.99"\nmodules: {}\n');
});

test('the long form of the version is edited in place, permissions and links stay', async () => {
	const { upgrade, manifest, path, folder } = await makeProject('');
	await rm(path);
	const real = join(folder, 'real.yaml');
	await writeFile(real, '# one\r\npython:\r\n  version:   "3.13.5"   # two\r\nmodules: {}\r\n');
	await chmod(real, 0o640);
	await symlink('real.yaml', path);
	await upgrade();
	expect(await manifest()).toBe('# one\r\npython:\r\n  version:   "3.13.12"   # two\r\nmodules: {}\r\n');
	expect((await stat(real)).mode & 0o777).toBe(0o640);
	expect(await readFile(real, 'utf8')).toContain('3.13.12');
});
