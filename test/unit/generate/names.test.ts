import { expect, test } from 'vitest';
import { cIdentifier, parameterNames, uniqueName } from '../../../src/generate/c/names.js';

const names = (...wanted: string[]) => parameterNames(wanted.map((name) => ({ name, suffixes: ['', '_len'] })));

test('ordinary parameter names stay', () => {
	expect(names('a', 'max_bytes', 'index', 'time')).toEqual(['a', 'max_bytes', 'index', 'time']);
});

test('names that C, its macros or the stubs have get an underscore', () => {
	expect(names('register', 'errno', 'linux', 'args', 'result', 'bool', 'main')).toEqual([
		'register_',
		'errno_',
		'linux_',
		'args_',
		'result_',
		'bool_',
		'main_',
	]);
});

test('names that look like types, constants or parts of Python get an underscore', () => {
	expect(names('size_t', 'NULL', 'PY_none', 'cpybuild_check', 'demo_bar_import', 'many_params')).toEqual([
		'size_t_',
		'NULL_',
		'PY_none_',
		'cpybuild_check_',
		'demo_bar_import_',
		'many_params_',
	]);
});

test('a name that another parameter needs for its length is avoided', () => {
	expect(names('text', 'text_len')).toEqual(['text', 'text_len_']);
	expect(names('text_len', 'text')).toEqual(['text_len', 'text_']);
	expect(names('int', 'int_')).toEqual(['int_', 'int__']);
});

test('unique names count up, with all their forms', () => {
	const used = new Set(['log_raw']);
	expect(uniqueName('log', used, ['', '_raw'])).toBe('log_2');
	expect(uniqueName('log', used, ['', '_raw'])).toBe('log_3');
	expect(uniqueName('log', used)).toBe('log');
	expect(used.has('log_2_raw')).toBe(true);
});

test('letters that C identifiers may not have are replaced', () => {
	expect([cIdentifier('größe'), cIdentifier('a.b-c'), cIdentifier('2d')]).toEqual(['gr__e', 'a_b_c', '_2d']);
});
