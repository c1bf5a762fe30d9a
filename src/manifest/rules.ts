import type { Rule } from './rule.js';
import { containerImage } from './rules/container.js';
import { exportErrors, exportedPython, exportNames } from './rules/exports.js';
import { defaults, signatures, simpleSignatures } from './rules/functions.js';
import { duplicateImports, importNames } from './rules/imports.js';
import { anyModules, moduleKinds } from './rules/modules.js';
import { functionNames, moduleNames, nameCollisions } from './rules/names.js';
import { macros, paths } from './rules/native.js';
import { pythonSource, pythonVersion } from './rules/python.js';
import { componentNames, initNames } from './rules/same-names.js';
import { sizes } from './rules/sizes.js';
import { texts } from './rules/texts.js';
import { toolchain } from './rules/toolchain.js';
import { typeNames, types } from './rules/types.js';
import { witExports, witFiles, witModules } from './rules/wit.js';

/** Every rule that a manifest must keep to. */
export const rules: readonly Rule[] = [
	pythonVersion,
	pythonSource,
	anyModules,
	moduleNames,
	moduleKinds,
	functionNames,
	nameCollisions,
	initNames,
	componentNames,
	types,
	typeNames,
	witFiles,
	witModules,
	witExports,
	signatures,
	simpleSignatures,
	defaults,
	importNames,
	duplicateImports,
	exportedPython,
	exportNames,
	exportErrors,
	macros,
	paths,
	sizes,
	toolchain,
	containerImage,
	texts,
];
