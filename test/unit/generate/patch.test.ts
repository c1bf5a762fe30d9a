import { applyPatch, parsePatch } from 'diff';
import { expect, test } from 'vitest';
import { isKnownSetupBootstrap, setupBootstraps } from '../../../src/cpython/setup-bootstrap.js';
import { generate } from '../../../src/generate/index.js';
import { hostFunction, hostModule, manifest, nativeModule, signature } from './manifest.js';

const modules = [
	hostModule('main', [hostFunction('bar', signature({ a: 's32' }))]),
	nativeModule('fast', { sources: ['/project/util.c'], include: ['/project/include'] }),
];
const nativeSources = new Map([
	['/project/util.c', 'int x;'],
	['/project/include/deep/util.h', 'extern int x;\n'],
	['/project/other.h', 'not in an include folder\n'],
]);

test.each(Object.keys(setupBootstraps))('the diff for %s appends to Setup.bootstrap.in', (minor) => {
	const known = setupBootstraps[minor];
	const pristine = [...Array((known?.lineCount ?? 0) - 3).fill('x x.c'), ...(known?.lastLines ?? []), ''].join('\n');
	expect(isKnownSetupBootstrap(minor, pristine)).toBe(true);
	const patches = parsePatch(generate(manifest(modules, minor)).get('cpython.patch') ?? '');
	const patch = patches.find((one) => one.oldFileName === 'a/Modules/Setup.bootstrap.in');
	expect(patch?.hunks[0]?.oldStart).toBe((known?.lineCount ?? 0) - 2);
	expect(patch && applyPatch(pristine, patch)).toBe(
		`${pristine}\n# added by cpybuild\n_cpybuild _cpybuild.c\nmain main_2.c\nMODULE_FAST_CFLAGS=-I$(srcdir)/Modules/fast-native\nfast fast_util.c $(MODULE_FAST_CFLAGS)\n`,
	);
});

test('the diff holds every C file under the name that the Setup lines use', () => {
	const generated = generate(manifest(modules), nativeSources);
	const patches = parsePatch(generated.get('cpython.patch') ?? '');
	const added = new Map(patches.map((one) => [one.newFileName, applyPatch('', one)]));
	expect([...added.keys()]).toEqual([
		'b/Modules/_cpybuild.c',
		'b/Modules/cpybuild.h',
		'b/Modules/fast-native/deep/util.h',
		'b/Modules/fast_util.c',
		'b/Modules/main_2.c',
		'b/Modules/Setup.bootstrap.in',
	]);
	expect(added.get('b/Modules/main_2.c')).toBe(generated.get('c/main.c'));
	expect(added.get('b/Modules/fast_util.c')).toBe('int x;');
	expect(added.get('b/Modules/fast-native/deep/util.h')).toBe('extern int x;\n');
});

test('a Setup.bootstrap.in with another end is not known', () => {
	expect(isKnownSetupBootstrap('3.13', 'x x.c\n')).toBe(false);
	expect(isKnownSetupBootstrap('3.10', 'x x.c\n')).toBe(false);
});

test('a minor version without a recipe is a bug', () => {
	expect(() => generate(manifest(modules, '3.10'))).toThrow('no Setup.bootstrap.in is known for CPython 3.10');
});
