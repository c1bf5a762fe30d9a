import type { ToolchainIdentity } from '../../src/toolchain/identity.js';

/** The identity of no toolchain, for tests that use none. */
export const NO_TOOLCHAIN: ToolchainIdentity = { target: '', compiler: '', programs: {}, libraries: {}, sysroot: '' };
