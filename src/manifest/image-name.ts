/** An image that a build may use, and as what. */
export interface ImageChoice {
	/** `image`: compiles as it is; `base`: what it lacks is installed first. */
	readonly kind: 'image' | 'base';
	/** With its tag or digest: `ghcr.io/python/wasicontainer:latest`. */
	readonly name: string;
}

/** What the devcontainer starts from unless somebody says otherwise: the one of CPython's own developers. */
export const DEFAULT_BASE = 'ghcr.io/python/wasicontainer:latest';

const FORM = new RegExp(
	[
		// A registry: it has a dot or a port, else it is a part of the path.
		/^(?:(?:localhost|[A-Za-z0-9-]{1,63}(?=[.:])(?:\.[A-Za-z0-9-]{1,63}){0,9})(?::\d{1,5})?\/)?/,
		/[a-z0-9][a-z0-9._-]{0,99}(?:\/[a-z0-9][a-z0-9._-]{0,99}){0,9}/,
		/(?<tag>:\w[\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$/,
	]
		.map(({ source }) => source)
		.join(''),
);

/** The name of an image with its tag, which is `latest` unless it says another or a digest; `undefined` if it is none. */
export function imageName(text: string): string | undefined {
	const groups = FORM.exec(text)?.groups;
	if (!groups) return undefined;
	return groups.tag === undefined && groups.digest === undefined ? `${text}:latest` : text;
}
