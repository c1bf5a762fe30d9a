import type { Manifest } from '../manifest/manifest.js';
import { cString } from './c/literal.js';
import { cIdentifier } from './c/names.js';
import { readTemplate, render } from './template.js';

/** The packages that a manifest's modules are in, outermost first: `acme` and `acme.billing` of `acme.billing.rows`. */
export function packageNames({ modules }: Manifest): readonly string[] {
	const all = modules.flatMap(({ name }) => {
		const parts = name.split('.');
		return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
	});
	return [...new Set(all)].sort();
}

/** Those of them that are nothing else, so that they need a module of their own. */
export function barePackages(manifest: Manifest): readonly string[] {
	const modules = new Set(manifest.modules.map(({ name }) => name));
	return packageNames(manifest).filter((name) => !modules.has(name));
}

/** The C file that has those. */
export function packagesSource(manifest: Manifest, header: string): string {
	const packages = barePackages(manifest).map((name) =>
		render(readTemplate('c/package.c.in'), { NAME: name, SYMBOL: cIdentifier(name), LITERAL: cString(name) }),
	);
	return `${header}\n\n#include "cpybuild.h"\n${packages.join('')}`;
}
