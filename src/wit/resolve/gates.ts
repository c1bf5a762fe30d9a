import { compareVersions, type Version } from '../version.js';
import type { Gated, PackageNode, Stability } from './model.js';
import type { FilePlace, Reporter } from './reporter.js';

/** The features that gates let through: those named, or all. */
export type Features = ReadonlySet<string> | 'all';

/** No gate at all. */
export const ungated: Stability = { kind: 'unknown' };

/** Attributes that contradict or repeat nothing by being there twice, where wasm-tools does not look at them. */
type Ignored = 'external-id';

/** What the gates of a declaration say. Gates that contradict each other are reported. */
export function stabilityOf({ attributes }: Gated, path: string, reporter: Reporter, ignored?: Ignored): Stability {
	const found = new Map<string, (typeof attributes)[number]>();
	for (const attribute of attributes) {
		const first = found.get(attribute.kind);
		if (first !== undefined && attribute.kind !== ignored) {
			reporter.report('wit/feature-gate', { path, ...attribute }, `"@${attribute.kind}" stands here twice`, {
				hint: 'keep one of them',
				note: { message: 'the first one is here', at: { path, ...first } },
			});
		}
		found.set(attribute.kind, attribute);
	}
	const [since, unstable, deprecated] = [found.get('since'), found.get('unstable'), found.get('deprecated')];
	if (since !== undefined && unstable !== undefined) {
		const hint = 'remove "@unstable" once a version has the feature';
		reporter.report('wit/feature-gate', { path, ...since }, '"@since" and "@unstable" contradict each other', { hint });
	}
	if (deprecated !== undefined && since === undefined && unstable === undefined) {
		const hint = 'add "@since(version = …)" before it';
		const message = '"@deprecated" needs "@since" or "@unstable" beside it';
		reporter.report('wit/feature-gate', { path, ...deprecated }, message, { hint });
	}
	const end = deprecated?.kind === 'deprecated' ? ` deprecated ${deprecated.version.text}` : '';
	if (unstable?.kind === 'unstable') {
		return { kind: 'unstable', text: `unstable ${unstable.feature}${end}`, feature: unstable.feature };
	}
	if (since?.kind === 'since') return { kind: 'stable', text: `since ${since.version.text}${end}` };
	return ungated;
}

/** Reports a `@since` that its package does not have. */
export function checkSince({ attributes }: Gated, owner: PackageNode, path: string, reporter: Reporter): void {
	const since = attributes.find(({ kind }) => kind === 'since');
	if (since?.kind !== 'since') return;
	const { version } = owner.source.name;
	const at = { path, ...since };
	if (version === undefined) {
		reporter.report(
			'wit/feature-gate',
			at,
			`the package "${owner.source.id}" has no version, so "@since" means nothing`,
			{
				hint: `name the package with a version, for example ${owner.source.id}@${since.version.text}`,
			},
		);
	} else if (compareVersions(since.version, version) > 0) {
		const message = `version ${since.version.text} is newer than the package "${owner.source.id}"`;
		reporter.report('wit/feature-gate', at, message, { hint: 'raise the version of the package, or lower this one' });
	}
}

/** Whether a gate keeps something out. */
export function excludes(stability: Stability, features: Features): boolean {
	if (stability.kind !== 'unstable' || features === 'all') return false;
	return stability.feature === undefined || !features.has(stability.feature);
}

/** Says that something uses what a gate keeps out. */
export function reportExcluded(reporter: Reporter, at: FilePlace, what: string, stability: Stability): void {
	const feature = stability.kind === 'unknown' ? undefined : stability.feature;
	const message =
		feature === undefined
			? `${what} is left out by a feature gate, but used here`
			: `${what} belongs to the feature "${feature}", which is not enabled, but is used here`;
	const hint =
		feature === undefined
			? undefined
			: `put @unstable(feature = ${feature}) before what uses it too, or enable the feature`;
	reporter.report('wit/feature-gate', at, message, { hint });
}

/** Whether two gates are one. */
export function sameStability(a: Stability, b: Stability): boolean {
	return a.kind === b.kind && (a.kind === 'unknown' || b.kind === 'unknown' || a.text === b.text);
}

/** The version of a package as ids end with it: `@1.2.0`, or nothing. */
export function versionSuffix(version: Version | undefined): string {
	return version === undefined ? '' : `@${version.text}`;
}
