import type { Cpython, KnownRelease } from '../cpython/choose.js';
import type { ImageRecord } from '../machine/container/image-record.js';
import type { PythonChoice, ToolchainChoice } from '../manifest/manifest.js';
import { isPortable } from '../toolchain/identity.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';

/** The name of the lock file, which lies beside the manifest. */
export const LOCK_NAME = 'cpybuild.lock';

/** What `cpybuild.lock` says: everything of a build that neither the manifest nor the project's files fix. */
export interface Lock {
	readonly version: typeof LOCK_VERSION;
	/** By the manifest's file name: several manifests may share a folder. */
	readonly manifests: Readonly<Record<string, LockedManifest>>;
	/** By platform (`linux-x64`; `any` for a compiler that is WebAssembly itself), then by what was asked for. */
	readonly toolchains: Readonly<Record<string, Readonly<Record<string, ToolchainRecord>>>>;
	/** By the name that was asked for, with its tag: `debian:trixie`. */
	readonly images?: Readonly<Record<string, ImageRecord>>;
}

/** The version of the format. A reader keeps members that it does not know, so new ones alone do not raise it. */
export const LOCK_VERSION = 1;

/** A lock that says nothing. */
export const EMPTY_LOCK: Lock = { version: LOCK_VERSION, manifests: {}, toolchains: {} };

/** What is recorded for one manifest. */
export interface LockedManifest {
	readonly python: LockedPython;
}

/** The source of CPython that a manifest is built from. */
export interface LockedPython {
	readonly version: string;
	/** Who gave the source: cpybuild's own pins, or the manifest. */
	readonly origin: 'pin' | 'manifest';
	/** Where it was published, whichever mirror served it; absent for a path. */
	readonly url?: string;
	/** Of the tarball, or of the list of an unpacked tree's files. */
	readonly sha256: string;
	/** What builds show as their time: `2025-06-11`. */
	readonly date?: string;
}

/** Which part of a lock a build uses. */
export interface LockPlace {
	/** File name of the manifest. */
	readonly manifest: string;
	/** `linux-x64`. */
	readonly platform: string;
	/** What was asked for. */
	readonly selection: string;
	/** The name of the image, for builds in a container. */
	readonly image?: string | undefined;
}

/** The part of a lock that one build uses. */
export interface LockEntry {
	readonly python: LockedPython;
	readonly toolchain: ToolchainRecord;
	/** Of the place's image. */
	readonly image?: ImageRecord | undefined;
}

/** The platform of toolchains that are the same on all. */
const ANY = 'any';

/** What a build asks for: `auto`, `embedded/wasm`, `auto in debian:trixie`. */
export function selectionOf(choice: ToolchainChoice, compiler: 'auto' | 'native' | 'wasm', image?: string): string {
	const toolchain = compiler === 'auto' ? choice : `${choice}/${compiler}`;
	return image === undefined ? toolchain : `${toolchain} in ${image}`;
}

/** What a lock has for a build; parts may be missing. */
export function entryOf(lock: Lock, { manifest, platform, selection, image: name }: LockPlace): Partial<LockEntry> {
	const python = lock.manifests[manifest]?.python;
	const toolchain = lock.toolchains[platform]?.[selection] ?? lock.toolchains[ANY]?.[selection];
	const image = name === undefined ? undefined : lock.images?.[name];
	return { ...(python && { python }), ...(toolchain && { toolchain }), ...(image && { image }) };
}

/** A lock in which the part of a build is replaced; all else stays. */
export function withEntry(lock: Lock, place: LockPlace, { python, toolchain, image }: LockEntry): Lock {
	const { manifest, selection } = place;
	const platform = selection.endsWith('/wasm') && isPortable(toolchain.identity) ? ANY : place.platform;
	const { name, identity } = toolchain;
	const entry = { ...lock.toolchains[platform]?.[selection], name, identity };
	return {
		...lock,
		manifests: { ...lock.manifests, [manifest]: { ...lock.manifests[manifest], python } },
		toolchains: { ...lock.toolchains, [platform]: { ...lock.toolchains[platform], [selection]: entry } },
		...(place.image !== undefined && image && { images: { ...lock.images, [place.image]: image } }),
	};
}

/**
 * What was recorded of the version that a manifest names. If the manifest leaves the source to the pins, what was locked
 * is what is fetched, whatever cpybuild's own pin of the version says today.
 */
export function lockedRelease(python: PythonChoice, locked: LockedPython | undefined): KnownRelease {
	if (locked?.version !== python.version) return {};
	const { origin, url, sha256, date } = locked;
	return {
		...(date !== undefined && { epoch: Date.parse(date) / 1000 }),
		...(!python.source && origin === 'pin' && url !== undefined && { source: { url, sha256 } }),
	};
}

/**
 * What a lock records of a build's CPython.
 * @param pathHash The hash of a source that is a path.
 */
export function recordPython({ version, source, epoch }: Cpython, pathHash: () => string): LockedPython {
	const about = { version, date: dateOf(epoch) };
	if (source.kind === 'pinned') return { ...about, origin: 'pin', url: source.pin.url, sha256: source.pin.sha256 };
	if (source.kind === 'url') return { ...about, origin: 'manifest', url: source.url, sha256: source.sha256 };
	return { ...about, origin: 'manifest', sha256: pathHash() };
}

/** The day of a time in seconds since 1970, as a lock writes it; pins and builds know no finer times. */
export function dateOf(epoch: number): string {
	return new Date(epoch * 1000).toISOString().slice(0, 10);
}
