import { nearest } from '../../diagnostics/nearest.js';
import { parseFile } from '../parse-file.js';
import type { FileItem, FileSyntax, InterfaceItem, ItemPath, PackageName, WorldItemSyntax } from '../syntax.js';
import { versionSuffix } from './gates.js';
import type { PackageSource } from './model.js';
import { circlesIn, orderByNeed } from './order.js';
import type { FilePlace, Reporter } from './reporter.js';

/** `acme:billing@1.2.0`. */
export function packageId({ namespace, name, version }: PackageName): string {
	return `${namespace.text}:${name.text}${versionSuffix(version)}`;
}

/** The id of an interface or a world: `acme:billing/quotes@1.2.0`. */
export function itemId({ namespace, name, version }: PackageName, item: string): string {
	return `${namespace.text}:${name.text}/${item}${versionSuffix(version)}`;
}

interface ParsedFile {
	readonly path: string;
	readonly syntax: FileSyntax;
}

/** The packages of a resolution: the one of the top folder, and all in the order of their dependencies. */
export interface Packages {
	readonly main: string;
	readonly all: readonly PackageSource[];
}

/**
 * Reads the packages of a folder: `*.wit` at the top are one, each folder below `deps/` is one, and so is each file
 * there. Undefined when something is wrong.
 */
export function readPackages(files: ReadonlyMap<string, string>, reporter: Reporter): Packages | undefined {
	const groups = groupFiles(files);
	const parsed = [...groups].map(([folder, paths]) => ({
		folder,
		files: paths.flatMap((path): ParsedFile[] => {
			const result = parseFile(files.get(path) ?? '');
			if (!result.ok) reporter.addFile(path, result.problems);
			return result.ok ? [{ path, syntax: result.value }] : [];
		}),
	}));
	if (reporter.problems.length > 0) return undefined;
	const sources = parsed.flatMap((group) => [...nestedPackages(group.files), ...ownPackage(group, reporter)]);
	const [main] = parsed.filter(({ folder }) => folder === '').flatMap((group) => group.files);
	if (main === undefined) return undefined;
	checkCase(sources, reporter);
	const byId = uniquePackages(sources, reporter);
	if (reporter.problems.length > 0) return undefined;
	const name = parsed[0]?.files.find(({ syntax }) => syntax.package !== undefined)?.syntax.package;
	const all = orderPackages(byId, reporter);
	return name === undefined || all === undefined ? undefined : { main: packageId(name), all };
}

/** The paths of each package, in the order in which wasm-tools reads them. */
function groupFiles(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
	const groups = new Map<string, string[]>([['', []]]);
	for (const path of [...files.keys()].sort()) {
		const folder = /^(?:(deps\/[^/]+)(?:\/[^/]+)?|[^/]+)\.wit$/.exec(path);
		if (folder === null) continue;
		const key = folder[1] === undefined ? '' : path.split('/').slice(0, 2).join('/');
		groups.set(key, [...(groups.get(key) ?? []), path]);
	}
	return groups;
}

function nestedPackages(files: readonly ParsedFile[]): readonly PackageSource[] {
	return files.flatMap(({ path, syntax }) =>
		syntax.nested.map(({ name, items }) => ({
			name,
			id: packageId(name),
			at: { path, start: name.start, end: name.end },
			files: [{ path, items }],
		})),
	);
}

/** The package that the files of a group are together. */
function ownPackage(
	{ folder, files }: { readonly folder: string; readonly files: readonly ParsedFile[] },
	reporter: Reporter,
): readonly PackageSource[] {
	const named = files.flatMap(({ path, syntax }) =>
		syntax.package === undefined ? [] : [{ path, name: syntax.package }],
	);
	const [first, ...others] = named;
	if (first === undefined) {
		const [file] = files;
		const where = folder === '' ? 'the WIT files' : `the files in ${folder}`;
		reporter.report(
			'wit/package',
			{ path: file?.path ?? folder, start: 0, end: 0 },
			`${where} do not say which package they are`,
			{
				hint: 'begin one of them with "package namespace:name;"',
			},
		);
		return [];
	}
	const id = packageId(first.name);
	const at = { path: first.path, start: first.name.start, end: first.name.end };
	for (const { path, name } of others.filter((other) => packageId(other.name) !== id)) {
		const message = `this folder is the package "${id}", and this file says "${packageId(name)}"`;
		const hint = 'put files of another package into a folder of their own below deps/';
		reporter.report('wit/package', { path, start: name.start, end: name.end }, message, {
			hint,
			note: { message: 'named here', at },
		});
	}
	checkComments(files, reporter);
	return [{ name: first.name, id, at, files: files.map(({ path, syntax }) => ({ path, items: syntax.items })) }];
}

/** wasm-tools takes any comment before `package` for the documentation of the package, of which there is one. */
function checkComments(files: readonly ParsedFile[], reporter: Reporter): void {
	const commented = files.filter(({ syntax }) => syntax.package !== undefined && syntax.isPackageCommented);
	const [first, ...others] = commented.map(({ path, syntax }) => ({ path, start: 0, end: 0, ...syntax.package }));
	for (const other of first === undefined ? [] : others) {
		const message = 'several files have a comment before "package", which is where a package is documented';
		const hint = 'leave "package" to one file, or move the comment below it';
		reporter.report(
			'wit/package',
			other,
			message,
			first && { hint, note: { message: 'the first one is here', at: first } },
		);
	}
}

function checkCase(sources: readonly PackageSource[], reporter: Reporter): void {
	for (const { name, at } of sources) {
		for (const part of [name.namespace, name.name].filter(({ text }) => text !== text.toLowerCase())) {
			const message = `"${part.text}" is not a name of a package: it has upper-case letters`;
			const hint = `write ${part.text.toLowerCase()}`;
			reporter.report('wit/bad-name', { path: at.path, start: part.start, end: part.end }, message, { hint });
		}
	}
}

function uniquePackages(sources: readonly PackageSource[], reporter: Reporter): ReadonlyMap<string, PackageSource> {
	const byId = new Map<string, PackageSource>();
	for (const source of sources) {
		const first = byId.get(source.id);
		if (first === undefined) {
			byId.set(source.id, source);
			continue;
		}
		reporter.report('wit/package', source.at, `the package "${source.id}" is here twice`, {
			hint: 'keep one of them, or give them different versions',
			note: { message: 'the first one is here', at: first.at },
		});
	}
	return byId;
}

/** Packages after those that they use. Packages that are missing, and circles, are reported. */
function orderPackages(
	byId: ReadonlyMap<string, PackageSource>,
	reporter: Reporter,
): readonly PackageSource[] | undefined {
	const needs = new Map<string, readonly string[]>();
	const places = new Map<string, FilePlace>();
	for (const source of byId.values()) {
		const used = source.files.flatMap(({ path, items }) => itemPaths(items).map((one) => ({ path, ...one })));
		const foreign = used.flatMap(({ path, package: name }) => (name === undefined ? [] : [{ path, name }]));
		const missing = new Set<string>();
		for (const { path, name } of foreign) {
			const id = packageId(name);
			const at = { path, start: name.start, end: name.end };
			places.set(`${source.id} ${id}`, places.get(`${source.id} ${id}`) ?? at);
			if (byId.has(id) || missing.has(id)) continue;
			missing.add(id);
			reportMissing(id, at, byId, reporter);
		}
		needs.set(source.id, [...new Set(foreign.map(({ name }) => packageId(name)))]);
	}
	const { order, stuck } = orderByNeed(needs);
	reportCircles(stuck, places, reporter);
	// Packages that are missing do not hide what else is wrong.
	return stuck.size > 0 ? undefined : order.flatMap((id) => byId.get(id) ?? []);
}

function reportMissing(id: string, at: FilePlace, byId: ReadonlyMap<string, PackageSource>, reporter: Reporter): void {
	const plain = id.replace(/@.*/, '');
	const otherVersion = [...byId.keys()].find((known) => known !== id && known.replace(/@.*/, '') === plain);
	const meant = otherVersion ?? nearest(id, byId.keys());
	const hint = meant === undefined ? 'put its WIT files below deps/' : `did you mean "${meant}"?`;
	reporter.report('wit/unknown-name', at, `the package "${id}" is not here`, { hint });
}

function reportCircles(
	stuck: ReadonlyMap<string, string>,
	places: ReadonlyMap<string, FilePlace>,
	reporter: Reporter,
): void {
	for (const circle of circlesIn(stuck)) {
		const at = places.get(`${circle[0]} ${circle[1]}`);
		if (at === undefined) continue;
		const list = circle.map((id) => `"${id}"`).join(' uses ');
		const hint =
			circle.length > 2 ? 'move what both need into a third package' : 'within a package, leave its name out';
		reporter.report('wit/cycle', at, `packages need each other: ${list}`, { hint });
	}
}

/** The ways to interfaces and worlds in a file, in the order in which wasm-tools goes through them. */
function itemPaths(items: readonly FileItem[]): readonly ItemPath[] {
	return items.flatMap((item) => pathsOf(item).map(({ path }) => path));
}

/** A way, what it leads to, and who may go it. */
export interface PathUse {
	readonly path: ItemPath;
	/** What a top-level `use` leads to is not known; wasm-tools takes it for an interface. */
	readonly to: 'interface' | 'world';
	readonly attributes: FileItem['attributes'];
	/** The types that it uses. */
	readonly names: readonly string[];
}

/** The ways in an interface, a world or a top-level `use`. */
export function pathsOf(item: FileItem): readonly PathUse[] {
	if (item.kind === 'file-use') return [{ path: item.path, to: 'interface', attributes: item.attributes, names: [] }];
	if (item.kind === 'interface') return usesOf(item.items);
	const inOrder = item.items.flatMap((one): readonly PathUse[] => {
		if (one.kind === 'use') return usesOf([one]);
		return one.kind === 'include' ? [{ path: one.from, to: 'world', attributes: one.attributes, names: [] }] : [];
	});
	const externs = (kind: 'import' | 'export') =>
		item.items.flatMap((one): readonly PathUse[] => {
			if (one.kind !== kind) return [];
			if (one.item.kind === 'interface') return usesOf(one.item.items);
			if (one.item.kind !== 'path') return [];
			return [{ path: one.item.path, to: 'interface', attributes: one.attributes, names: [] }];
		});
	return [...inOrder, ...externs('import'), ...externs('export')];
}

function usesOf(items: readonly (InterfaceItem | WorldItemSyntax)[]): readonly PathUse[] {
	return items.flatMap((item): readonly PathUse[] => {
		if (item.kind !== 'use') return [];
		const names = item.names.map(({ name }) => name.text);
		return [{ path: item.from, to: 'interface', attributes: item.attributes, names }];
	});
}
