import type { DiagnosticCode } from './diagnostic.js';

/** What documentation says about a code. */
export interface CodeEntry {
	/** The problem in a few words. */
	readonly title: string;
	/** What it means and how it usually comes about. */
	readonly explanation: string;
	/** What to do about it. */
	readonly remedy: string;
}

/** Every code that cpybuild reports, by phase; a test keeps the table and the sources together. */
export const codes: Readonly<Record<DiagnosticCode, CodeEntry>> = {
	// usage: the command line, and files that it names
	'usage/unknown-command': {
		title: 'Unknown command',
		explanation: 'The first word after `cpybuild` is not one of its commands.',
		remedy: 'Run `cpybuild --help` for the list.',
	},
	'usage/unknown-option': {
		title: 'Unknown option',
		explanation: 'The command does not have this option.',
		remedy: 'Run the command with `--help`. Arguments for Python itself go after `--`.',
	},
	'usage/missing-value': {
		title: 'Option without its value',
		explanation: 'The option needs a value, and the command line ends or goes on with another option.',
		remedy: 'Write the value after the option, or as `--option=value`.',
	},
	'usage/unexpected-value': {
		title: 'Value for an option that takes none',
		explanation: 'The option only switches something on.',
		remedy: 'Leave out the `=` and what follows it.',
	},
	'usage/bad-value': {
		title: 'Wrong value of an option',
		explanation: 'The value is not one that the option understands.',
		remedy: 'The message shows what is possible.',
	},
	'usage/missing-argument': {
		title: 'Missing argument',
		explanation: 'The command needs to know what to work on.',
		remedy: 'Run the command with `--help` and give the arguments of its first line.',
	},
	'usage/unexpected-argument': {
		title: 'One argument too many',
		explanation: 'The command takes fewer arguments.',
		remedy: 'Remove it, or quote an argument that contains spaces.',
	},
	'usage/unreadable-file': {
		title: 'A file cannot be read',
		explanation: 'The file that the command line names does not exist, is a folder, or may not be read.',
		remedy: 'Check the path; it starts in the current folder.',
	},
	'usage/file-exists': {
		title: 'A file is in the way',
		explanation: 'The command would overwrite a file that it did not make.',
		remedy: 'Choose another folder, or move the file away.',
	},
	'usage/out-not-ours': {
		title: 'The output folder holds something else',
		explanation: 'cpybuild replaces what is in its output folder, and this one holds files that it did not make.',
		remedy: 'Choose another folder with `--out`, or empty this one.',
	},
	'usage/generated-stale': {
		title: 'Generated files are not current',
		explanation: 'The manifest or cpybuild has changed since the files were generated, or somebody edited them.',
		remedy: 'Run `cpybuild generate` and commit what it writes.',
	},
	'usage/not-a-dist': {
		title: 'Not the output of a build',
		explanation: 'The folder holds no `python.wasm`.',
		remedy: 'Name the output folder of a build (`dist` unless `--out` said otherwise), or run `cpybuild build` first.',
	},
	'usage/dir-missing': {
		title: 'A folder to show is missing',
		explanation: 'The folder that Python is to see does not exist on this machine, or is a file.',
		remedy: 'Check the part of `--dir` before `::`; it starts in the current folder.',
	},
	'usage/dir-place': {
		title: 'A place that Python cannot see',
		explanation: 'Folders are shown at absolute paths of the guest, without `..`.',
		remedy: 'Begin the part of `--dir` after `::` with `/`, for example `.::/work`.',
	},
	'usage/host-module-failed': {
		title: 'A host module does not load',
		explanation: 'The module is missing, has a syntax error, or threw an exception while it was loaded.',
		remedy: 'The details show the exception and where it came from.',
	},
	'usage/host-module-empty': {
		title: 'A host module without a host',
		explanation: 'The module loads, and exports neither a default nor `host`, or one that is no object.',
		remedy: 'Export the object that implements the bindings: `export default { … } satisfies Host`.',
	},
	'usage/host-incomplete': {
		title: 'A host lacks functions',
		explanation: 'The object that the host module exports does not have all the functions that the bindings call.',
		remedy: 'Implement the `Host` interface of `bindings.ts`; a compiler then finds what is missing.',
	},
	'usage/host-import-missing': {
		title: 'Imports that no host provides',
		explanation: 'python.wasm calls functions of its host, and the host that runs it does not have them.',
		remedy:
			'Give a host module with `--host`. With one, build again, so that bindings and python.wasm belong together.',
	},
	'usage/not-wasm': {
		title: 'Not a WebAssembly module',
		explanation: 'The file does not begin as a core module does; perhaps it is a component, text, or something else.',
		remedy: 'Name a core module (.wasm).',
	},
	'usage/broken-wasm': {
		title: 'A damaged WebAssembly module',
		explanation: 'The file begins as a module, but its sections contradict themselves or end too early.',
		remedy: 'Make or download the file again.',
	},
	'usage/not-archive': {
		title: 'Not a static library',
		explanation: 'The file is not an `ar` archive.',
		remedy: 'Name a static library (.a) built for wasm32-wasip1.',
	},

	// manifest: project.yaml
	'manifest/unreadable': {
		title: 'The manifest cannot be read',
		explanation: 'The file does not exist, is a folder, may not be read, or is not UTF-8 text.',
		remedy: 'Check the path, or make a new project with `cpybuild init`.',
	},
	'manifest/too-large': {
		title: 'The manifest is too large',
		explanation: 'It is larger than 1 MiB, nested too deeply, or its YAML aliases expand to too much.',
		remedy: 'Check that the right file is named, and write values out instead of repeating aliases.',
	},
	'manifest/syntax': {
		title: 'Not valid YAML',
		explanation: 'YAML cannot be read any further: mostly wrong indentation, a tab, or a missing quote or bracket.',
		remedy: 'Look at the marked place and the line above it. Text with `: ` or ` #` in it needs quotes.',
	},
	'manifest/duplicate-key': {
		title: 'The same key twice',
		explanation: 'A mapping has two entries of one name; YAML does not allow it, since one would hide the other.',
		remedy: 'Rename or remove one of them.',
	},
	'manifest/unquoted-signature': {
		title: 'A signature without quotes',
		explanation: 'Colons and commas mean something in YAML, so a signature must be in quotes to be one text.',
		remedy: 'Copy the corrected line from the hint.',
	},
	'manifest/unquoted-version': {
		title: 'A version without quotes',
		explanation: 'YAML reads `3.10` as the number 3.1, so versions must be in quotes.',
		remedy: 'Quote the version, and give it in full: `python: "3.13.5"`.',
	},
	'manifest/unknown-key': {
		title: 'Unknown key',
		explanation: 'A mapping has a key that means nothing there; mostly a misspelling or wrong indentation.',
		remedy: 'The hint shows the likely key or all that are known; docs/manifest.md describes them.',
	},
	'manifest/missing-key': {
		title: 'Missing key',
		explanation: 'A mapping lacks something that has no default.',
		remedy: 'Add the key.',
	},
	'manifest/wrong-type': {
		title: 'A value of a wrong type',
		explanation: 'For example a list where a mapping belongs, or a number where a text belongs.',
		remedy: 'The message says what belongs there. Quotes turn a number or `true` into a text.',
	},
	'manifest/bad-value': {
		title: 'A value that cannot be',
		explanation: 'The value has the right type but is empty, not one of the choices, or not in the right form.',
		remedy: 'The message says what is possible.',
	},
	'manifest/bad-version': {
		title: 'Not a full version',
		explanation: 'CPython is chosen by its full version, so that a build means the same everywhere and at any time.',
		remedy: 'Write all three numbers: `python: "3.13.5"`.',
	},
	'manifest/bad-name': {
		title: 'Not a name',
		explanation:
			'Modules and functions have Python names: ASCII letters, digits and underscores, not a digit first, no keyword.',
		remedy: 'Rename it; the hint shows a name that is possible.',
	},
	'manifest/reserved-name': {
		title: 'A module name that is taken',
		explanation: "The name belongs to Python's standard library (of any version from 3.11 to 3.15) or the interpreter.",
		remedy: 'Choose another name.',
	},
	'manifest/name-collision': {
		title: 'Two names that are one in TypeScript',
		explanation: 'TypeScript names are camelCase: `fetch_page` and `fetchPage` would be the same there.',
		remedy: 'Rename one of them.',
	},
	'manifest/module-kind': {
		title: 'A module that is neither or both',
		explanation: "A module is either the host's (`functions`) or C (`sources`, with `imports` and compiler settings).",
		remedy: 'Keep one of the two, or make two modules.',
	},
	'manifest/signature-syntax': {
		title: 'A signature that cannot be read',
		explanation: 'Signatures are WIT function types: `func(a: s32, b: string) -> bool`.',
		remedy: 'Look at the marked place.',
	},
	'manifest/bad-parameter-name': {
		title: 'Not a parameter name',
		explanation:
			'Parameters have WIT names, lower-case words joined by hyphens (`max-bytes`), or the snake_case form that ' +
			'Python uses (`max_bytes`). They cannot be Python keywords.',
		remedy: 'Rename it; the hint shows the right form.',
	},
	'manifest/duplicate-parameter': {
		title: 'Two parameters of one name',
		explanation: '`max-bytes` and `max_bytes` are the same name.',
		remedy: 'Rename one of them.',
	},
	'manifest/unknown-type': {
		title: 'Unknown type',
		explanation: 'The signature uses a word that is no WIT type, such as `int` for `s32`.',
		remedy: 'The hint shows the likely type or all that are supported.',
	},
	'manifest/unsupported-type': {
		title: 'A type that is not supported',
		explanation: 'The type is fine in WIT, but this version of cpybuild does not carry it between Python and the host.',
		remedy: 'Use a supported type; structured values can go as JSON in a `string`.',
	},
	'manifest/unknown-parameter': {
		title: 'A default for a parameter that is not there',
		explanation: 'A name under `defaults` is not a parameter of the signature.',
		remedy: 'Correct the name, or add the parameter.',
	},
	'manifest/bad-default': {
		title: 'A default value that cannot be',
		explanation:
			"The value does not fit the parameter's type or range, or a parameter without a default follows one that has one.",
		remedy: 'Give a fitting value. As in Python, only the last parameters can have defaults.',
	},
	'manifest/bad-import-name': {
		title: 'Not a name for an import',
		explanation: 'Import names are free, but not empty, and the module `wasi_snapshot_preview1` belongs to WASI.',
		remedy: 'Choose another name, or leave the key out.',
	},
	'manifest/duplicate-import': {
		title: 'Two functions are the same import',
		explanation: 'Each function is one core wasm import; the host could not tell two of the same names apart.',
		remedy: 'Give one of them another `import_name` or `import_module`.',
	},
	'manifest/missing-file': {
		title: 'A file that is not there',
		explanation: 'A path of the manifest leads to nothing.',
		remedy: 'Correct the path; relative paths start in the folder of the manifest.',
	},
	'manifest/bad-path': {
		title: 'A path to something else',
		explanation:
			'The path leads to a folder instead of a file or the reverse, to a file of another kind, or twice to one.',
		remedy: 'Correct the path.',
	},
	'manifest/bad-define': {
		title: 'Not a macro',
		explanation: 'Names under `define` are C macro names, and their values are one line.',
		remedy: 'Correct the name, or define the macro in a header.',
	},
	'manifest/bad-size': {
		title: 'Not a possible size',
		explanation:
			'Memory is a multiple of 64 KiB up to 4 GiB, the stack one of 16 bytes; the stack fits into the initial memory, ' +
			'and the initial memory into the maximum.',
		remedy: 'Write sizes as `20MiB`, `1GiB`, `64KiB`, or as a number of bytes.',
	},

	// toolchain: what a build needs from this machine and the network
	'toolchain/not-locked': {
		title: 'Another toolchain than the locked one',
		explanation:
			'`cpybuild.lock` records which toolchain this project is built with on this platform, and what is installed here is another one: the result would differ.',
		remedy: 'Install the recorded one, or accept the one that is here with `cpybuild upgrade`.',
	},
	'toolchain/not-found': {
		title: 'No toolchain',
		explanation: 'The toolchain that the manifest or the command line asks for is not installed here.',
		remedy: 'Install it, or use `toolchain: auto`.',
	},
	'toolchain/bad-wasi-sdk': {
		title: 'A WASI-SDK that builds no CPython that works',
		explanation: 'Some versions of the WASI-SDK have bugs that break CPython; nothing is compiled with them.',
		remedy: 'Take the version that the message names, or leave the choice to `toolchain: wasi-sdk`.',
	},
	'toolchain/other-wasi-sdk': {
		title: 'Another WASI-SDK than the fitting one',
		explanation:
			'Every minor version of CPython is made and tested with one WASI-SDK (PEP 816). Another one may work, but objects and libraries of two versions do not fit together: the C library keeps no ABI.',
		remedy: 'Take the version that the message names, and build all static libraries with the same one.',
	},
	'toolchain/unpinned': {
		title: 'A WASI-SDK without a pin',
		explanation: 'The hash of this release for this platform is not known, so a download could not be trusted.',
		remedy: 'Give the hash in the manifest, or install the WASI-SDK; see toolchains.md.',
	},
	'toolchain/not-fetched': {
		title: 'A toolchain could not be fetched',
		explanation: 'The server cannot be reached, does not have the file, stays silent, or breaks off again and again.',
		remedy: 'Check the network and `CPYBUILD_WASI_SDK_MIRROR`, or unpack a WASI-SDK and set `WASI_SDK_PATH`.',
	},
	'toolchain/not-a-wasi-sdk': {
		title: 'The archive is not the WASI-SDK',
		explanation: 'The file has the hash that the manifest gives, but it is no archive of that version.',
		remedy: 'Correct version, address and hash in the manifest.',
	},
	'toolchain/not-runnable': {
		title: 'A tool cannot be started',
		explanation: 'The program exists, but the system refuses to run it.',
		remedy: 'Check that it is made for this machine and may be executed.',
	},
	'toolchain/launcher-not-found': {
		title: 'No such compiler launcher',
		explanation: 'The launcher that the manifest or `--launcher` asks for is no program on the search path.',
		remedy: 'Install it, or build without it: `--launcher none`.',
	},
	'toolchain/launcher-unused': {
		title: 'The compiler launcher has nothing to start',
		explanation:
			'clang runs as WebAssembly inside of cpybuild, or in a container: no program of this machine can stand before it.',
		remedy: 'Compile with clang and lld of this machine, or ask for no launcher.',
	},
	'toolchain/image-incomplete': {
		title: 'The image lacks a program',
		explanation: 'Besides the toolchain, a build runs `make` and Node.js in the container.',
		remedy: 'Take the image of `devcontainer/Dockerfile`, which adds them to any other, or install them in yours.',
	},
	'toolchain/slow-compiler': {
		title: 'The slow compiler is used',
		explanation: 'No clang of this machine works for WASI, so the compiler that is itself wasm does the work.',
		remedy: 'It works; a system clang with lld makes the first build several times faster.',
	},
	'toolchain/unsupported-python': {
		title: 'A CPython version without a recipe',
		explanation: 'cpybuild knows how to build some minor versions of CPython only.',
		remedy: 'Use one of the versions in the message.',
	},
	'toolchain/untested-python': {
		title: 'A CPython version that the tests do not build',
		explanation:
			'There is a recipe for this minor version, written from what is known of it; nobody has built it here.',
		remedy: 'Try what you need of the result, and report what does not work.',
	},
	'toolchain/unpinned-python': {
		title: 'A CPython version without a pin',
		explanation: "The hash of this version's source is not known, so a download could not be trusted.",
		remedy: 'Use a pinned version, or give `source: { url, sha256 }`.',
	},
	'toolchain/source-not-found': {
		title: 'No source of CPython',
		explanation: 'Neither the cache nor any download had the source; the details show what was tried.',
		remedy: 'Check the network, or download the tarball and give `source: { path }`.',
	},
	'toolchain/source-hash-mismatch': {
		title: 'A fetched file is not the expected one',
		explanation:
			'The SHA-256 of the source of CPython, or of the archive of a WASI-SDK, differs from the one that is pinned or that the manifest gives: a damaged download, or another file.',
		remedy: 'Try again; if it stays, compare the hash with the one that the publisher gives.',
	},
	'toolchain/source-not-cpython': {
		title: 'The source is not CPython',
		explanation: 'The tarball or folder lacks the files by which a CPython source tree is known.',
		remedy: 'Name the tarball, or the folder that holds `configure` and `Include`.',
	},
	'toolchain/source-version-mismatch': {
		title: 'The source is of another version',
		explanation: 'The source tree says that it is another version than the manifest asks for.',
		remedy: 'Correct the version or the source in the manifest.',
	},

	'toolchain/offline': {
		title: 'Something has to be fetched',
		explanation: 'The build runs with `--offline`, and something that it needs is not on this machine.',
		remedy: 'Build once without `--offline`, or get the file as the message says.',
	},

	'toolchain/engine-settings': {
		title: 'The address of the container engine is wrong',
		explanation:
			'`DOCKER_HOST`, the Docker context in use, or the files for TLS that belong to it say something that cannot be used.',
		remedy: 'The message names the variable or the file. `docker context ls` shows the contexts.',
	},
	'toolchain/engine-missing': {
		title: 'No container engine',
		explanation: 'No engine is named, and there is none at the places where Docker and Podman listen.',
		remedy:
			'Install and start Docker or Podman, name an engine with `DOCKER_HOST`, or build on this machine itself with `--machine native`.',
	},
	'toolchain/engine-unreachable': {
		title: 'The container engine is not running',
		explanation: 'Nothing listens at the address of the engine, or nothing leads there.',
		remedy: 'Start the engine, or correct the address.',
	},
	'toolchain/engine-name': {
		title: "The name of the container engine's machine is not known",
		explanation: 'The name in the address of the engine does not resolve here.',
		remedy: 'Correct the name in `DOCKER_HOST` or the Docker context, or look whether the network works.',
	},
	'toolchain/engine-permission': {
		title: 'The container engine may not be used',
		explanation: "The engine's socket is there, and belongs to others: mostly to root and the group `docker`.",
		remedy:
			'Join that group (`sudo usermod -aG docker "$USER"`, then log in again), or use a rootless engine. Who can use the socket is as good as root on that machine.',
	},
	'toolchain/engine-timeout': {
		title: 'The container engine does not answer',
		explanation: 'The connection, or the first answer, took too long: mostly a firewall, or an engine that hangs.',
		remedy: 'Try `docker version` with the same settings.',
	},
	'toolchain/engine-tls': {
		title: 'No secure connection to the container engine',
		explanation:
			'The certificate of the engine, or the one shown to it, is not accepted; or one side speaks TLS and the other does not.',
		remedy:
			'Check `DOCKER_TLS_VERIFY`, the port (2376 with TLS, 2375 without), and `ca.pem`, `cert.pem` and `key.pem`.',
	},
	'toolchain/engine-ssh': {
		title: 'No connection over ssh',
		explanation: 'The program `ssh` ended before the engine answered; its own words are shown.',
		remedy:
			'Try `ssh HOST docker version`. The other machine needs the program `docker`; passwords cannot be asked for, so use a key and an agent.',
	},
	'toolchain/engine-lost': {
		title: 'The connection to the container engine broke off',
		explanation: 'The engine answered, and then it stopped or the network failed.',
		remedy: 'Run the build again; finished steps are kept.',
	},
	'toolchain/engine-version': {
		title: 'The container engine is too old',
		explanation: 'The engine does not speak the oldest version of the API that cpybuild is tested with.',
		remedy: 'Use Docker 20.10 or Podman 4, or newer.',
	},
	'toolchain/engine-unknown': {
		title: 'Not a container engine',
		explanation: 'Something answers at the address, and not as an engine for Linux containers does.',
		remedy: 'Check the address and the port.',
	},
	'toolchain/engine-refused': {
		title: 'The container engine refuses',
		explanation: 'The engine does not do what it was asked for; its own words are shown.',
		remedy: "Look into the engine's log, and try the same with `docker`.",
	},
	'toolchain/image-missing': {
		title: 'The image is missing',
		explanation:
			'The engine does not have the image, and no registry has it under this name; or it may not be pulled: `--offline` forbids that, and what `cpybuild.lock` records with an `id` came from no registry.',
		remedy:
			'Check the name; log in to its registry with `docker login` when it is not public; or make or load the image where the engine runs (`docker load`). `cpybuild upgrade` takes what a registry has.',
	},
	'toolchain/image-pull-failed': {
		title: 'An image cannot be fetched',
		explanation:
			'The registry refuses, cannot be reached, or the transfer broke off; the words of the engine are shown.',
		remedy: 'Run the command again. The network of the engine counts, not that of this machine.',
	},
	'toolchain/image-build-failed': {
		title: 'An image cannot be built',
		explanation: 'A line of the Dockerfile failed; the end of its output is shown.',
		remedy: 'Correct the Dockerfile or its arguments, or run the command again when the network failed.',
	},
	'toolchain/image-platform': {
		title: 'An image for another processor',
		explanation: 'The image that the engine has is not made for the processor that it runs on.',
		remedy: 'Remove the image from the engine, so that the right one is pulled, or take one that exists for it.',
	},
	'toolchain/engine-platform': {
		title: 'A container engine on another processor',
		explanation:
			'Locks have toolchains by platform and are read before any engine is asked; so containers are expected on the processor of this machine.',
		remedy:
			'Set `CPYBUILD_CONTAINER_PLATFORM` to what the engine runs, for example `linux-x64`, or use another engine.',
	},
	'toolchain/registry-login': {
		title: 'The login for a registry cannot be read',
		explanation: "Docker's configuration names a program that keeps logins, and it failed; or the file is damaged.",
		remedy: 'Log in again with `docker login`, or correct `config.json` in the folder of `DOCKER_CONFIG`.',
	},
	'toolchain/container-ended': {
		title: 'The container ended in the middle',
		explanation: 'Somebody removed or killed the container, the engine stopped, or its machine ran out of memory.',
		remedy: 'Run the build again; finished steps are kept.',
	},
	'toolchain/container-full': {
		title: 'The disk of the container engine is full',
		explanation: 'There is no room for what the build writes in its container.',
		remedy:
			'Make room where the engine keeps its containers: `docker system df` shows what is there, `docker system prune` removes what nobody uses.',
	},

	// lock: cpybuild.lock
	'lock/unreadable': {
		title: 'The lock file cannot be read',
		explanation: '`cpybuild.lock` is damaged: mostly a merge conflict, or an edit by hand.',
		remedy: 'Restore it from version control, or remove it; the next build writes a new one.',
	},
	'lock/newer-format': {
		title: 'A lock file of a newer cpybuild',
		explanation: '`cpybuild.lock` was written by a version of cpybuild that records more than this one knows.',
		remedy: 'Use the version that wrote it, or a newer one.',
	},
	'lock/frozen': {
		title: 'The lock file would change',
		explanation:
			'The build runs with `--frozen`, and `cpybuild.lock` is missing or does not record what the build would use on this platform.',
		remedy: 'Build without `--frozen` on such a machine, and commit the file; or correct the manifest.',
	},

	// build: from sources to python.wasm
	'build/step-failed': {
		title: 'A step failed',
		explanation: 'A command of the build ended with an error; command, first error, tail and log path are shown.',
		remedy: 'Read the first error; the log has everything.',
	},
	'build/command-failed': {
		title: 'A command failed',
		explanation: 'A program that the build runs ended with an error.',
		remedy: 'Read the first error; the log has everything.',
	},
	'build/compile-failed': {
		title: 'C code does not compile',
		explanation: 'A C file of the project, or one that was generated from the manifest, has an error.',
		remedy: 'Correct the C file. An error in generated code is a mistake of cpybuild: report it with the manifest.',
	},
	'build/link-failed': {
		title: 'Linking failed',
		explanation:
			'The linker could not join the parts: mostly two definitions of one name, or a library for another machine.',
		remedy: 'The first error names the symbol; check `libs` and names in C files.',
	},
	'build/patch-rejected': {
		title: 'A patch does not fit',
		explanation: 'The source of CPython differs from what the patch or the generated diff was made for.',
		remedy: 'Use an unchanged source of the version in the manifest.',
	},
	'build/hidden-input': {
		title: 'A file was read that the key does not know',
		explanation:
			'A C file reads a file that no line of the sources names in a form that cpybuild follows: by a macro (`#include NAME`), or from a folder that the manifest does not list. The result would be used again after that file has changed.',
		remedy: 'Name the file in a plain `#include` line, within `#if 0` if need be, or list its folder under `include`.',
	},
	'build/bad-output': {
		title: 'A command in the container left what no build makes',
		explanation:
			'What commands leave in their folders is brought here. Links that lead out of such a folder, and names that do, are refused: with them, code that is compiled could reach files of this machine.',
		remedy: 'See what the sources do that are compiled; nothing outside of the folder was touched.',
	},
	'build/interrupted': {
		title: 'Interrupted',
		explanation: 'Ctrl-C or a signal ended the build. Nothing is left half-written.',
		remedy: 'Run the command again; finished steps are kept.',
	},

	// cache: entries that are damaged, and the remote cache; nothing of it fails a build
	'cache/damaged': {
		title: 'A cache entry is damaged',
		explanation:
			'A file of an entry is missing, has changed, or was added since it was stored; or its packed form is. The entry is dropped and made again, so the build is right.',
		remedy: 'Nothing, once. If it comes back, look for a program that writes to the cache folder, or check the disk.',
	},
	'cache/newer-format': {
		title: 'A cache entry of a newer cpybuild',
		explanation: 'The entry is packed in a way that this version does not know, so it is made again.',
		remedy: 'Use one version of cpybuild on all machines that share a cache.',
	},
	'cache/not-kept': {
		title: 'An entry could not be packed',
		explanation: 'The build has its output, but it was not packed for other machines.',
		remedy: 'The message says why; the next build tries it again.',
	},
	'cache/no-space': {
		title: 'The disk of the cache is full',
		explanation:
			'There is no room for the output of a step (an error), or only for its packed form (a warning; the build goes on).',
		remedy: 'Run `cpybuild cache gc`, or choose a folder on another disk with `--cache-dir`.',
	},
	'cache/unwritable': {
		title: 'The cache folder cannot be written to',
		explanation: 'Something that is not in the cache has to be made, and the folder or its disk is read-only.',
		remedy: 'Correct the permissions of the folder, or choose another one with `--cache-dir`.',
	},
	'cache/incomplete': {
		title: 'A build is not in the cache',
		explanation: 'Only the outputs of a build that has been made can be exported.',
		remedy: 'Build the manifest with the same options, then export.',
	},
	'cache/bad-archive': {
		title: 'An archive cannot be imported',
		explanation:
			'The file is not what `cpybuild cache export` writes, or it is damaged or cut off. It is verified as a whole before anything is taken.',
		remedy: 'Copy or export it again, with a cpybuild of the same version.',
	},
	'cache/remote-unreachable': {
		title: 'The remote cache cannot be reached',
		explanation:
			'The server refuses connections, stays silent, breaks off, or answers with errors of its own. The rest of the build does not ask it again.',
		remedy:
			'Check the URL, the network and the server. The details show the last attempt. For a certificate that the system does not know, set `NODE_EXTRA_CA_CERTS`.',
	},
	'cache/remote-refused': {
		title: 'The remote cache refuses',
		explanation:
			'The server answers, but does not let this build read, or write: mostly missing or wrong credentials, or a URL that is not the root of a cache.',
		remedy:
			'Check `CPYBUILD_REMOTE_CACHE_TOKEN`, or `…_USER` and `…_PASSWORD`. Where only some may write, leave `CPYBUILD_REMOTE_CACHE_MODE` at `read` for all others.',
	},
	'cache/remote-damaged': {
		title: 'The remote cache holds something wrong',
		explanation:
			'What the server sent is not what its name promises: damaged storage, an entry of another program, or a URL that is no cache.',
		remedy:
			'Nothing of it was used. A build with `read-write` sends the right bytes again; if the warning stays, clear the server.',
	},

	// verify: what the linked module says about itself
	'verify/import-missing': {
		title: 'An import got lost',
		explanation: 'The manifest declares a host function, but the linked module does not import it.',
		remedy: 'If it is a function of C code that calls it under another name, correct the manifest; else report it.',
	},
	'verify/import-unused': {
		title: 'An import that is never used',
		explanation:
			'C code never calls a host function that the manifest declares for it, so the module does not import it.',
		remedy: 'Call it, or remove it from `imports`.',
	},
	'verify/import-unexpected': {
		title: 'An import that nobody declared',
		explanation:
			'The linked module needs a function that is neither in the manifest nor in WASI: mostly a missing library.',
		remedy: 'The message names the symbol and the file that uses it; add the library or the C file that defines it.',
	},
	'verify/import-type': {
		title: 'An import of another type',
		explanation: 'The linked module imports a function with another core type than its signature gives.',
		remedy: 'Use the generated header in C code instead of a declaration of your own.',
	},

	// internal: mistakes of cpybuild itself
	'internal/unexpected': {
		title: 'A mistake of cpybuild',
		explanation: 'Something happened that should be impossible.',
		remedy: 'Report it with the manifest and the shown stack.',
	},
};
