import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Mount, memoryMount } from '../../../runtime/index.js';
import { checkedAnchors, makeAnchors } from '../../../runtime/node/anchors.js';
import { anchoredMount, type NodeMountOptions } from '../../../runtime/node/node-mount.js';
import { makeGuest } from './guest.js';

let outside: string;
let granted: string;
const mounts: Mount[] = [];

beforeEach(() => {
	outside = mkdtempSync(join(tmpdir(), 'cpybuild-mount-'));
	granted = join(outside, 'granted');
	mkdirSync(join(granted, 'sub'), { recursive: true });
	mkdirSync(join(outside, 'granted-too'));
	writeFileSync(join(outside, 'secret'), 'SECRET');
	writeFileSync(join(outside, 'granted-too', 'secret'), 'SECRET');
	writeFileSync(join(granted, 'file'), 'F');
});

afterEach(() => {
	for (const mount of mounts.splice(0)) mount.close();
	rmSync(outside, { recursive: true, force: true });
});

describe.each([
	['the best anchors', makeAnchors],
	['the anchors for any platform', checkedAnchors],
] as const)('a folder of the host, with %s,', (_name, anchors) => {
	const guestWith = (options: NodeMountOptions) => {
		const mount = anchoredMount(anchors(granted), options);
		mounts.push(mount);
		return makeGuest({
			mounts: [
				{ guest: '/data', mount },
				{ guest: '/mem', mount: memoryMount({}) },
			],
		});
	};
	const free = { writable: true, symlinks: true };

	test('refuses to follow links of the host that lead out', () => {
		symlinkSync('../secret', join(granted, 'relative'));
		symlinkSync(join(outside, 'secret'), join(granted, 'absolute'));
		symlinkSync('..', join(granted, 'parent'));
		symlinkSync('../../secret', join(granted, 'sub', 'deep'));
		symlinkSync(outside, join(granted, 'sub', 'folder'));
		const guest = guestWith({ writable: true });
		const paths = ['relative', 'absolute', 'parent/secret', 'sub/deep', 'sub/folder/secret', 'parent/granted/file'];
		expect(paths.map((path) => guest.readFile(`/data/${path}`))).toEqual([
			'NOTCAPABLE',
			'NOTCAPABLE',
			'NOTCAPABLE',
			'NOTCAPABLE',
			'NOTCAPABLE',
			'NOTCAPABLE',
		]);
		expect(guest.writeFile('/data/relative', 'x')).toBe('NOTCAPABLE');
		expect(guest.at('path_create_directory', '/data/parent/new')).toBe('NOTCAPABLE');
		expect(guest.rename('/data/file', '/data/parent/file')).toBe('NOTCAPABLE');
	});

	test('follows links of the host that stay in it, without the right to make links', () => {
		symlinkSync('../file', join(granted, 'sub', 'link'));
		symlinkSync('sub', join(granted, 'folder'));
		const guest = guestWith({});
		expect([guest.readFile('/data/sub/link'), guest.readFile('/data/folder/link')]).toEqual(['F', 'F']);
		expect(guest.stat('/data/sub/link', false)).toMatchObject({ type: 7n });
	});

	test('lets a guest make links only when told so, and none that lead out', () => {
		expect(guestWith({ writable: true }).symlink('file', '/data/link')).toBe('PERM');
		const guest = guestWith(free);
		expect([
			guest.symlink('file', '/data/link'),
			guest.symlink('../file', '/data/sub/link'),
			guest.symlink('../secret', '/data/out'),
			guest.symlink('sub/../../secret', '/data/out'),
			guest.symlink('/data/file', '/data/out'),
		]).toEqual(['SUCCESS', 'SUCCESS', 'NOTCAPABLE', 'NOTCAPABLE', 'NOTCAPABLE']);
		expect([guest.readFile('/data/link'), guest.readFile('/data/sub/link')]).toEqual(['F', 'F']);
	});

	test('stays closed when a link that stayed inside is moved to where it leads out', () => {
		const guest = guestWith(free);
		guest.at('path_create_directory', '/data/sub/deeper');
		expect(guest.symlink('../../secret', '/data/sub/deeper/link')).toBe('SUCCESS');
		expect(guest.rename('/data/sub/deeper/link', '/data/sub/link')).toBe('SUCCESS');
		expect(guest.readFile('/data/sub/link')).toBe('NOTCAPABLE');
	});

	test('notices a directory that another program replaces by a link', () => {
		const guest = guestWith(free);
		writeFileSync(join(granted, 'sub', 'secret'), 'mine');
		expect(guest.readFile('/data/sub/secret')).toBe('mine');
		renameSync(join(granted, 'sub'), join(granted, 'moved'));
		symlinkSync(outside, join(granted, 'sub'));
		expect([guest.readFile('/data/sub/secret'), guest.readFile('/data/moved/secret')]).toEqual(['NOTCAPABLE', 'mine']);
		expect(guest.writeFile('/data/sub/secret', 'x')).toBe('NOTCAPABLE');
	});

	test('keeps to itself whatever its methods are asked for', () => {
		symlinkSync('..', join(granted, 'parent'));
		const mount = anchoredMount(anchors(granted), free);
		mounts.push(mount);
		const mode = { read: true, write: false, append: false, create: false, exclusive: false, truncate: false };
		for (const path of ['../secret', 'sub/../../secret', 'parent/secret', '/etc/passwd', 'sub/..', '..', '.', 'a\0b']) {
			expect(() => mount.open(path, mode), path).toThrow('WASI error');
			expect(() => mount.list(path), path).toThrow('WASI error');
			expect(() => mount.stat(path)?.kind ?? mount.readLink(path), path).toThrow('WASI error');
		}
	});

	test('never lets a guest out, whatever it does', () => {
		// Few names, so that links, renames and uses of them meet.
		const way = fc.array(fc.constantFrom('a', 'sub', 'a', '..', '.'), { maxLength: 3 });
		const end = fc.constantFrom('a', 'sub', 'file', 'secret', 'new', 'granted-too/secret', '..');
		const names = fc.tuple(way, end).map(([first, last]) => [...first, last].join('/'));
		const inside = names.map((rest) => `/data/${rest}`);
		const path = fc
			.tuple(fc.constantFrom('', '/', '/data/', '/data/', '/mem/', '/data/../data/'), names)
			.map(([at, rest]) => at + rest);
		const target = fc.oneof(path, names, fc.constantFrom('..', '../..', '../secret', '../../secret', '/secret', '/'));
		const step = fc.oneof(
			fc.record({ does: fc.constant('symlink' as const), from: target, to: inside }),
			fc.record({ does: fc.constant('hostLink' as const), from: target, to: inside }),
			fc.record({ does: fc.constant('rename' as const), from: inside, to: inside }),
			fc.record({ does: fc.constant('link' as const), from: path, to: path }),
			fc.record({ does: fc.constantFrom('mkdir', 'write', 'read', 'unlink', 'rmdir', 'list'), from: path, to: path }),
		);
		const untouched = () => [
			readdirSync(outside).sort(),
			readdirSync(join(outside, 'granted-too')),
			readFileSync(join(outside, 'secret'), 'utf8'),
			readFileSync(join(outside, 'granted-too', 'secret'), 'utf8'),
		];
		const before = untouched();
		fc.assert(
			fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
				rmSync(granted, { recursive: true, force: true });
				mkdirSync(join(granted, 'sub'), { recursive: true });
				writeFileSync(join(granted, 'file'), 'F');
				const guest = guestWith(free);
				for (const { does, from, to } of steps) {
					if (does === 'symlink') guest.symlink(from, to);
					else if (does === 'hostLink') plantLink(from, to);
					else if (does === 'rename') guest.rename(from, to);
					else if (does === 'link') guest.link(from, to);
					else if (does === 'mkdir') guest.at('path_create_directory', from);
					else if (does === 'write') guest.writeFile(from, 'BY GUEST');
					else if (does === 'unlink') guest.at('path_unlink_file', from);
					else if (does === 'rmdir') guest.at('path_remove_directory', from);
					else if (does === 'read') expect(guest.readFile(from)).not.toBe('SECRET');
					else expect(guest.readDirectory(from)).not.toContain('granted-too');
				}
				for (const probe of ['a', 'sub/a', 'a/a', 'file', 'sub/sub', 'a/granted-too', 'sub/a/granted-too']) {
					expect(guest.readFile(`/data/${probe}`)).not.toBe('SECRET');
					expect(guest.readFile(`/data/${probe}/secret`)).not.toBe('SECRET');
					guest.writeFile(`/data/${probe}/new`, 'BY GUEST');
				}
				for (const mount of mounts.splice(0)) mount.close();
				expect(untouched()).toEqual(before);
			}),
			{ numRuns: 200 },
		);
	});
});

/** A link that the host has in its folder, of any target. */
function plantLink(target: string, path: string): void {
	const names = path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
	const place = join(granted, ...names.slice(1));
	try {
		// A link on the way would make the test itself write outside.
		if (realpathSync(dirname(place)) !== join(realpathSync(granted), relative(granted, dirname(place)))) return;
		if (target !== '' && place !== granted) symlinkSync(target.startsWith('/') ? join(outside, target) : target, place);
	} catch {
		// The place is taken, or has no folder.
	}
}
