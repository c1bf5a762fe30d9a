import type { CodeTable } from './code-table.js';

/** What a build needs from this machine and the network. */
export const toolchainCodes: CodeTable<'toolchain'> = {
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
	'toolchain/no-jco': {
		title: 'Nothing that makes components',
		explanation:
			'`component: true` turns python.wasm into a component with wasm-tools, which the npm package @bytecodealliance/jco carries. It is large, so cpybuild does not bring it.',
		remedy: 'Install it in the project: `npm install --save-dev @bytecodealliance/jco`.',
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
};
