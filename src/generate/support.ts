import type { Manifest } from '../manifest/manifest.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { readTemplate } from './template.js';

/** The C files that every interpreter has, whatever its manifest: names without their ending, in link order. */
export const supportUnits: readonly string[] = ['_cpybuild', '_embed', '_report'];

/** What the support code consists of: its C files, and the headers that generated C includes too. */
const names: readonly string[] = ['cpybuild.h', 'embed.h', ...supportUnits.map((name) => `${name}.c`)];

/** The support code: what connects the interpreter with its host, and the entry points of hosts that keep one. */
export function supportFiles(manifest: Manifest): Files {
	const header = `/* ${headerText(manifest)} */`;
	return files(names.map((name) => [`c/${name}`, `${header}\n\n${readTemplate(`c/${name}`)}`]));
}
