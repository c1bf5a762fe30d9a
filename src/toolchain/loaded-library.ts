/** A shared library that a program loads. */
export interface LoadedLibrary {
	/** The name by which programs ask for it: `libLLVM.so.19.1`. */
	readonly soname: string;
	/** Where it was found; undefined for one that is part of the system and no file (macOS). */
	readonly path: string | undefined;
	/** What is known of a library that is no file: its version. */
	readonly version?: string;
}
