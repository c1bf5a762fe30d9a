import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import { compareEntries, describeLockChange } from '../../../src/lock/changes.js';
import { requireFrozen } from '../../../src/lock/frozen.js';
import {
	EMPTY_LOCK,
	entryOf,
	type Lock,
	type LockEntry,
	type LockPlace,
	lockedRelease,
	selectionOf,
	withEntry,
} from '../../../src/lock/lock.js';
import { readLock } from '../../../src/lock/read.js';
import { renderLock, saveLock } from '../../../src/lock/write.js';

const hash = (digit: string) => digit.repeat(64);

const ENTRY: LockEntry = {
	python: { version: '3.13.5', origin: 'pin', url: 'https://www.python.org/Python-3.13.5.tar.xz', sha256: hash('a') },
	toolchain: {
		name: 'embedded sysroot, clang 19.1.7',
		identity: {
			target: 'wasm32-wasip1',
			compiler: 'clang version 19.1.7',
			programs: { clang: hash('1'), 'wasm-ld': hash('2') },
			libraries: { 'libLLVM.so.19.1': hash('3') },
			headers: hash('4'),
			sysroot: hash('5'),
		},
	},
};

const PLACE: LockPlace = { manifest: 'project.yaml', platform: 'linux-x64', selection: 'auto' };

const TEXT = `{
	"manifests": {
		"project.yaml": {
			"python": {
				"origin": "pin",
				"sha256": "${hash('a')}",
				"url": "https://www.python.org/Python-3.13.5.tar.xz",
				"version": "3.13.5"
			}
		}
	},
	"toolchains": {
		"linux-x64": {
			"auto": {
				"identity": {
					"compiler": "clang version 19.1.7",
					"headers": "${hash('4')}",
					"libraries": {
						"libLLVM.so.19.1": "${hash('3')}"
					},
					"programs": {
						"clang": "${hash('1')}",
						"wasm-ld": "${hash('2')}"
					},
					"sysroot": "${hash('5')}",
					"target": "wasm32-wasip1"
				},
				"name": "embedded sysroot, clang 19.1.7"
			}
		}
	},
	"version": 1
}
`;

async function makeFolder(text?: string) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-lock-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const name of ['project.yaml', 'other.yaml']) await writeFile(join(folder, name), '');
	const path = join(folder, 'cpybuild.lock');
	if (text !== undefined) await writeFile(path, text);
	const file = { path, name: 'app/cpybuild.lock', state: join(folder, '.cpybuild') };
	return {
		folder,
		path,
		file,
		read: () => readLock(path, file.name),
		save: (entry = ENTRY, place = PLACE) => saveLock(file, place, entry),
		text: () => readFile(path, 'utf8'),
	};
}

async function problemOf(action: () => unknown): Promise<string> {
	try {
		await action();
		return '';
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return renderPretty(error.diagnostics);
	}
}

describe('a lock file', () => {
	test('is written sorted, with tabs and a final newline, and read back', async () => {
		const { save, text, read } = await makeFolder();
		expect(await save()).toBe(TEXT);
		expect(await text()).toBe(TEXT);
		expect(entryOf((await read()) ?? EMPTY_LOCK, PLACE)).toEqual(ENTRY);
	});

	test('that is not there is none', async () => {
		const { read } = await makeFolder();
		expect(await read()).toBeUndefined();
	});

	test('keeps the parts of others', async () => {
		const { save, read } = await makeFolder(TEXT);
		const python = { ...ENTRY.python, version: '3.11.2' };
		await save({ ...ENTRY, python }, { manifest: 'other.yaml', platform: 'darwin-arm64', selection: 'embedded' });
		const lock = await read();
		expect(lock && entryOf(lock, PLACE)).toEqual(ENTRY);
		expect(Object.keys(lock?.manifests ?? {})).toEqual(['other.yaml', 'project.yaml']);
		expect(Object.keys(lock?.toolchains ?? {})).toEqual(['darwin-arm64', 'linux-x64']);
	});

	test('that says it already is not written again, however it is laid out', async () => {
		const flat = JSON.stringify(JSON.parse(TEXT));
		const { save, text, path } = await makeFolder(flat);
		const before = new Date(Date.now() - 3_600_000);
		await utimes(path, before, before);
		expect(await save()).toBe(flat);
		expect(await text()).toBe(flat);
		expect((await stat(path)).mtime).toEqual(before);
	});

	test('forgets manifests that are gone', async () => {
		const { save, folder, text } = await makeFolder();
		await save(ENTRY, { ...PLACE, manifest: 'other.yaml' });
		await rm(join(folder, 'other.yaml'));
		await save();
		expect(await text()).toBe(TEXT);
	});

	test('keeps members that a later version adds', async () => {
		const later = JSON.parse(TEXT);
		later.notes = 'of later versions';
		later.manifests['project.yaml'].image = `sha256:${hash('b')}`;
		later.toolchains['linux-x64'].auto.image = `sha256:${hash('c')}`;
		const { save, text } = await makeFolder(JSON.stringify(later));
		await save({ ...ENTRY, python: { ...ENTRY.python, version: '3.13.6' } });
		later.manifests['project.yaml'].python.version = '3.13.6';
		expect(JSON.parse(await text())).toEqual(later);
	});

	test('loses nothing when many write at once, and leaves nothing behind', async () => {
		const { save, read, folder } = await makeFolder();
		const selections = Array.from({ length: 8 }, (_, index) => `embedded/${index}`);
		await Promise.all(selections.map((selection) => save(ENTRY, { ...PLACE, selection })));
		expect(Object.keys((await read())?.toolchains['linux-x64'] ?? {})).toEqual(selections);
		expect((await readdir(folder)).sort()).toEqual(['.cpybuild', 'cpybuild.lock', 'other.yaml', 'project.yaml']);
	});
});

describe('a lock of builds in containers', () => {
	const digest = `sha256:${hash('b')}`;
	const name = 'ghcr.io/python/wasicontainer:latest';
	const place: LockPlace = { ...PLACE, selection: selectionOf('auto', 'auto', name), image: name };

	test('has the image by its name, and the toolchain apart from that of the machine', async () => {
		const { save, text, read } = await makeFolder(TEXT);
		await save({ ...ENTRY, image: { digest } }, place);
		await save({ ...ENTRY, image: { id: `sha256:${hash('c')}` } }, { ...place, image: 'cpybuild-debian:trixie' });
		const before = JSON.parse(TEXT);
		expect(JSON.parse(await text())).toEqual({
			...before,
			images: { 'cpybuild-debian:trixie': { id: `sha256:${hash('c')}` }, [name]: { digest } },
			toolchains: {
				'linux-x64': { auto: ENTRY.toolchain, 'auto in ghcr.io/python/wasicontainer:latest': ENTRY.toolchain },
			},
		});
		expect((await text()).startsWith(`{\n\t"images": {\n\t\t"cpybuild-debian:trixie": {\n\t\t\t"id": "sha256:`)).toBe(
			true,
		);
		const lock = (await read()) ?? EMPTY_LOCK;
		expect(entryOf(lock, place)).toEqual({ ...ENTRY, image: { digest } });
		expect(entryOf(lock, PLACE)).toEqual(ENTRY);
	});

	test('keeps its images when a build without one writes it', async () => {
		const { save, read } = await makeFolder();
		await save({ ...ENTRY, image: { digest } }, place);
		await save();
		expect((await read())?.images).toEqual({ [name]: { digest } });
	});

	test('says how the image changes', () => {
		const compare = (old: LockEntry['image'], now: LockEntry['image']) =>
			compareEntries(place, { ...ENTRY, ...(old && { image: old }) }, { ...ENTRY, ...(now && { image: now }) }).map(
				describeLockChange,
			);
		expect(compare({ digest }, { digest: `sha256:${hash('d')}` })).toEqual([
			`image ${name}: ${digest} → sha256:${hash('d')}`,
		]);
		expect(compare({ id: `sha256:${hash('c')}` }, { digest })).toEqual([
			`image ${name}: sha256:${hash('c')} (of one engine) → ${digest}`,
		]);
		expect(compare(undefined, { digest })).toEqual([`image ${name}: none → ${digest}`]);
		expect([compare({ digest }, { digest }), compare({ digest }, undefined)]).toEqual([[], []]);
	});

	test.each([
		['a list', '[]', '"images" is no object'],
		['an image that is a text', '{ "a:1": "sha256" }', '"images.a:1" is no object'],
		['an image that says nothing', '{ "a:1": {} }', '"images.a:1.digest" is missing'],
		['a digest that is none', '{ "a:1": { "digest": "latest" } }', '"images.a:1.digest" is not what belongs there'],
		['an id that is none', '{ "a:1": { "id": "12" } }', '"images.a:1.id" is not what belongs there'],
	])('is refused with %s', async (_, images, message) => {
		const { read } = await makeFolder(TEXT.replace('{\n', `{\n\t"images": ${images},\n`));
		const [first] = (await problemOf(read)).split('\n');
		expect(first).toBe(`error[lock/unreadable]: "app/cpybuild.lock" cannot be read: ${message}`);
	});
});

describe('a lock file that cannot be read', () => {
	const hint = 'restore it from version control, or remove it: the next build writes a new one';

	test('because it is no JSON is shown in place', async () => {
		const { read } = await makeFolder(TEXT.replace('"version": "3.13.5"', '"version": "3.13.5",'));
		expect(await problemOf(read)).toBe(`error[lock/unreadable]: "app/cpybuild.lock" cannot be read: it is not valid JSON
  --> app/cpybuild.lock:9:4
   |
 9 |             }
   |             ^
   = hint: ${hint}
`);
	});

	test('because it was cut off says so', async () => {
		const { read } = await makeFolder(TEXT.slice(0, 100));
		expect(await problemOf(read)).toMatch(
			/^error\[lock\/unreadable\]: "app\/cpybuild\.lock" cannot be read: it is not valid JSON\n {2}--> app\/cpybuild\.lock:6:\d+\n/,
		);
	});

	test('because of a merge shows where', async () => {
		const conflict = TEXT.replace(
			'\t"version": 1\n',
			'<<<<<<< HEAD\n\t"version": 1\n=======\n\t"version": 1\n>>>>>>> x\n',
		);
		const { read } = await makeFolder(conflict);
		expect(
			await problemOf(read),
		).toBe(`error[lock/unreadable]: "app/cpybuild.lock" cannot be read: it has a merge conflict
   --> app/cpybuild.lock:32:1
    |
 32 | <<<<<<< HEAD
    | ^^^^^^^
    = hint: take one side of the merge, and run the build: it adds what is missing
`);
	});

	test('because it is a folder says so', async () => {
		const { read, path } = await makeFolder();
		await mkdir(path);
		expect(await problemOf(read)).toBe(`error[lock/unreadable]: "app/cpybuild.lock" cannot be read: it is a folder
   = hint: ${hint}
`);
	});

	test('because it is of a newer format says what to do', async () => {
		const { read } = await makeFolder('{\n\t"version": 2,\n\t"other": {}\n}\n');
		expect(
			await problemOf(read),
		).toBe(`error[lock/newer-format]: "app/cpybuild.lock" has format 2, and this cpybuild knows format 1
  --> app/cpybuild.lock:2:13
   |
 2 |     "version": 2,
   |                ^
   = hint: use the version of cpybuild that wrote it, or a newer one
`);
	});

	test.each([
		[
			'sha256',
			`"sha256": "${hash('a')}"`,
			'"sha256": "a"',
			'"manifests.project.yaml.python.sha256" is not what belongs there',
			6,
		],
		[
			'a version',
			'"version": "3.13.5"',
			'"version": 3.13',
			'"manifests.project.yaml.python.version" is not what belongs there',
			8,
		],
		[
			'an origin',
			'"origin": "pin"',
			'"origin": "else"',
			'"manifests.project.yaml.python.origin" is not what belongs there',
			5,
		],
		[
			'programs',
			`"clang": "${hash('1')}"`,
			'"clang": null',
			'"toolchains.linux-x64.auto.identity.programs.clang" is not what belongs there',
			22,
		],
		[
			'a name',
			'"name": "embedded sysroot, clang 19.1.7"',
			'"nom": ""',
			'"toolchains.linux-x64.auto.name" is missing',
			14,
		],
		['toolchains', '"toolchains": {', '"tools": {', '"toolchains" is no object', 2],
		['its version', '"version": 1', '"version": "1"', '"version" is not a known version', 32],
	])('because %s is wrong shows where', async (_, from, to, message, line) => {
		const { read } = await makeFolder(TEXT.replace(from, to));
		const [first, second] = (await problemOf(read)).split('\n');
		expect(first).toBe(`error[lock/unreadable]: "app/cpybuild.lock" cannot be read: ${message}`);
		expect(second?.trim().replace(/:\d+$/, '')).toBe(`--> app/cpybuild.lock:${line}`);
	});
});

describe('what a build finds in a lock', () => {
	const lock = withEntry(EMPTY_LOCK, PLACE, ENTRY);

	test('is that of its platform and of what was asked for', () => {
		expect(selectionOf('auto', 'auto')).toBe('auto');
		expect(selectionOf('embedded', 'wasm')).toBe('embedded/wasm');
		expect(entryOf(lock, { ...PLACE, platform: 'darwin-arm64' })).toEqual({ python: ENTRY.python });
		expect(entryOf(lock, { ...PLACE, selection: 'embedded' })).toEqual({ python: ENTRY.python });
		expect(entryOf(lock, { ...PLACE, manifest: 'other.yaml' })).toEqual({ toolchain: ENTRY.toolchain });
	});

	test('is the same on all platforms when the compiler was asked for as WebAssembly', () => {
		const identity = { ...ENTRY.toolchain.identity, programs: { 'llvm.core.wasm': hash('6') } };
		const wasm = { ...ENTRY, toolchain: { name: 'clang as WebAssembly', identity } };
		const asked = withEntry(EMPTY_LOCK, { ...PLACE, selection: 'auto/wasm' }, wasm);
		expect(Object.keys(asked.toolchains)).toEqual(['any']);
		expect(entryOf(asked, { ...PLACE, platform: 'darwin-arm64', selection: 'auto/wasm' })).toEqual(wasm);
		// Where no clang was there to be taken, other machines of other platforms may still have one.
		expect(Object.keys(withEntry(EMPTY_LOCK, PLACE, wasm).toolchains)).toEqual(['linux-x64']);
		// A WASI-SDK is one of a platform, whatever was said about the embedded toolchain.
		expect(Object.keys(withEntry(EMPTY_LOCK, { ...PLACE, selection: 'auto/wasm' }, ENTRY).toolchains)).toEqual([
			'linux-x64',
		]);
	});

	test('is a release only for a manifest that leaves the source to the pins', () => {
		const span = { file: { path: '', text: '' }, start: 0, end: 0 };
		const python = { version: '3.13.5', minor: '3.13', span };
		const locked = { ...ENTRY.python, date: '2025-06-11' };
		const epoch = Date.UTC(2025, 5, 11) / 1000;
		const source = { url: ENTRY.python.url, sha256: ENTRY.python.sha256 };
		expect(lockedRelease(python, locked)).toEqual({ source, epoch });
		expect(lockedRelease(python, ENTRY.python)).toEqual({ source });
		expect(lockedRelease({ ...python, version: '3.13.6' }, locked)).toEqual({});
		expect(lockedRelease(python, { ...locked, origin: 'manifest' })).toEqual({ epoch });
		expect(lockedRelease({ ...python, source: { kind: 'path', path: '/x' } }, locked)).toEqual({ epoch });
		expect(lockedRelease(python, undefined)).toEqual({});
	});
});

describe('changes of a lock', () => {
	const changes = (old: Partial<LockEntry>, now: Partial<LockEntry>) =>
		compareEntries(PLACE, old, now).map(describeLockChange);

	test('are none when it says the same', () => {
		expect(changes(ENTRY, ENTRY)).toEqual([]);
	});

	test('name what people know', () => {
		const toolchain = {
			name: 'embedded sysroot, clang 20.1.0',
			identity: { ...ENTRY.toolchain.identity, libraries: { 'libLLVM.so.20.1': hash('6') } },
		};
		const python = { version: '3.13.6', origin: 'manifest', sha256: hash('7') } as const;
		expect(changes(ENTRY, { python, toolchain })).toEqual([
			'python: 3.13.5 → 3.13.6',
			'source of CPython: https://www.python.org/Python-3.13.5.tar.xz → a path of the manifest',
			`sha256 of the source: ${hash('a')} → ${hash('7')}`,
			'toolchain "auto" for linux-x64: embedded sysroot, clang 19.1.7 → embedded sysroot, clang 20.1.0',
			'library libLLVM.so.19.1: 333333333333 → none',
			'library libLLVM.so.20.1: none → 666666666666',
		]);
		expect(changes({}, ENTRY).at(-1)).toBe('toolchain "auto" for linux-x64: none → embedded sysroot, clang 19.1.7');
	});

	test('are refused when frozen', async () => {
		expect(await problemOf(() => requireFrozen('cpybuild.lock', true, []))).toBe('');
		expect(
			await problemOf(() => requireFrozen('cpybuild.lock', false, [])),
		).toBe(`error[lock/frozen]: there is no "cpybuild.lock", which --frozen asks for
   = hint: build once without --frozen, and commit the file
`);
		const change = { what: 'python', old: '3.13.5', new: '3.13.6' };
		expect(
			await problemOf(() => requireFrozen('cpybuild.lock', true, [change])),
		).toBe(`error[lock/frozen]: "cpybuild.lock" does not record what this build would use
    python: 3.13.5 → 3.13.6
   = hint: build without --frozen on such a machine, and commit the file
`);
	});
});

test('equal locks are equal texts, whatever the order in which they came together', () => {
	const mac = { ...PLACE, platform: 'darwin-arm64' };
	const one: Lock = withEntry(withEntry(EMPTY_LOCK, PLACE, ENTRY), mac, ENTRY);
	const other: Lock = withEntry(withEntry(EMPTY_LOCK, mac, ENTRY), PLACE, ENTRY);
	expect(renderLock(one)).toBe(renderLock(other));
});
