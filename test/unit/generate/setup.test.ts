import { expect, test } from 'vitest';
import { setupLines } from '../../../src/generate/setup.js';
import { placeSources } from '../../../src/generate/sources.js';
import { hostFunction, hostModule, manifest, nativeModule, signature } from './manifest.js';

const log = hostFunction('log', signature({}));

function lines(...modules: Parameters<typeof manifest>[0]): readonly string[] {
	const one = manifest(modules);
	return setupLines(one, placeSources(one));
}

test('a module of the host brings _cpybuild with it', () => {
	expect(lines(hostModule('demo', [log]))).toEqual(['_cpybuild _cpybuild.c', 'demo demo.c']);
});

test('without imports there is no _cpybuild', () => {
	expect(lines(nativeModule('three', { sources: ['/project/three.c'] }))).toEqual(['three three.c']);
});

test('sources of the same name get names of their own', () => {
	expect(
		lines(
			hostModule('util', [log]),
			nativeModule('left', { sources: ['/project/a/util.c', '/project/b/util.c', '/project/left_io.c'] }),
			nativeModule('right', { sources: ['/project/util.c'] }),
		),
	).toEqual(['_cpybuild _cpybuild.c', 'util util.c', 'left left_util.c left_util_2.c left_io.c', 'right right_util.c']);
});

test('names of files that CPython has are avoided', () => {
	expect(lines(hostModule('main'), nativeModule('config', { sources: ['/project/config.c'] }))).toEqual([
		'main main_2.c',
		'config config_2.c',
	]);
});

test('options go into make variables, quoted for make and the shell', () => {
	expect(
		lines(
			nativeModule('fast', {
				sources: ['/project/fast.c'],
				include: ['/project/include'],
				define: { LIMIT: '10', NAME: '"it\'s $5"', FLAG: '' },
				cflags: ['-ffast-math'],
				libs: ['/project/lib/libfast.a'],
			}),
		),
	).toEqual([
		`MODULE_FAST_CFLAGS=-I$(srcdir)/Modules/fast-native -DLIMIT=10 '-DNAME="it'"'"'s $$5"' -DFLAG -ffast-math`,
		'MODULE_FAST_LDFLAGS=$(srcdir)/Modules/fast-native/libfast.a',
		'fast fast.c $(MODULE_FAST_CFLAGS) $(MODULE_FAST_LDFLAGS)',
	]);
});
