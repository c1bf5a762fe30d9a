import { readFileSync } from 'node:fs';
import { type DiagnosticInit, fail, type SourceFile, type Span } from '../diagnostics/diagnostic.js';
import type { Path } from '../manifest/locate.js';
import { LOCK_VERSION, type Lock } from './lock.js';

/** What is wrong with a lock, and where. */
interface Problem {
	readonly path: Path;
	readonly message: string;
}

/**
 * Reads a lock file.
 * @param name The file as messages call it.
 * @returns Nothing when there is no lock file.
 * @throws CpybuildError `lock/unreadable`, with the place where possible; `lock/newer-format`.
 */
export async function readLock(path: string, name: string): Promise<Lock | undefined> {
	const text = readText(path, name);
	if (text === undefined) return undefined;
	const file = { path: name, text };
	const data = await parseJson(file);
	const version = isRecord(data) ? data.version : undefined;
	if (typeof version === 'number' && Number.isInteger(version) && version > LOCK_VERSION) {
		fail({
			code: 'lock/newer-format',
			message: `"${name}" has format ${version}, and this cpybuild knows format ${LOCK_VERSION}`,
			span: await spanAt(file, ['version']),
			hint: 'use the version of cpybuild that wrote it, or a newer one',
		});
	}
	const problem = findProblem(data);
	if (problem) unreadable(name, problem.message, { span: await spanAt(file, problem.path) });
	return data as Lock;
}

function readText(path: string, name: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === 'ENOENT') return undefined;
		const reason = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user may not' : String(code);
		return unreadable(name, reason);
	}
}

async function parseJson(file: SourceFile): Promise<unknown> {
	try {
		return JSON.parse(file.text);
	} catch (error) {
		const conflict = /^(<{7}|={7}|>{7})/m.exec(file.text);
		if (conflict) {
			const span = { file, start: conflict.index, end: conflict.index + 7 };
			const hint = 'take one side of the merge, and run the build: it adds what is missing';
			return unreadable(file.path, 'it has a merge conflict', { span, hint });
		}
		const span = await syntaxSpan(file, error);
		return unreadable(file.path, 'it is not valid JSON', span ? { span } : {});
	}
}

/** JSON is YAML, whose reader knows the places of things; it is loaded only for what is wrong. */
async function readYaml(file: SourceFile) {
	const [{ readYaml: read }, { valueSpan }] = await Promise.all([
		import('../manifest/yaml-source.js'),
		import('../manifest/locate.js'),
	]);
	return { source: read(file), valueSpan };
}

async function spanAt(file: SourceFile, path: Path): Promise<Span> {
	const { source, valueSpan } = await readYaml(file);
	return valueSpan(source, path);
}

async function syntaxSpan(file: SourceFile, error: unknown): Promise<Span | undefined> {
	const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
	if (position !== undefined) return { file, start: Number(position), end: Number(position) + 1 };
	return (await readYaml(file)).source.problems[0]?.span;
}

function unreadable(name: string, reason: string, more: Pick<DiagnosticInit, 'span' | 'hint'> = {}): never {
	fail({
		code: 'lock/unreadable',
		message: `"${name}" cannot be read: ${reason}`,
		hint: 'restore it from version control, or remove it: the next build writes a new one',
		...more,
	});
}

function findProblem(data: unknown): Problem | undefined {
	if (!isRecord(data)) return { path: [], message: 'it is no JSON object' };
	if (data.version !== LOCK_VERSION) return { path: ['version'], message: '"version" is not a known version' };
	return (
		problemInEach(data.manifests, ['manifests'], (manifest, path) =>
			problemInPython(isRecord(manifest) ? manifest.python : undefined, [...path, 'python']),
		) ??
		problemInEach(data.toolchains, ['toolchains'], (platform, path) =>
			problemInEach(platform, path, problemInToolchain),
		) ??
		(data.images === undefined ? undefined : problemInEach(data.images, ['images'], problemInImage))
	);
}

function problemInEach(
	value: unknown,
	path: Path,
	check: (member: unknown, path: Path) => Problem | undefined,
): Problem | undefined {
	if (!isRecord(value)) return { path, message: `${shown(path)} is no object` };
	for (const [name, member] of Object.entries(value)) {
		const problem = check(member, [...path, name]);
		if (problem) return problem;
	}
	return undefined;
}

function problemInPython(value: unknown, path: Path): Problem | undefined {
	if (!isRecord(value)) return { path, message: `${shown(path)} is no object` };
	return (
		problemInText(value.version, [...path, 'version'], /^\d+\.\d+\.\d+$/) ??
		problemInText(value.origin, [...path, 'origin'], /^(pin|manifest)$/) ??
		(value.url === undefined ? undefined : problemInText(value.url, [...path, 'url'], /^https?:/)) ??
		problemInText(value.sha256, [...path, 'sha256'], SHA256) ??
		(value.date === undefined ? undefined : problemInText(value.date, [...path, 'date'], /^\d{4}-\d\d-\d\d$/))
	);
}

const SHA256 = /^[0-9a-f]{64}$/;

function problemInToolchain(value: unknown, path: Path): Problem | undefined {
	if (!isRecord(value)) return { path, message: `${shown(path)} is no object` };
	const { identity } = value;
	const at = [...path, 'identity'];
	if (!isRecord(identity)) return { path: at, message: `${shown(at)} is no object` };
	const texts = (name: string) =>
		problemInEach(identity[name], [...at, name], (text, member) => problemInText(text, member, /./));
	const optional = (name: string) =>
		identity[name] === undefined ? undefined : problemInText(identity[name], [...at, name], SHA256);
	return (
		problemInText(value.name, [...path, 'name'], /./) ??
		problemInText(identity.target, [...at, 'target'], /./) ??
		problemInText(identity.compiler, [...at, 'compiler'], /./) ??
		texts('programs') ??
		texts('libraries') ??
		optional('headers') ??
		optional('builtins') ??
		problemInText(identity.sysroot, [...at, 'sysroot'], SHA256)
	);
}

function problemInImage(value: unknown, path: Path): Problem | undefined {
	if (!isRecord(value)) return { path, message: `${shown(path)} is no object` };
	const member = value.id !== undefined && value.digest === undefined ? 'id' : 'digest';
	return problemInText(value[member], [...path, member], /^sha256:[0-9a-f]{64}$/);
}

function problemInText(value: unknown, path: Path, form: RegExp): Problem | undefined {
	if (typeof value === 'string' && form.test(value)) return undefined;
	return { path, message: `${shown(path)} ${value === undefined ? 'is missing' : 'is not what belongs there'}` };
}

function shown(path: Path): string {
	return `"${path.map(String).join('.')}"`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
