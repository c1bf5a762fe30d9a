#!/usr/bin/env node
// Pins a release of CPython: node scripts/update-pins.mjs 3.13.6 [--tarball FILE] [--date 2025-08-06]
// Hashes the tarball (downloaded from python.org unless given) and adds it to src/cpython/pins.ts.
// Afterwards: build it with --no-seed, put the seed from the store into seeds/, and run the tests with it.
import { createHash } from 'node:crypto';
import { argv, chalk, fs, path } from 'zx';

const version = String(argv._[0] ?? '');
if (!/^3\.\d+\.\d+$/.test(version)) throw new Error('name a version, for example 3.13.6');
const url = `https://www.python.org/ftp/python/${version}/Python-${version}.tar.xz`;
const bytes = argv.tarball ? await fs.readFile(argv.tarball) : await download();
const sha256 = createHash('sha256').update(bytes).digest('hex');
const [year, month, day] = String(argv.date ?? new Date().toISOString().slice(0, 10))
	.split('-')
	.map(Number);

const file = path.resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../src/cpython/pins.ts');
const text = await fs.readFile(file, 'utf8');
if (text.includes(`version: '${version}'`)) throw new Error(`${version} is pinned already`);
const entry = `	{
		version: '${version}',
		url: '${url}',
		sha256: '${sha256}',
		debianSource: 'python${version.replace(/\.\d+$/, '')}',
		epoch: Date.UTC(${year}, ${month - 1}, ${day}) / 1000,
	},
`;
const start = 'export const CPYTHON_PINS: readonly CpythonPin[] = [\n';
await fs.writeFile(file, text.replace(start, start + entry));
console.log(`pinned ${version}: ${chalk.bold(sha256)}; compare it with a second source before you commit`);

async function download() {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
	return Buffer.from(await response.arrayBuffer());
}
