import type { WASI_SDK_PLATFORMS } from '../manifest/toolchain-choice.js';

/** A platform that WASI-SDKs are released for. */
export type WasiSdkPlatform = (typeof WASI_SDK_PLATFORMS)[number];

/** An archive of a WASI-SDK that is known by its hash. */
export interface WasiSdkPin {
	readonly version: number;
	readonly platform: WasiSdkPlatform;
	/** How large the archive is, where a record says it. */
	readonly bytes?: number;
	readonly sha256: string;
	/**
	 * Two places, kept by different people, that give this hash: a file of a public repository, at a commit. The releases
	 * themselves come without a list of hashes.
	 */
	readonly records: readonly [string, string];
}

const SPACK =
	'spack/spack-packages 1e8cf059e35d55c4fe1142fed41785bedf6c7246 repos/spack_repo/builtin/packages/wasi_sdk_prebuilt/package.py';
const HRSM = 'jimstutt/HRSM-Skeleton 1d21f78fb728a5607d8008606514dbd41e1df2b2 pkgs/wasm32-wasi-sdk.nix';
const MOY = 'moybyte-org/moy-spec 0ac1e1183e2c5920103fa1dffe885b52279b1ea4 compiled.py';
const RAPTORMARK = 'moriyoshi/raptormark ea242a95a776588213cd5cd4d56e71c809921950 bazel/sdk.bzl';
const HOMESCOOP = 'ai-ecoverse/homescoop ad89abef0774bcb5f54840d3e44e70c61da536d1 packages/wasi-llvm/build.sh';
const NOCTURN = 'efuturetoday/nocturn 01c19c7ebc521ddd249df689db8c1b5bf852773a internal/script/qjs/build.sh';
const TREEBANK = 'PowderworksCode/treebank 7ba8c1bf955461c3d56bde56ed8adcfda6713bee tools/wasm-pack/toolchain.sh';

/**
 * The archives that may be fetched by version alone. One record is not enough: 24 for x86_64-macos has
 * only MOY's, and 21 for macOS none at all. There is no 21 for arm64-linux.
 */
export const WASI_SDK_PINS: readonly WasiSdkPin[] = [
	{
		version: 21,
		platform: 'x86_64-linux',
		sha256: 'f2fe0723b337c484556b19d64c0f6c6044827014bfcd403d00951c65a86cfa26',
		records: [SPACK, HRSM],
	},
	{
		version: 24,
		platform: 'x86_64-linux',
		bytes: 118_879_731,
		sha256: 'c6c38aab56e5de88adf6c1ebc9c3ae8da72f88ec2b656fb024eda8d4167a0bc5',
		records: [SPACK, MOY],
	},
	{
		version: 24,
		platform: 'arm64-linux',
		bytes: 119_660_865,
		sha256: 'ae6c1417ea161e54bc54c0a168976af57a0c6e53078857886057a71a0d928646',
		records: [MOY, RAPTORMARK],
	},
	{
		version: 24,
		platform: 'arm64-macos',
		bytes: 108_199_177,
		sha256: 'aeae999396d5f5caa5ce419f52e83c35869d5fd21d40af80acba2c80f51b0b3a',
		records: [MOY, HOMESCOOP],
	},
	{
		version: 33,
		platform: 'x86_64-linux',
		sha256: '0ba8b5bfaeb2adf3f29bab5841d76cf5318ab8e1642ea195f88baba1abd47bce',
		records: [NOCTURN, TREEBANK],
	},
	{
		version: 33,
		platform: 'arm64-linux',
		sha256: '4f98ee738c7abb45c81a94d1461fc53cc569d1cd01498951c8184d841a027844',
		records: [NOCTURN, TREEBANK],
	},
	{
		version: 33,
		platform: 'x86_64-macos',
		sha256: '18f3f201ba9734e6a4455b0b6410690395a55e9ffa9f6f5066f66083a94b93b3',
		records: [NOCTURN, TREEBANK],
	},
	{
		version: 33,
		platform: 'arm64-macos',
		sha256: '85c997a2665ead91673b5bb88b7d0df3fc8900df3bfa244f720d478187bbdc78',
		records: [NOCTURN, TREEBANK],
	},
];

/** Where releases are published; a mirror takes the place of the first part. */
export const RELEASE_HOST = 'https://github.com';

/** Where the archive of a version for a platform is published, if it is: before version 23 there was one for each system. */
export function releaseUrl(version: number, platform: WasiSdkPlatform): string | undefined {
	if (version < 23 && platform === 'arm64-linux') return undefined;
	const name = version < 23 ? platform.replace(/^.*-/, '') : platform;
	return `${RELEASE_HOST}/WebAssembly/wasi-sdk/releases/download/wasi-sdk-${version}/wasi-sdk-${version}.0-${name}.tar.gz`;
}

/** What WASI-SDKs call a platform of Node; nothing where there are none for it. */
export function wasiSdkPlatform(platform: NodeJS.Platform, arch: NodeJS.Architecture): WasiSdkPlatform | undefined {
	const system = platform === 'linux' ? 'linux' : platform === 'darwin' ? 'macos' : undefined;
	const processor = arch === 'x64' ? 'x86_64' : arch === 'arm64' ? 'arm64' : undefined;
	return system && processor && `${processor}-${system}`;
}
