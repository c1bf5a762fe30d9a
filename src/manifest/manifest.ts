import type { SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { ResourceDefinition, Signature, TypeDefinition } from '../wit/type.js';
import type { ImageChoice } from './image-name.js';

/** A validated project.yaml: plain data, defaults filled in, with the places that later messages point at. */
export interface Manifest {
	readonly file: SourceFile;
	/** Absolute path of the folder that holds the manifest; relative paths in it start here. */
	readonly folder: string;
	/** Folders and libraries that it names by their whole path: they are the same wherever the manifest lies. */
	readonly wholePaths: readonly string[];
	readonly python: PythonChoice;
	/** In the manifest's order. */
	readonly modules: readonly Module[];
	/** The WIT files that decide some of the modules, and their folder: absolute paths. */
	readonly witFiles: readonly string[];
	/** In the manifest's order. */
	readonly exports: readonly ExportedInterface[];
	readonly build: BuildSettings;
}

/** Which CPython to build, and where its source comes from when it is not a pinned one. */
export interface PythonChoice {
	/** Full version, `3.13.5`. */
	readonly version: string;
	/** The minor version, `3.13`: the key of the recipes. */
	readonly minor: string;
	readonly source?: PythonSource;
	readonly span: Span;
}

/** A source of CPython that the manifest itself names. */
export type PythonSource =
	/** A tarball or an unpacked tree; absolute. */
	| { readonly kind: 'path'; readonly path: string }
	| { readonly kind: 'url'; readonly url: string; readonly sha256: string };

/** A Python module of the manifest. */
export type Module = HostModule | NativeModule;

/** A module whose functions are implemented by the host program. */
export interface HostModule {
	readonly kind: 'host';
	/** Python name, also the C identifier part after `PyInit_`. */
	readonly name: string;
	readonly doc?: string;
	/** The types that it defines, each after those that it uses. */
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	/** It has the classes of an interface that Python code implements, and calls nobody. */
	readonly isExported?: true;
	/** The core import module of its resources' functions, and of its functions unless they name another. */
	readonly importModule: string;
	/** The interface of a .wit file that it is. */
	readonly interface?: WitInterface;
	/** What it is of a .wit file's world, if it is no interface of a package. */
	readonly inWorld?: WorldPart;
	readonly functions: readonly HostFunction[];
	readonly span: Span;
}

/** An interface of a WIT package. */
export interface WitInterface {
	/** With its version where it has one: `acme:billing@1.0.0`. */
	readonly package: string;
	/** Within the package: `invoices`. */
	readonly name: string;
}

/** What a world has by itself. */
export type WorldPart =
	/** Functions, and types. */
	| { readonly kind: 'world' }
	/** An interface that is declared within it, by its WIT name. */
	| { readonly kind: 'inline'; readonly name: string };

/** A C extension module of the user's own. */
export interface NativeModule {
	readonly kind: 'native';
	readonly name: string;
	readonly doc?: string;
	/** C files, absolute paths that exist. */
	readonly sources: readonly string[];
	/** Include folders, absolute. */
	readonly include: readonly string[];
	/** Preprocessor definitions: name to value. */
	readonly define: Readonly<Record<string, string>>;
	readonly cflags: readonly string[];
	/** Static archives, absolute paths that exist. */
	readonly libs: readonly string[];
	/** Host functions that the C code may call through the generated `<module>_imports.h`. */
	readonly imports: readonly HostFunction[];
	readonly span: Span;
}

/** A function that the host implements. */
export interface HostFunction {
	/** Python name (snake_case as the manifest spells it). */
	readonly name: string;
	readonly doc?: string;
	readonly signature: Signature;
	/** Core wasm import names. */
	readonly importModule: string;
	readonly importName: string;
	/** Default values by WIT parameter name; already checked against the parameter's type. */
	readonly defaults: Readonly<Record<string, DefaultValue>>;
	/** Place of the function's name in the manifest. */
	readonly span: Span;
	/** Place of the signature's text. */
	readonly signatureSpan: Span;
}

/** Functions that Python code implements, for the host to call. */
export interface ExportedInterface {
	/** The name by which the host knows it. */
	readonly name: string;
	readonly doc?: string;
	/** The Python module that has the functions: `acme.billing`. */
	readonly pythonModule: string;
	/** The module with the Python classes of its own, if it has any: `acme.billing_types`. */
	readonly typesModule: string;
	/** The interface of a .wit file that it is. */
	readonly interface?: WitInterface;
	/** What it is of a .wit file's world, if it is no interface of a package. */
	readonly inWorld?: WorldPart;
	readonly functions: readonly ExportedFunction[];
	readonly span: Span;
}

/** A function that Python code implements. */
export interface ExportedFunction {
	/** As the manifest spells it (snake_case). */
	readonly name: string;
	readonly doc?: string;
	readonly signature: Signature;
	/** The Python function. */
	readonly pythonFunction: string;
	/** Name of the core wasm export. */
	readonly exportName: string;
	readonly span: Span;
	/** Place of the signature's text. */
	readonly signatureSpan: Span;
}

/** A default value: 64-bit integers are bigint, `list<u8>` is bytes, and the `none` of an option is null. */
export type DefaultValue = boolean | number | bigint | string | Uint8Array | null;

/** The `build:` section, with defaults filled in. */
export interface BuildSettings {
	readonly machine: MachineChoice;
	/** The image of a container, if there is to be one. */
	readonly container: ImageChoice;
	readonly toolchain: ToolchainChoice;
	/** Belongs to the version that `toolchain` names. */
	readonly ownWasiSdk?: OwnWasiSdk;
	readonly launcher: LauncherChoice;
	readonly optimize: 'release' | 'size' | 'none';
	/** Keeps names and DWARF in python.wasm. */
	readonly debug: boolean;
	/** Builds CPython with its own assertions (`--with-pydebug`). */
	readonly pydebug: boolean;
	/** Whether a component is made, too. */
	readonly component: boolean;
	/** Linear memory in bytes, multiples of 64 KiB. */
	readonly memory: { readonly initial: number; readonly max: number };
	/** C stack in bytes. */
	readonly stack: number;
}

/** Where commands run. */
export type MachineChoice = 'native' | 'container';

/** Which compiler and C library build python.wasm. `wasi-sdk` alone is the version that fits CPython's. */
export type ToolchainChoice = 'auto' | 'embedded' | 'wasi-sdk' | `wasi-sdk@${number}` | 'debian';

/** An archive of a WASI-SDK whose hash the manifest itself gives. */
export interface OwnWasiSdk {
	/** Of the archive that the building machine gets, or of each platform's: `x86_64-linux`. */
	readonly sha256: string | Readonly<Record<string, string>>;
	/** Where it is, when it is not where releases are; `{platform}` stands for the platform's name. */
	readonly url?: string;
}

/** What stands before the compiler when CPython itself is compiled. */
export type LauncherChoice = 'none' | 'ccache' | 'sccache' | 'distcc' | 'icecc';
