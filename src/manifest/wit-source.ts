import { isAbsolute, posix, resolve } from 'node:path';
import type { SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { PathKind } from './path-kind.js';
import type { ManifestInput } from './schema.js';
import { readWorld, type WitFiles, type WitWorld } from './wit-folder.js';

/** Where a manifest's paths lead. */
interface Disk {
	/** Absolute path of the folder that relative paths start in. */
	readonly folder: string;
	readonly kindOf: (path: string) => PathKind;
	/** The WIT files of a folder, or the one file that a path leads to. */
	readonly readWit: (path: string) => WitFiles;
}

/** The WIT files that a manifest names, read. */
export interface WitSource {
	/** As the manifest spells it. */
	readonly path: string;
	readonly kind: PathKind;
	/** Absolute, the folder itself included. */
	readonly paths: readonly string[];
	readonly isEmpty: boolean;
	readonly world: WitWorld;
	/** The place of something in one of the files. */
	readonly span: (at: { readonly path?: string; readonly start: number; readonly end: number }) => Span;
}

/** Reads the files of the manifest's `wit:`, if it has one. */
export function readWitSource(manifest: SourceFile, { wit }: ManifestInput, disk: Disk): WitSource | undefined {
	if (wit === undefined) return undefined;
	const { path, ...choice } = typeof wit === 'string' ? { path: wit } : wit;
	const absolute = resolve(disk.folder, path);
	const kind = disk.kindOf(absolute);
	const files: WitFiles = kind === 'missing' ? new Map() : disk.readWit(absolute);
	const written = path.replaceAll('\\', '/');
	const nearby = isAbsolute(path) ? written : posix.join(posix.dirname(manifest.path), written);
	const shown = (file: string): string => (kind === 'file' ? nearby : posix.join(nearby, file));
	const sources = new Map([...files].map(([file, text]): [string, SourceFile] => [file, { path: shown(file), text }]));
	return {
		path,
		kind,
		paths: [absolute, ...(kind === 'folder' ? [...files.keys()].map((file) => resolve(absolute, file)) : [])],
		isEmpty: files.size === 0,
		world: files.size === 0 ? { modules: [], exports: [], problems: [] } : readWorld(files, choice),
		span: ({ path: file = '', start, end }) => ({ file: sources.get(file) ?? manifest, start, end }),
	};
}
