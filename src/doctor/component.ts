import { dirname } from 'node:path';
import { findJco, JCO } from '../component/jco.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Finding } from './finding.js';
import { shellCommand } from './shell-word.js';

/** What makes components. */
export interface JcoFacts {
	/** Undefined where none is installed. */
	readonly version: string | undefined;
	/** The manifest's folder, as the user would name it: `.` is the current one. */
	readonly folder: string;
}

/** Looks for the jco of a project, where its manifest asks for a component. */
export function examineJco(manifest: Manifest | undefined, manifestName: string): JcoFacts | undefined {
	if (!manifest?.build.component) return undefined;
	return { version: findJco(manifest.folder)?.identity.jco, folder: dirname(manifestName) };
}

/** Whether the component can be made. No cache makes up for it: what the component is made with is in the step's key. */
export function judgeJco(facts: JcoFacts | undefined): readonly Finding[] {
	if (facts === undefined) return [];
	const { version, folder } = facts;
	if (version !== undefined) return [{ id: 'component.jco', state: 'ok', found: `${JCO} ${version}` }];
	const where = folder === '.' ? [] : ['--prefix', folder];
	return [
		{
			id: 'component.jco',
			state: 'error',
			found: `the npm package "${JCO}" is not installed`,
			means: '"component: true" makes the component with it',
			repair: shellCommand(['npm', 'install', '--save-dev', ...where, JCO]),
		},
	];
}
