/** A component of a CycloneDX 1.6 document, as far as cpybuild uses the format. */
export interface Component {
	readonly type: 'application' | 'library' | 'file';
	/** Names the component within the document. */
	readonly 'bom-ref': string;
	readonly name: string;
	readonly version?: string;
	readonly description?: string;
	/** `excluded`: it made the software and is not in it. */
	readonly scope?: 'required' | 'excluded';
	readonly hashes?: readonly Hash[];
	readonly licenses?: readonly License[];
	readonly cpe?: string;
	readonly purl?: string;
	readonly pedigree?: { readonly patches: readonly Patch[] };
	readonly externalReferences?: readonly Reference[];
	readonly components?: readonly Component[];
	readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** The hash of a content. */
export interface Hash {
	readonly alg: 'SHA-256';
	readonly content: string;
}

/** An SPDX expression, or a name where SPDX has none. */
export type License = { readonly expression: string } | { readonly license: { readonly name: string } };

/** A change that was made to a component. */
export interface Patch {
	readonly type: 'unofficial';
	readonly diff: { readonly text: { readonly content: string } };
}

/** Where something of a component is. */
export interface Reference {
	readonly type: 'distribution';
	readonly url: string;
	readonly hashes?: readonly Hash[];
}

/** One sha256, as CycloneDX writes hashes. */
export function hashes(sha256: string): readonly Hash[] {
	return [{ alg: 'SHA-256', content: sha256 }];
}

/** An SPDX expression, as CycloneDX writes licences. */
export function spdx(expression: string): readonly License[] {
	return [{ expression }];
}

/** Says what a component's hash is the hash of, where that is no file of its own. */
export function hashOf(what: string): NonNullable<Component['properties']> {
	return [{ name: 'cpybuild:hash-of', value: what }];
}

/** A file with its hash, as a part of the component `owner`. */
export function fileComponent(owner: string, name: string, sha256: string): Component {
	return { type: 'file', 'bom-ref': `${owner}/${name}`, name, hashes: hashes(sha256) };
}
