#!/usr/bin/env node
// Makes lib/: the code bundled, with the packages that it needs in it, and type declarations beside it.
import { spawn } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const lib = join(root, 'lib');

/** The program that starts the command line. It loads what stands in `PROCESS`, and keeps it compiled. */
const START = ['src/cli/main'];
const PROCESS = ['src/cli/process'];

const LIBRARY = ['src/index'];

/** What runs in processes and threads of its own, and in hosts. It shares no file with the above: it starts often, and is small. */
const PROGRAMS = [
	'src/component/worker',
	'src/host/worker',
	'src/toolchain/wasm-clang/worker',
	'src/toolchain/wasm-clang/client',
	'runtime/index',
	'runtime/thread',
	'runtime/node/index',
	'runtime/node/thread-program',
];

/** Runs on other machines too, where no file of ours is that was not sent there: it is one. */
const HOST_RUNNER = ['src/hostrunner/hostrunner'];

/**
 * What is loaded together lies in one file: what every build loads, one with nothing to do too, what a build with
 * changes adds before its compiler starts, and what it loads while that runs. Everything else is split as imports ask for it.
 */
const TOGETHER = [
	{ name: 'start', from: ['src/cli/process.ts', 'src/cli/commands/build.ts', 'src/index.ts'] },
	{ name: 'build', from: ['src/build.ts'] },
	{ name: 'publish', from: ['src/generate/interfaces.ts', 'src/dist.ts'] },
];

/** For hosts and workers, modules; for the command line CommonJS, which `src/cli/compiled-code.ts` can keep compiled. */
const MODULES = { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' };
const COMMON = {
	format: 'cjs',
	entryFileNames: '[name].cjs',
	chunkFileNames: 'commands/[name]-[hash].cjs',
	// `import()` would need a loader of its own in code that Node's loader does not know.
	dynamicImportInCjs: false,
	charset: 'ascii',
};

/** Packages that stay packages: jiti loads files of its own at run time, clang is 100 MB of data, xz-decompress names no licence text. */
const EXTERNAL = ['jiti', '@yowasp/clang', 'xz-decompress'];

/**
 * What dockerode loads and cpybuild never uses: its own ssh, which neither reads the user's configuration nor checks
 * whom it talks to, sessions of BuildKit, packing of build contexts, and reading of certificates.
 */
const LEFT_OUT = /^(ssh2|@grpc\/(grpc-js|proto-loader)|protobufjs|tar-fs|@balena\/dockerignore|split-ca)$/;

const leaveOut = {
	name: 'leave-out',
	resolveId: { filter: { id: LEFT_OUT }, handler: (id) => `\0left-out:${id}` },
	load: { filter: { id: /^\0left-out:/ }, handler: () => ({ code: 'module.exports = {};', moduleType: 'js' }) },
};

/** Bundles what belongs to some entries; only Node's own modules and `EXTERNAL` stay imports. */
async function bundle(entries, form = MODULES) {
	const bundler = await rolldown({
		cwd: root,
		platform: 'node',
		input: Object.fromEntries(entries.map((entry) => [entry, `./${entry}.ts`])),
		external: EXTERNAL,
		plugins: [leaveOut],
		// Else the bundles would name the places of all packages, as the folder that is built in sees them.
		experimental: { attachDebugInfo: 'none' },
		resolve: {
			extensionAlias: { '.js': ['.ts', '.js'] },
			// For Node the package offers CommonJS, of which nothing can be left out; this is the same code in modules.
			alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
		},
		onLog(level, log) {
			// What a build loads anyway may be loaded later by name as well.
			if (level === 'warn' && log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') throw new Error(log.message);
		},
	});
	const { output } = await bundler.generate({
		// The names of chunks tell their content, and that of all they import: a process that runs never meets half of
		// another build.
		...form,
		codeSplitting: { groups: TOGETHER.map(groupOf) },
	});
	await bundler.close();
	return output;
}

/** A group of all that some files import; what two groups want is in the first one. */
function groupOf({ name, from }, index) {
	let members;
	const collect = (graph) => {
		const found = new Set(from.map((path) => join(root, path)));
		for (const one of found) for (const next of graph.getModuleInfo(one)?.importedIds ?? []) found.add(next);
		return found;
	};
	const nameOf = (id, graph) => {
		members ??= collect(graph);
		return members.has(id) ? name : null;
	};
	return { debugName: name, name: nameOf, priority: TOGETHER.length - index };
}

/** The licences of all packages in the bundle, which must go where their code goes. */
function thirdPartyLicenses(chunks) {
	const folders = new Set(chunks.flatMap(({ moduleIds }) => moduleIds).flatMap((id) => packageFolder(id) ?? []));
	const packages = [...folders].map((folder) => {
		const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
		const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
		if (!file) throw new Error(`${name} has no licence file: see what it is licensed under before it is bundled`);
		return { name, title: `${name} ${version} (${license})`, text: readFileSync(join(folder, file), 'utf8').trim() };
	});
	const byName = packages.sort((a, b) => (a.name < b.name ? -1 : 1));
	const line = '-'.repeat(80);
	const parts = byName.map(({ title, text }) => `${line}\n${title}\n${line}\n\n${text}\n`);
	return `The files beside this one contain code of these packages.\n\n${parts.join('\n')}`;
}

/** `…/node_modules/@scope/name` of a file in a package. */
function packageFolder(id) {
	return /^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll('\\', '/'))?.[0];
}

/**
 * One character beyond ASCII doubles what V8 copies of a file, and has it decoded first. The bundler leaves those in
 * comments and regular expressions, where an escape means the same.
 */
function toAscii(code) {
	return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Writes a file by a rename; one that is there already only counts as used. */
function write(path, text) {
	if (existsSync(path) && readFileSync(path, 'utf8') === text)
		return utimesSync(path, new Date(), statSync(path).mtime);
	mkdirSync(dirname(path), { recursive: true });
	const arriving = `${path}.${process.pid}`;
	writeFileSync(arriving, text);
	renameSync(arriving, path);
}

/** Removes code of earlier builds. What was used in the last hour stays: programs that run may load it yet. */
function removeOld(folder, current) {
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) removeOld(path, current);
		else if (/\.c?js$/.test(path) && !current.has(path) && lastUse(path) < Date.now() - 3_600_000) rmSync(path);
	}
}

function lastUse(path) {
	const { atimeMs, mtimeMs } = statSync(path);
	return Math.max(atimeMs, mtimeMs);
}

function declareTypes() {
	const tsc = join(root, 'node_modules/typescript/bin/tsc');
	return new Promise((done) => {
		const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
		child.once('exit', (code) => done(code ?? 1));
	});
}

const [bundles, typed] = await Promise.all([
	Promise.all([bundle(START, COMMON), bundle(PROCESS, COMMON), bundle(LIBRARY), bundle(PROGRAMS), bundle(HOST_RUNNER)]),
	declareTypes(),
]);
// Shared files first: what an entry loads is there before it.
const files = bundles.flat().sort((a, b) => Number(a.isEntry) - Number(b.isEntry));
for (const { fileName, code } of files) {
	write(join(lib, fileName), fileName.endsWith('.cjs') ? toAscii(code) : code);
}
write(join(lib, 'third-party-licenses.txt'), thirdPartyLicenses(files));
removeOld(lib, new Set(files.map(({ fileName }) => join(lib, fileName))));
process.exitCode = typed;
