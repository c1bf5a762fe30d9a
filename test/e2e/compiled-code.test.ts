import {
	chmodSync,
	chownSync,
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../helpers/cli.js';
import { hashFolder, listFiles } from '../helpers/folder.js';

let top: string;
let main: string;
/** The folder that compiled code is kept in. */
let kept: string;

const MANIFEST = 'python: "3.13.5"\nmodules:\n  demo:\n    functions:\n      bar: "func(a: s32, b: string) -> s32"\n';

beforeAll(async () => {
	top = await mkdtemp(join(tmpdir(), 'cpybuild-compiled-'));
	// An installation of its own: other tests use the one in the checkout meanwhile.
	for (const path of ['lib', 'package.json', 'templates', 'cpython-patches']) {
		cpSync(join(ROOT, path), join(top, path), { recursive: true });
	}
	symlinkSync(join(ROOT, 'node_modules'), join(top, 'node_modules'));
	// Another user can get there too.
	chmodSync(top, 0o755);
	main = join(top, 'lib/src/cli/main.cjs');
	kept = join(top, 'lib/compiled');
	await writeFile(join(top, 'project.yaml'), MANIFEST);
});

beforeEach(() => rm(kept, { recursive: true, force: true }));
afterAll(() => rm(top, { recursive: true, force: true }));

interface Ran {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	/** Everything that was generated: path → hash. */
	readonly files: Readonly<Record<string, string>>;
	/** What was told of compiled code, without hashes in names and the id of the process. */
	readonly told: readonly string[];
	/** Everything else on standard error. */
	readonly stderr: string;
}

interface Surroundings {
	readonly nodeOptions?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly uid?: number;
}

/** A command that reads a manifest and makes files, and so loads most of the code. */
async function generate({ nodeOptions = [], env = {}, ...user }: Surroundings = {}): Promise<Ran> {
	const out = await mkdtemp(join(tmpdir(), 'cpybuild-generated-'));
	if (user.uid !== undefined) chownSync(out, user.uid, user.uid);
	const args = ['generate', join(top, 'project.yaml'), '--out', join(out, 'files')];
	const run = await execa(process.execPath, [...nodeOptions, main, ...args], {
		cwd: out,
		env: { NODE_DEBUG: 'cpybuild', NO_COLOR: '1', ...env },
		reject: false,
		...user,
	});
	const told = /^CPYBUILD \d+: (.*?)-[\w-]{8}(\.cjs: .*)$/;
	const lines = run.stderr.split('\n').filter((line) => line !== '');
	const files = hashFolder(out);
	await rm(out, { recursive: true });
	return {
		exitCode: run.exitCode,
		stdout: run.stdout.replaceAll(out, ''),
		files,
		told: lines.filter((line) => told.test(line)).map((line) => line.replace(told, '$1$2')),
		stderr: lines.filter((line) => !told.test(line)).join('\n'),
	};
}

/** What the command loads, in this order: the start, what builds need before they compile and meanwhile, and the package that makes patches. */
const CHUNKS = ['start', 'build', 'publish', 'libesm'];
const NOW = CHUNKS.map((name) => `${name}.cjs: compiled now`);
const BEFORE = CHUNKS.map((name) => `${name}.cjs: compiled before`);
const KEPT = CHUNKS.map((name) => `${name}.cjs: kept`);

/** Files of compiled code. */
const files = () => listFiles(kept).map((path) => join(kept, path));

/** The code that every command loads. A checkout has those of earlier builds too. */
function startFile(): string {
	const [name] = /start-[\w-]{8}\.cjs/.exec(readFileSync(join(top, 'lib/src/cli/process.cjs'), 'utf8')) ?? [];
	if (!name) throw new Error('the command line starts otherwise');
	return join(top, 'lib/commands', name);
}

describe('compiled code', () => {
	test('is kept by the first processes, and taken by all later ones', async () => {
		const first = await generate();
		expect(first).toMatchObject({ exitCode: 0, stderr: '', told: [...NOW, ...KEPT] });
		for (let renewal = 0; renewal < 7; renewal++)
			expect(await generate()).toEqual({ ...first, told: [...BEFORE, ...KEPT] });
		const settled = hashFolder(kept);
		expect(await generate()).toEqual({ ...first, told: BEFORE });
		expect(hashFolder(kept)).toEqual(settled);
		expect(Object.keys(settled).map((path) => path.replace(/-[\w-]{8}\.cjs$/, ''))).toEqual(
			CHUNKS.map((name) => `${process.version}-${process.arch}/${name}`).sort(),
		);
	});

	const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
		'has one other bit at its start': (path) => flip(path, 0),
		'has one other bit in the middle': (path) => flip(path, 0.5),
		'has one other bit at its end': (path) => flip(path, 1),
		'is cut off': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
		'lacks its last byte': (path) => truncateSync(path, readFileSync(path).length - 1),
		'is empty': (path) => truncateSync(path),
		'is something else': (path) => writeFileSync(path, 'process.exit(3);\n'.repeat(1000)),
		'may be written to by its group': (path) => chmodSync(path, 0o664),
		'may be written to by everybody': (path) => chmodSync(path, 0o646),
	};

	test.each(Object.keys(DAMAGES))('that %s is made anew, and changes nothing', async (name) => {
		const whole = await generate();
		for (const path of files()) DAMAGES[name]?.(path);
		expect(await generate()).toEqual(whole);
		expect(await generate()).toEqual({ ...whole, told: [...BEFORE, ...KEPT] });
	});

	test('that cannot be replaced is left alone, and changes nothing', async () => {
		const whole = await generate();
		for (const path of files()) {
			rmSync(path);
			mkdirSync(path);
		}
		const told = [...NOW, ...CHUNKS.map((name) => `${name}.cjs: not kept: EISDIR`)];
		expect(await generate()).toEqual({ ...whole, told });
		expect(files()).toEqual([]);
	});

	test('of another text of the same length is not taken', async () => {
		const start = startFile();
		const text = readFileSync(start, 'utf8');
		onTestFinished(() => writeFileSync(start, text));
		writeFileSync(start, `process.on('exit', () => console.error('one'));${text}`);
		expect(await generate()).toMatchObject({ stderr: 'one', told: [...NOW, ...KEPT] });
		expect(await generate()).toMatchObject({ stderr: 'one', told: [...BEFORE, ...KEPT] });
		writeFileSync(start, `process.on('exit', () => console.error('two'));${text}`);
		const told = ['start.cjs: compiled now', ...BEFORE.slice(1), ...KEPT];
		expect(await generate()).toMatchObject({ stderr: 'two', told });
	});

	test('leaves the places in a stack trace as they are', async () => {
		const start = startFile();
		const text = readFileSync(start, 'utf8');
		onTestFinished(() => writeFileSync(start, text));
		const line = `process.on('exit', function end() { console.error(new Error().stack.split('\\n')[1]); });`;
		writeFileSync(start, `${line}\n${line}\n${text}`);
		const column = line.indexOf('new Error') + 1;
		const stderr = [1, 2].map((row) => `    at process.end (${start}:${row}:${column})`).join('\n');
		expect(await generate()).toMatchObject({ stderr, told: [...NOW, ...KEPT] });
		expect(await generate()).toMatchObject({ stderr, told: [...BEFORE, ...KEPT] });
	});

	test('that V8 made with other options is made anew, and changes nothing', async () => {
		const whole = await generate();
		expect(await generate({ nodeOptions: ['--stack-size=900'] })).toEqual(whole);
	});

	test.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'])('is neither taken nor kept with %s', async (name) => {
		const whole = await generate();
		const before = hashFolder(kept);
		const value = name === 'NODE_V8_COVERAGE' ? join(top, 'coverage') : '1';
		expect(await generate({ env: { [name]: value } })).toEqual({ ...whole, told: [] });
		expect(hashFolder(kept)).toEqual(before);
	});

	describe.skipIf(process.getuid?.() !== 0)('of several users', () => {
		const other = 65_534;

		test('is made by the owner of the code alone, and taken by others', async () => {
			const stranger = await generate({ uid: other });
			expect(stranger).toMatchObject({ exitCode: 0, stderr: '', told: NOW });
			expect(await generate()).toEqual({ ...stranger, told: [...NOW, ...KEPT] });
			expect(await generate({ uid: other })).toEqual({ ...stranger, told: BEFORE });
		});

		test('that belongs to somebody else is made anew, and changes nothing', async () => {
			const whole = await generate();
			for (const path of files()) chownSync(path, other, other);
			expect(await generate()).toEqual(whole);
			expect(await generate()).toEqual({ ...whole, told: [...BEFORE, ...KEPT] });
		});
	});
});

/** Changes one bit of a file, at some part of its length. */
function flip(path: string, part: number): void {
	const bytes = readFileSync(path);
	const at = Math.floor((bytes.length - 1) * part);
	bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
	writeFileSync(path, bytes);
}
