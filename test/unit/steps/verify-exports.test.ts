import { expect, test } from 'vitest';
import { exportProblems, exportsOf } from '../../../src/steps/verify-exports.js';
import type { Export } from '../../../src/wasm/module.js';
import { oneExport, signature } from '../bindings/manifests.js';

const texts = oneExport(signature(['text: string'], 'string'));

const exported = (name: string, params: string[], results: string[]): Export => ({
	name,
	type: { kind: 'func', params, results },
});

const sound = [exported('cabi_post_m#f', ['i32'], []), exported('m#f', ['i32', 'i32'], ['i32'])];

test('the functions that free results in memory are expected, too', () => {
	expect(exportsOf(texts).map(({ core, host }) => [host, core])).toEqual([
		['m.f', { name: 'cabi_post_m#f', params: ['i32'], results: [] }],
		['m.f', { name: 'm#f', params: ['i32', 'i32'], results: ['i32'] }],
	]);
	expect(exportsOf(oneExport(signature([], 'u8'))).map(({ core }) => core)).toEqual([
		{ name: 'm#f', params: [], results: ['i32'] },
	]);
});

test('a module that has them and more is right', () => {
	expect(exportProblems([exported('_start', [], []), ...sound], texts)).toEqual([]);
});

test('what is lost, or something else, is told where the manifest declares it', () => {
	const [{ span } = { span: undefined }] = texts.exports[0]?.functions ?? [];
	const hint = 'look for C code of your own that defines the same symbol or the same export';
	expect(exportProblems([exported('m#f', ['i32', 'i32'], ['i64'])], texts)).toEqual([
		{
			code: 'verify/export-missing',
			severity: 'error',
			message: 'python.wasm does not export "cabi_post_m#f", by which hosts call m.f',
			span,
			hint,
		},
		{
			code: 'verify/export-type',
			severity: 'error',
			message: 'python.wasm exports "m#f" as (i32, i32) -> i64, the manifest makes it (i32, i32) -> i32',
			span,
			hint,
		},
	]);
});
