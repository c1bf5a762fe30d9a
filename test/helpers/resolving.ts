import type { Resolving } from '../../src/toolchain/resolving.js';

/** For tests that look for a toolchain for CPython 3.13, and fetch none. */
export const WITHOUT_FETCHING: Pick<Resolving, 'minor' | 'fetching'> = {
	minor: '3.13',
	fetching: { offline: true, log: () => {} },
};
