import { fail } from '../diagnostics/diagnostic.js';
import type { PythonChoice } from '../manifest/manifest.js';
import { CPYTHON_PINS, type CpythonPin } from './pins.js';
import { RECIPES, type Recipe } from './recipe.js';

/** The CPython that a build uses: how to build it, and where its source comes from. */
export interface Cpython {
	readonly version: string;
	readonly recipe: Recipe;
	readonly source: CpythonSource;
	/** What the build shows as its time, seconds since 1970. */
	readonly epoch: number;
}

/** A source tarball known by hash, or a tree or tarball on this machine. */
export type CpythonSource =
	| { readonly kind: 'pinned'; readonly pin: CpythonPin }
	| { readonly kind: 'url'; readonly url: string; readonly sha256: string }
	| { readonly kind: 'path'; readonly path: string };

/** What is known of a version from elsewhere than the pins, so that they may change and builds stay the same. */
export interface KnownRelease {
	/** Where the source is, of a version that the manifest leaves to the pins. */
	readonly source?: Pick<CpythonPin, 'url' | 'sha256'>;
	/** What builds show as their time, seconds since 1970. */
	readonly epoch?: number;
}

/**
 * Finds recipe and source for the manifest's `python`.
 * @param known What `cpybuild.lock` recorded.
 * @throws CpybuildError `toolchain/unsupported-python` for a minor without recipe, `toolchain/unpinned-python` for a version without pin.
 */
export function chooseCpython(python: PythonChoice, known: KnownRelease = {}): Cpython {
	const recipe = RECIPES.find((one) => one.minor === python.minor);
	if (!recipe) {
		fail({
			code: 'toolchain/unsupported-python',
			message: `CPython ${python.version} has no recipe`,
			span: python.span,
			hint: `use one of ${RECIPES.map((one) => one.minor).join(', ')}`,
		});
	}
	const { version, source } = python;
	const pin = CPYTHON_PINS.find((one) => one.version === version);
	// Without a date of its own, an unpinned source shows the start of 1980, the earliest that zip files can carry.
	const epoch = known.epoch ?? pin?.epoch ?? Date.UTC(1980, 0, 1) / 1000;
	if (source?.kind === 'path') return { version, recipe, epoch, source };
	if (source?.kind === 'url') return { version, recipe, epoch, source };
	if (known.source) {
		const locked = { version, ...known.source, debianSource: `python${recipe.minor}`, epoch };
		return { version, recipe, epoch, source: { kind: 'pinned', pin: locked } };
	}
	if (pin) return { version, recipe, epoch, source: { kind: 'pinned', pin } };
	fail({
		code: 'toolchain/unpinned-python',
		message: `no source of CPython ${version} is pinned`,
		span: python.span,
		hint: `give it: python: { version: "${version}", source: { url: "https://www.python.org/ftp/python/${version}/Python-${version}.tar.xz", sha256: "…" } }; pinned are ${CPYTHON_PINS.map((one) => one.version).join(', ')}`,
	});
}
