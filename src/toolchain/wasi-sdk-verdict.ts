import { RECIPES } from '../cpython/recipe.js';
import type { ToolchainChoice } from '../manifest/manifest.js';

/** What is wrong with a version of the WASI-SDK. */
export interface KnownBug {
	/** What it does to CPython. */
	readonly effect: string;
	/** Where it is told. */
	readonly report: string;
}

const HANGS: KnownBug = {
	effect: 'an interpreter that is built with it hangs when it exits',
	report: 'https://github.com/WebAssembly/wasi-libc/issues/617',
};

/**
 * Versions that no CPython can be built with, whatever its own one is. 28 mends the hang; what it broke is only in
 * WASI 0.2 (wasi-libc#640), which is not built here.
 */
const KNOWN_BUGS: ReadonlyMap<number, KnownBug> = new Map([
	[26, HANGS],
	[27, HANGS],
]);

/** Whether a WASI-SDK may build a version of CPython. */
export type WasiSdkVerdict =
	| { readonly verdict: 'fits' }
	/** Another one than CPython is made and tested with. It may work. */
	| { readonly verdict: 'other'; readonly fitting: number }
	/** No CPython works with it. `fitting` is absent when CPython's version is not known. */
	| { readonly verdict: 'bad'; readonly bug: KnownBug; readonly fitting?: number };

/** The WASI-SDK that PEP 816 assigns to a minor version of CPython; nothing for one without recipe. */
export function wasiSdkOf(minor: string): number | undefined {
	const recipe = RECIPES.find((one) => one.minor === minor);
	return recipe && Number(recipe.wasiSdk);
}

/** What a choice comes to for a minor version: manifests of one folder may have several, and share a lock. */
export function exactChoice(choice: ToolchainChoice, minor: string): ToolchainChoice {
	const fitting = wasiSdkOf(minor);
	return choice === 'wasi-sdk' && fitting !== undefined ? `wasi-sdk@${fitting}` : choice;
}

/** Judges a WASI-SDK by its major version. */
export function judgeWasiSdk(version: number, minor: string): WasiSdkVerdict {
	const fitting = wasiSdkOf(minor);
	const bug = KNOWN_BUGS.get(version);
	if (bug) return { verdict: 'bad', bug, ...(fitting !== undefined && { fitting }) };
	if (fitting === undefined || version === fitting) return { verdict: 'fits' };
	return { verdict: 'other', fitting };
}
