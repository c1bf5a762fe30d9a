import { imageName } from '../image-name.js';
import { keySpan, valueSpan } from '../locate.js';
import type { Rule } from '../rule.js';

/** At most one image is chosen, by a name that a registry can have. */
export const containerImage: Rule = function* ({ input, source }) {
	const { container } = input.build;
	for (const key of ['image', 'base'] as const) {
		const name = container[key];
		if (name === undefined || imageName(name) !== undefined) continue;
		yield {
			code: 'manifest/bad-value',
			message: `"${name}" is not the name of an image`,
			span: valueSpan(source, ['build', 'container', key]),
			hint: 'give for example debian:trixie, registry.example.com:5000/team/wasi, or name@sha256:… with 64 hex digits',
		};
	}
	if (container.image !== undefined && container.base !== undefined) {
		yield {
			code: 'manifest/bad-value',
			message: '"container" has both "image" and "base"',
			span: keySpan(source, ['build', 'container', 'base']),
			hint: 'keep "image" for one that has all that is needed, or "base" for one to which cpybuild adds what it lacks',
		};
	}
};
