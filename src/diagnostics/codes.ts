import { buildCodes } from './codes/build.js';
import { cacheCodes } from './codes/cache.js';
import type { CodeTable } from './codes/code-table.js';
import { internalCodes } from './codes/internal.js';
import { lockCodes } from './codes/lock.js';
import { manifestCodes } from './codes/manifest.js';
import { toolchainCodes } from './codes/toolchain.js';
import { usageCodes } from './codes/usage.js';
import { verifyCodes } from './codes/verify.js';
import { witCodes } from './codes/wit.js';
import type { Phase } from './diagnostic.js';

/** Every code that cpybuild reports, by phase; a test keeps the tables and the sources together. */
export const codes: CodeTable<Phase> = {
	...usageCodes,
	...manifestCodes,
	...witCodes,
	...toolchainCodes,
	...lockCodes,
	...buildCodes,
	...cacheCodes,
	...verifyCodes,
	...internalCodes,
};
