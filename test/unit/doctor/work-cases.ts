import type { Installer } from '../../../src/doctor/packages.js';
import { ALL_WORK, type Work } from '../../../src/doctor/work.js';

/** A machine on which users are not root, with apt. */
export const APT: Installer = { manager: 'apt-get', isRoot: false, isMac: false, numberedClang: 19 };

/** A build without a cache. */
export const COLD: Work = ALL_WORK;

/** A build after a change of a signature. */
export const CHANGED: Work = {
	compiles: true,
	compilesCpython: false,
	fetches: false,
	needsToolchain: true,
	makes: true,
};

/** A build whose outputs are all in the cache. */
export const CACHED: Work = {
	compiles: false,
	compilesCpython: false,
	fetches: false,
	needsToolchain: false,
	makes: false,
};
