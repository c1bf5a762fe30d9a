import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
	closeSync,
	fstatSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { debuglog } from 'node:util';
import { Script } from 'node:vm';

/** CommonJS code whose compiled form outlives the process. */
export interface Code {
	/** Runs a file, once, and what it requires; gives its exports. */
	readonly load: (file: string) => unknown;
	/** Keeps what was compiled, functions that ran included, for later processes. */
	readonly keep: () => void;
}

/** What V8 made of a file in earlier processes. */
interface Compiled {
	readonly data: Buffer;
	/** How many more processes add to it. */
	readonly renewals: number;
}

/** A file that this process compiled, or found compiled. */
interface Loaded {
	readonly file: string;
	readonly source: Buffer;
	readonly script: Script;
	readonly renewals: number;
}

/** What Node wraps code of CommonJS in. It stays on the first line, so that stack traces name the lines of the file. */
const BEFORE = '(function (exports, require, module, __filename, __dirname) {';
const AFTER = '\n})';

type Wrapped = (exports: unknown, require: unknown, module: Module, filename: string, dirname: string) => void;

interface Module {
	exports: unknown;
}

/** Files below this many bytes are compiled sooner than their compiled form is read. */
const SMALL = 10_000;

/** V8 compiles functions when they are called. So the first processes after an installation each add what they called. */
const RENEWALS = 7;

const HASH_BYTES = 32;

/**
 * Loads CommonJS as Node does, and keeps V8's compiled code in a folder. V8 believes such a file without checking it, so
 * one is only taken that belongs to the owner of the code, that nobody else may write to, and that is whole.
 * @param folder Lies beside the code. It is made by whoever owns the code; for others there is nothing to keep.
 */
export function openCode(folder: string): Code {
	const say = debuglog('cpybuild');
	const kept = join(folder, `${process.version}-${process.arch}`);
	const keeping = !process.env.NODE_DISABLE_COMPILE_CACHE && !process.env.NODE_V8_COVERAGE;
	const modules = new Map<string, Module>();
	const loaded: Loaded[] = [];

	const compile = (file: string): Script => {
		const source = readFileSync(file);
		// The bundler writes ASCII, which needs no decoding.
		const text = `${BEFORE}${source.toString(isAscii(source) ? 'latin1' : 'utf8')}${AFTER}`;
		const place = { filename: file, columnOffset: -BEFORE.length };
		if (!keeping || source.length < SMALL) return new Script(text, place);
		const known = readCompiled(file, source, join(kept, basename(file)));
		const script = new Script(text, { ...place, ...(known && { cachedData: known.data }) });
		// Another version of V8, or other flags.
		const used = known !== undefined && !script.cachedDataRejected;
		say('%s: %s', basename(file), used ? 'compiled before' : 'compiled now');
		loaded.push({ file, source, script, renewals: used ? known.renewals : RENEWALS + 1 });
		return script;
	};

	const load = (file: string): unknown => {
		const known = modules.get(file);
		if (known) return known.exports;
		const run: Wrapped = compile(file).runInThisContext();
		const module: Module = { exports: {} };
		modules.set(file, module);
		const installed = createRequire(file);
		const require = (name: string): unknown =>
			name.startsWith('.') ? load(join(dirname(file), name)) : installed(name);
		run(module.exports, require, module, file, dirname(file));
		return module.exports;
	};

	const keep = (): void => {
		for (const { file, source, script, renewals } of loaded) {
			if (renewals === 0) continue;
			try {
				if (statSync(file).uid !== process.getuid?.()) continue;
				writeCompiled(join(kept, basename(file)), source, { data: script.createCachedData(), renewals: renewals - 1 });
				say('%s: kept', basename(file));
			} catch (error) {
				// A package that cannot be written to is no fault: loading takes its time each time.
				say('%s: not kept: %s', basename(file), (error as NodeJS.ErrnoException).code);
			}
		}
	};
	return { load, keep };
}

/** The compiled form of a source, if there is one that can be trusted. The data comes first, since V8 wants it aligned. */
function readCompiled(file: string, source: Buffer, path: string): Compiled | undefined {
	let opened: number | undefined;
	try {
		opened = openSync(path, 'r');
		const { uid, mode } = fstatSync(opened);
		if (uid !== statSync(file).uid || (mode & 0o022) !== 0) return undefined;
		const bytes = readFileSync(opened);
		const data = bytes.subarray(0, -HASH_BYTES - 1);
		const renewals = bytes.at(-HASH_BYTES - 1) ?? 0;
		return hashOf(source, { data, renewals }).equals(bytes.subarray(-HASH_BYTES)) ? { data, renewals } : undefined;
	} catch {
		return undefined;
	} finally {
		if (opened !== undefined) closeSync(opened);
	}
}

function writeCompiled(path: string, source: Buffer, compiled: Compiled): void {
	mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
	const arriving = `${path}.${process.pid}`;
	const { data, renewals } = compiled;
	try {
		const bytes = Buffer.concat([data, Buffer.of(renewals), hashOf(source, compiled)]);
		writeFileSync(arriving, bytes, { flag: 'wx', mode: 0o644 });
		renameSync(arriving, path);
	} catch (error) {
		rmSync(arriving, { force: true });
		throw error;
	}
}

/** Of the source as well: V8 compares nothing but its length. */
function hashOf(source: Buffer, { data, renewals }: Compiled): Buffer {
	return createHash('sha256').update(source).update(data).update(Buffer.of(renewals)).digest();
}
