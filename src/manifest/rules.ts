import type { Rule } from './rule.js';
import { containerImage } from './rules/container.js';
import { defaults, signatures } from './rules/functions.js';
import { duplicateImports, importNames } from './rules/imports.js';
import { moduleKinds } from './rules/modules.js';
import { functionNames, moduleNames, nameCollisions } from './rules/names.js';
import { macros, paths } from './rules/native.js';
import { pythonSource, pythonVersion } from './rules/python.js';
import { sizes } from './rules/sizes.js';
import { texts } from './rules/texts.js';
import { toolchain } from './rules/toolchain.js';

/** Every rule that a manifest must keep to. */
export const rules: readonly Rule[] = [
	pythonVersion,
	pythonSource,
	moduleNames,
	moduleKinds,
	functionNames,
	nameCollisions,
	signatures,
	defaults,
	importNames,
	duplicateImports,
	macros,
	paths,
	sizes,
	toolchain,
	containerImage,
	texts,
];
