import { canonical } from '../cache/key.js';

/** Name of a file or program → sha256 of its content. */
export type Hashes = Readonly<Record<string, string>>;

/**
 * Everything of a toolchain that can change an output, by content: equal identities give equal bytes, wherever the
 * toolchain lies. It is part of every key, and what `cpybuild.lock` records. Plain data, hence no interface, which
 * would not pass as `Json`.
 */
export type ToolchainIdentity = {
	/** The target as clang is told it. */
	readonly target: string;
	/** What the compiler says it is; for people, since the hashes say it too. */
	readonly compiler: string;
	/**
	 * The programs, links followed. `cc1` is there when `clang` is only a launcher (ccache, a script) of the compiler;
	 * of the clang that runs as WebAssembly these are the files of its package.
	 */
	readonly programs: Hashes;
	/** The shared libraries that the programs load, by soname; empty for static programs. */
	readonly libraries: Hashes;
	/** Hash of clang's own headers; absent where the sysroot's archive holds them. */
	readonly headers?: string;
	/** Hash of the compiler's runtime library; absent where the sysroot's archive holds it. */
	readonly builtins?: string;
	/** Hash of the C library: all headers and libraries of the target, or the archive that they come in. */
	readonly sysroot: string;
};

/** Whether two toolchains make the same bytes of the same inputs. */
export function isSameIdentity(one: ToolchainIdentity, other: ToolchainIdentity): boolean {
	return canonical(one) === canonical(other);
}

/** A part of an identity that differs; undefined where there is no such part. */
export interface IdentityChange {
	/** `program clang`, `library libLLVM.so.19.1`, `C library`. */
	readonly part: string;
	readonly old: string | undefined;
	readonly new: string | undefined;
}

/** How people call the parts that are one value. */
const PARTS = {
	target: 'target',
	compiler: 'compiler',
	headers: "clang's headers",
	builtins: 'compiler runtime library',
	sysroot: 'C library',
} as const;

/** Which parts of two identities differ, hashes shortened. */
export function compareIdentities(old: ToolchainIdentity, now: ToolchainIdentity): readonly IdentityChange[] {
	const before = partsOf(old);
	const after = partsOf(now);
	return [...new Set([...before.keys(), ...after.keys()])]
		.filter((part) => before.get(part) !== after.get(part))
		.map((part) => ({ part, old: shorten(before.get(part)), new: shorten(after.get(part)) }));
}

/** `program clang: 4c8b517baf7f → 95312377684f`. */
export function describeChange({ part, old, new: now }: IdentityChange): string {
	return `${part}: ${old ?? 'none'} → ${now ?? 'none'}`;
}

/** What people call a part → its value, in the order in which they care. */
function partsOf(identity: ToolchainIdentity): ReadonlyMap<string, string | undefined> {
	const single = Object.entries(PARTS).map(([name, shown]) => [shown, identity[name as keyof typeof PARTS]] as const);
	const members = (shown: string, hashes: Hashes) =>
		Object.entries(hashes)
			.sort()
			.map(([name, hash]) => [`${shown} ${name}`, hash] as const);
	return new Map([...single, ...members('program', identity.programs), ...members('library', identity.libraries)]);
}

function shorten(value: string | undefined): string | undefined {
	return value !== undefined && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}

/** Whether a toolchain is WebAssembly itself, and so the same on all platforms. */
export function isPortable({ programs }: ToolchainIdentity): boolean {
	return Object.keys(programs).some((name) => name.endsWith('.wasm'));
}
