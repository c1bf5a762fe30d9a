import { expect, test } from 'vitest';
import { fixedTimeFlags } from '../../../src/steps/base/make.js';

test('C code sees the time as the compiler would spell it', () => {
	expect(fixedTimeFlags(Date.UTC(2025, 5, 1, 7, 8, 9) / 1000)).toEqual([
		'-Wno-builtin-macro-redefined',
		'-D__DATE__="Jun  1 2025"',
		'-D__TIME__="07:08:09"',
		'-D__TIMESTAMP__="Sun Jun  1 07:08:09 2025"',
	]);
});
