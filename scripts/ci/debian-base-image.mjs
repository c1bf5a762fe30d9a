#!/usr/bin/env node
// Makes an image of Debian packages that can build CPython for WASI: node scripts/ci/debian-base-image.mjs
// [--tag cpybuild-debian:trixie] [--suite trixie] [--engine docker|podman] [--tar FILE]
// Needs root, debootstrap, and a running engine. With --tar the file system stays there, and is taken from there next time.
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, argv } from 'zx';

const suite = argv.suite ?? 'trixie';
const tag = argv.tag ?? `cpybuild-debian:${suite}`;
const engine = argv.engine ?? 'docker';

/** What `toolchain: debian` needs, and Node.js for those who work inside. */
const PACKAGES = [
	...['clang-19', 'lld-19', 'llvm-19', 'libclang-rt-19-dev-wasm32', 'wasi-libc', 'make'],
	...['ca-certificates', 'nodejs'],
];

/** What apt leaves behind, and nobody reads again. */
const LEFTOVERS = ['./var/cache/apt/*', './var/lib/apt/lists/*', './var/log/*', './dev/*', './proc/*', './sys/*'];

const folder = await mkdtemp(join(tmpdir(), 'cpybuild-base-image-'));
try {
	const tar = argv.tar ?? join(folder, 'image.tar');
	if (!existsSync(tar)) await makeFileSystem(tar);
	const hash = await $`${engine} import ${tar} ${tag}`;
	console.log(`${tag}: ${hash.stdout.trim()}`);
} finally {
	await rm(folder, { recursive: true, force: true });
}

/** Installs the packages into a folder, and packs it. */
async function makeFileSystem(tar) {
	const root = join(folder, 'root');
	const show = $({ stdio: ['ignore', 'ignore', 'inherit'] });
	await show`debootstrap --variant=minbase --include=${PACKAGES.join(',')} ${suite} ${root} ${await mirror()}`;
	const unwanted = LEFTOVERS.map((path) => `--exclude=${path}`);
	await show`tar --create --numeric-owner --one-file-system ${unwanted} --file ${tar}.arriving --directory ${root} .`;
	await rename(`${tar}.arriving`, tar);
}

/** The Debian mirror that this machine's own apt uses. */
async function mirror() {
	const targets = await $`apt-get indextargets --format ${'$(CREATED_BY) $(REPO_URI)'}`;
	const uris = targets.stdout
		.split('\n')
		.flatMap((line) => /^Packages (?<uri>\S+\/debian\/?)$/.exec(line)?.groups?.uri ?? []);
	if (uris.length === 0) throw new Error('apt of this machine has no Debian mirror');
	return uris[0];
}
