import type { ToolchainChoice } from './manifest.js';

/** All toolchains by name; the version of a WASI-SDK may stand behind its name: `wasi-sdk@24`. */
export const TOOLCHAINS = ['auto', 'embedded', 'wasi-sdk', 'debian'] as const;

/** The platforms that WASI-SDKs are released for, as their archives are named. */
export const WASI_SDK_PLATFORMS = ['x86_64-linux', 'arm64-linux', 'x86_64-macos', 'arm64-macos'] as const;

/** The choice that a text is, if it is one. */
export function parseToolchainChoice(text: string): ToolchainChoice | undefined {
	const name = TOOLCHAINS.find((one) => one === text);
	if (name) return name;
	const [before, behind = ''] = text.split('@', 2);
	const version = parseWasiSdkVersion(behind);
	return before === 'wasi-sdk' && version !== undefined ? `wasi-sdk@${version}` : undefined;
}

/** The major version that a text names: there has never been another minor one than 0. */
export function parseWasiSdkVersion(text: string): number | undefined {
	const major = text.match(/^([1-9]\d{0,2})(\.0)?$/)?.[1];
	return major === undefined ? undefined : Number(major);
}
