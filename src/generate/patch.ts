import { posix } from 'node:path';
import { formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import { type SetupBootstrap, setupBootstraps } from '../cpython/setup-bootstrap.js';
import type { Manifest, NativeModule } from '../manifest/manifest.js';
import type { Files } from './files.js';
import { nativeFolder } from './setup.js';
import { forwardSlashes, isNative, type SourcePlaces } from './sources.js';

/** What the diff is made of. */
export interface PatchParts {
	readonly manifest: Manifest;
	readonly places: SourcePlaces;
	/** The generated C files, by their path in the output. */
	readonly generated: Files;
	/** Texts of the native modules' C files and headers, by absolute path. */
	readonly nativeSources: ReadonlyMap<string, string>;
	readonly setupLines: readonly string[];
}

/** The unified diff that adds the modules to a pristine CPython checkout, for `patch -p1` and `git apply`. */
export function cpythonPatch(parts: PatchParts): string {
	const bootstrap = setupBootstraps[parts.manifest.python.minor];
	if (bootstrap === undefined) {
		throw new Error(`no Setup.bootstrap.in is known for CPython ${parts.manifest.python.minor}`);
	}
	const added = new Map([
		...[...parts.generated].map(([path, text]) => [generatedPlace(path, parts.places), text] as const),
		...nativeFiles(parts),
	]);
	const patches = [...added]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([path, text]) => newFile(`Modules/${path}`, text));
	return [...patches, appended('Modules/Setup.bootstrap.in', bootstrap, parts.setupLines)]
		.map((one) => formatPatch(one))
		.join('');
}

/** A stub may have another name in `Modules` than in the output. */
function generatedPlace(path: string, places: SourcePlaces): string {
	const { base, name, ext } = posix.parse(path);
	return ext === '.c' ? (places.stubs.get(name) ?? base) : base;
}

function nativeFiles({ manifest, places, nativeSources }: PatchParts): readonly (readonly [string, string])[] {
	return manifest.modules.filter(isNative).flatMap((module) =>
		[...nativeSources].flatMap(([path, text]) => {
			const place = places.natives.get(module.name)?.get(path) ?? headerPlace(module, path);
			return place === undefined ? [] : [[place, text] as const];
		}),
	);
}

/** Headers keep their path below the include folder that they are in. */
function headerPlace(module: NativeModule, path: string): string | undefined {
	const relative = module.include
		.map((folder) => posix.relative(forwardSlashes(folder), forwardSlashes(path)))
		.filter((one) => !one.startsWith('..'))
		.sort((a, b) => a.length - b.length)[0];
	return relative === undefined ? undefined : `${nativeFolder(module)}/${relative}`;
}

function newFile(path: string, text: string): StructuredPatch {
	return { ...structuredPatch('/dev/null', `b/${path}`, '', text), oldHeader: '', newHeader: '' };
}

function appended(path: string, { lineCount, lastLines }: SetupBootstrap, added: readonly string[]): StructuredPatch {
	const start = lineCount - lastLines.length + 1;
	return {
		oldFileName: `a/${path}`,
		newFileName: `b/${path}`,
		oldHeader: '',
		newHeader: '',
		hunks: [
			{
				oldStart: start,
				oldLines: lastLines.length,
				newStart: start,
				newLines: lastLines.length + added.length + 2,
				lines: [
					...lastLines.map((line) => ` ${line}`),
					'+',
					'+# added by cpybuild',
					...added.map((line) => `+${line}`),
				],
			},
		],
	} as StructuredPatch;
}
