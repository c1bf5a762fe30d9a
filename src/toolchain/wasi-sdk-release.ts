import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keyOf } from '../cache/key.js';
import type { Store } from '../cache/store.js';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { download, Unavailable } from '../source/download.js';
import { keepDownload } from '../source/kept.js';
import { unpackArchive } from '../source/unpack.js';
import { ownPlaces } from './machine-files.js';
import type { SdkFetching } from './resolving.js';
import { RELEASE_HOST, releaseUrl, WASI_SDK_PINS, type WasiSdkPlatform, wasiSdkPlatform } from './wasi-sdk-pins.js';
import { versionOfSdk } from './wasi-sdk-version.js';

/** An archive that may be fetched, since its hash is known. */
export interface WasiSdkRelease {
	readonly version: number;
	/** Where it is published. */
	readonly url: string;
	readonly sha256: string;
	readonly bytes?: number | undefined;
}

/**
 * The release of a version for a machine: one with a hash of the manifest's own, or a pinned one.
 * @throws CpybuildError `toolchain/unpinned` when there is no hash for it.
 */
export function releaseOf(
	version: number,
	own: SdkFetching['own'],
	platform = wasiSdkPlatform(process.platform, process.arch),
): WasiSdkRelease {
	const ownHash = typeof own?.sha256 === 'string' ? own.sha256 : platform && own?.sha256[platform];
	const published = platform && releaseUrl(version, platform);
	const url = own?.url?.replaceAll('{platform}', platform ?? '') ?? published;
	if (ownHash !== undefined && url !== undefined) return { version, url, sha256: ownHash };
	const pin = WASI_SDK_PINS.find((one) => one.version === version && one.platform === platform);
	if (pin && published !== undefined) return { version, url: published, sha256: pin.sha256, bytes: pin.bytes };
	return failUnpinned(version, platform, published);
}

function failUnpinned(version: number, platform: WasiSdkPlatform | undefined, url: string | undefined): never {
	const pinned = WASI_SDK_PINS.filter((one) => one.platform === platform).map((one) => one.version);
	const own = url && `give its hash: toolchain: { wasi-sdk: ${version}, sha256: { ${platform}: "…" } }`;
	const where = platform ?? `${process.platform}-${process.arch}`;
	fail({
		code: 'toolchain/unpinned',
		message: url
			? `WASI-SDK ${version} is not on this machine, and no hash of it for ${where} is known`
			: `WASI-SDK ${version} is not on this machine, and there is none for ${where}`,
		hint: [own, 'install it below /opt, or set WASI_SDK_PATH to its folder'].filter((one) => one).join('; or '),
		details: [
			...(url ? [url] : []),
			...(pinned.length > 0 ? [`known for ${where}: ${pinned.map((one) => `wasi-sdk@${one}`).join(', ')}`] : []),
		],
	});
}

/** What fetching a release needs. */
export interface ReleaseContext extends SdkFetching {
	readonly store: Store;
	readonly warn: (warning: Diagnostic) => void;
}

/**
 * The folder of a release: from the cache, where it is verified like any entry, else fetched and unpacked.
 * @throws CpybuildError `toolchain/offline`, `toolchain/not-fetched`, `toolchain/source-hash-mismatch`,
 *   `toolchain/not-a-wasi-sdk`.
 */
export async function ensureRelease(release: WasiSdkRelease, context: ReleaseContext): Promise<string> {
	const { store, signal, log } = context;
	const key = keyOf('wasi-sdk', { revision: 1, archive: release.sha256 }, {});
	const fill = async (folder: string) => {
		const archive = await keepDownload(release, context, (_, to) => arrive(release, to, context));
		log(`unpacking ${basename(archive)}`);
		await unpack(archive, folder, signal);
		await requireSdk(release, folder);
	};
	const onWait = (holder: string) => log(`waiting for ${holder}, which unpacks it`);
	const { path } = await store.ensure('wasi-sdk', key, { fill, shared: false, onWait, signal });
	return path;
}

async function arrive(release: WasiSdkRelease, to: string, context: ReleaseContext): Promise<void> {
	const { version, url, sha256, bytes } = release;
	if (context.offline) {
		fail({
			code: 'toolchain/offline',
			message: `WASI-SDK ${version} is not on this machine, and --offline forbids fetching it`,
			hint: 'build once without --offline, or set WASI_SDK_PATH to the folder of an unpacked one',
			details: [url, `sha256 ${sha256}`],
		});
	}
	const from = context.mirror ? url.replace(RELEASE_HOST, context.mirror) : url;
	context.log(`fetching ${from}${bytes === undefined ? '' : ` (${Math.round(bytes / 1e6)} MB)`}`);
	try {
		await download({ url: from, sha256 }, to, context);
	} catch (error) {
		if (!(error instanceof Unavailable)) throw error;
		fail(
			{
				code: 'toolchain/not-fetched',
				message: `WASI-SDK ${version} could not be fetched`,
				hint: 'connect to the network, name a mirror with CPYBUILD_WASI_SDK_MIRROR, or set WASI_SDK_PATH to the folder of an unpacked one',
				details: [error.message],
			},
			{ cause: error },
		);
	}
}

/** Libraries and headers of targets that are not built for: half of what there is. */
const OTHER_TARGETS = /^share\/wasi-sysroot\/(include|lib|share)\/wasm32-wasi(?!p1\/|\/)[^/]*\//;

async function unpack(archive: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
	try {
		await unpackArchive(archive, folder, (path) => !OTHER_TARGETS.test(path), signal);
	} catch (error) {
		throwIfInterrupted(signal);
		if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
		failNotSdk(`"${basename(archive)}" cannot be unpacked: ${error instanceof Error ? error.message : error}`, error);
	}
}

async function requireSdk({ version, url }: WasiSdkRelease, folder: string): Promise<void> {
	const name = basename(new URL(url).pathname);
	const missing = ['bin/clang', 'share/wasi-sysroot'].find((path) => !existsSync(join(folder, path)));
	if (missing) failNotSdk(`"${name}" has no "${missing}"`);
	const found = await versionOfSdk(folder, ownPlaces);
	if (found && found.major !== version) failNotSdk(`"${name}" is WASI-SDK ${found.text}, not ${version}`);
}

function failNotSdk(message: string, cause?: unknown): never {
	fail(
		{
			code: 'toolchain/not-a-wasi-sdk',
			message,
			hint: 'name the .tar.gz of a release, and its hash',
		},
		{ cause },
	);
}
