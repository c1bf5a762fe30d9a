/** How one minor version of CPython is built for WASI: the differences between versions, as data. */
export interface Recipe {
	readonly minor: string;
	/** Whether cpybuild's own tests build it. */
	readonly tested: boolean;
	/** What autoconf calls the host, the system that python.wasm runs on. */
	readonly triple: string;
	/** CPython's answers to checks that a cross build cannot run, below the source tree. */
	readonly configSite: string;
	/** Compiler flags that this version needs with a current clang and wasi-libc. */
	readonly cflags: readonly string[];
	/** Versions before 3.13 turn frozen modules into C with a Python script, which a bootstrap interpreter runs. */
	readonly deepfreeze: boolean;
	/** WASI-SDK that PEP 816 assigns to this version. */
	readonly wasiSdk: string;
}

/** All known minors, oldest first. */
export const RECIPES: readonly Recipe[] = [
	{
		minor: '3.11',
		tested: true,
		triple: 'wasm32-unknown-wasi',
		configSite: 'Tools/wasm/config.site-wasm32-wasi',
		// Newer clangs made an error of what 3.11's posixmodule.c does with wasi-libc's stubs.
		cflags: ['-Wno-int-conversion'],
		deepfreeze: true,
		wasiSdk: '21',
	},
	{
		minor: '3.12',
		tested: false,
		triple: 'wasm32-unknown-wasi',
		configSite: 'Tools/wasm/config.site-wasm32-wasi',
		cflags: ['-Wno-int-conversion'],
		deepfreeze: true,
		wasiSdk: '21',
	},
	{
		minor: '3.13',
		tested: true,
		triple: 'wasm32-wasip1',
		configSite: 'Tools/wasm/config.site-wasm32-wasi',
		cflags: [],
		deepfreeze: false,
		wasiSdk: '24',
	},
	{
		minor: '3.14',
		tested: false,
		triple: 'wasm32-wasip1',
		configSite: 'Tools/wasm/wasi/config.site-wasm32-wasi',
		cflags: [],
		deepfreeze: false,
		wasiSdk: '24',
	},
	{
		minor: '3.15',
		tested: false,
		triple: 'wasm32-wasip1',
		configSite: 'Platforms/WASI/config.site-wasm32-wasi',
		cflags: [],
		deepfreeze: false,
		wasiSdk: '33',
	},
];
