import type { HostFunction, HostModule, Manifest, Module } from '../manifest/manifest.js';
import { cExports } from './c/exports.js';
import { type CImport, cImport } from './c/import.js';
import { importsHeader } from './c/imports-header.js';
import { withoutNul } from './c/literal.js';
import { cIdentifier, uniqueName } from './c/names.js';
import { cStub } from './c/stub.js';
import { isPlainType } from './c/type.js';
import type { ValueFunction } from './c/values/function.js';
import { errorVariable, hasValues, type ValueContext, valueTexts } from './c/values/module.js';
import { nameDefinitions } from './c/values/names.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { barePackages, packageNames, packagesSource } from './packages.js';
import { raisedErrors } from './python/errors.js';
import { textSignature } from './python/signature.js';
import { isNative } from './sources.js';
import { EXPORTS, hasExports, PACKAGES, supportFiles } from './support.js';
import { readTemplate } from './template.js';

/** Path and text of a generated file. */
type Entry = readonly [string, string];

/** What is compiled: the stubs of the host modules, the headers of the native ones, and what both use. */
export function generateStubs(manifest: Manifest): Files {
	const header = `/* ${headerText(manifest)} */`;
	const context: ValueContext = {
		definitions: nameDefinitions(manifest),
		errors: raisedErrors(manifest),
		symbols: new Set(),
	};
	const packages = packageNames(manifest);
	const described = manifest.modules.map((module) =>
		isNative(module)
			? { native: module, imports: module.imports.map((one) => describeImport(module, one, context)) }
			: { host: module, functions: module.functions.map((one) => describeFunction(module, one, context)) },
	);
	return files([
		...supportFiles(manifest).map((name): Entry => [`c/${name}`, `${header}\n\n${readTemplate(`c/${name}`)}`]),
		...(hasExports(manifest) ? [[`c/${EXPORTS}.c`, cExports(manifest.exports, context, header)] as const] : []),
		...(barePackages(manifest).length > 0 ? [[`c/${PACKAGES}.c`, packagesSource(manifest, header)] as const] : []),
		...described.flatMap((one): readonly Entry[] => {
			if (one.host !== undefined) {
				const isPackage = packages.includes(one.host.name);
				return [[`c/${one.host.name}.c`, hostStub(one.host, one.functions, isPackage, context, header)]];
			}
			const { native, imports } = one;
			return imports.length === 0 ? [] : [[`c/${native.name}_imports.h`, importsHeader(native, imports, header)]];
		}),
	]);
}

function hostStub(
	module: HostModule,
	functions: readonly (CImport | ValueFunction)[],
	isPackage: boolean,
	context: ValueContext,
	header: string,
): string {
	const rich = functions.filter((one) => 'stub' in one);
	const values = hasValues(module, rich, context) ? { values: valueTexts(module, rich, context) } : {};
	return cStub({ module, functions, isPackage, ...values }, header);
}

/** A function of a host module: with its values as C has them, or with what Python objects are made to. */
function describeFunction(module: HostModule, one: HostFunction, context: ValueContext): CImport | ValueFunction {
	const types = [...one.signature.params.map(({ type }) => type), one.signature.result];
	if (types.every((type) => type === undefined || isPlainType(type))) return describeImport(module, one, context);
	const name = uniqueName(`${cIdentifier(module.name)}_${cIdentifier(one.name)}`, context.symbols, [
		'_import',
		'_params',
	]);
	const errorClass = errorVariable(context, module.name, one.signature);
	return {
		qualifiedName: `${module.name}.${one.name}`,
		name: one.name,
		importModule: one.importModule,
		importName: one.importName,
		signature: one.signature,
		defaults: one.defaults,
		doc: `${textSignature(one)}\n--\n\n${withoutNul(one.doc ?? '')}`,
		isMethod: false,
		symbol: `${name}_import`,
		record: `${name}_params`,
		stub: `${name}_stub`,
		...(errorClass === undefined ? {} : { errorClass }),
	};
}

/** Symbols of imports are global in the program, so that they must differ between modules too. */
function describeImport(module: Module, one: HostFunction, { symbols }: ValueContext): CImport {
	const native = isNative(module);
	const wanted = `${cIdentifier(module.name)}_${native ? 'host_' : ''}${cIdentifier(one.name)}`;
	const name = uniqueName(wanted, symbols, native ? ['', '_raw', '_params'] : ['_import', '_params']);
	return cImport(module.name, one, { symbol: `${name}_${native ? 'raw' : 'import'}`, record: `${name}_params` });
}
