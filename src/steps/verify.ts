import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CpybuildError, type Diagnostic, diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { coreType } from '../generate/abi/core.js';
import { type ImportedFunction, importedFunctions } from '../manifest/imports.js';
import type { Manifest, Module } from '../manifest/manifest.js';
import { readArchive } from '../wasm/archive.js';
import type { Import } from '../wasm/module.js';
import { listUndefinedFunctions } from '../wasm/object.js';
import { readImports, readInterface } from '../wasm/read-imports.js';
import { formatExternType, formatFunctionType } from '../wasm/types.js';
import { compareImports, type ExpectedExport, type ExpectedImport } from '../wasm/verify.js';
import { type BaseLink, LINK_FILE } from './base/harvest.js';
import { objectFiles } from './compile.js';
import type { LinkNeeds } from './link.js';
import { makeStep } from './make-step.js';
import type { Step, StepContext } from './step.js';
import { exportProblems, exportsOf } from './verify-exports.js';

/** A host function with the module that offers it. */
interface Declared {
	readonly module: Module;
	readonly import: ImportedFunction;
}

/** What the imports and exports of python.wasm are compared with. */
export interface VerifyInputs {
	/** Raised when this step's code judges the same imports and exports otherwise. */
	readonly revision: 2;
	/** The imports that the manifest declares, sorted; `by` is the module that declares one. */
	readonly expected: readonly (ExpectedImport & { readonly by: string; readonly kind: Module['kind'] })[];
	/** The exports that Python code implements, with those that free their results, sorted. */
	readonly exported: readonly ExpectedExport[];
}

/** Names the file in a verified module's output that lists the imports which nobody uses. */
const UNUSED_FILE = 'unused.json';

/**
 * Compares the imports of the linked module with the manifest: nothing more, nothing else, nothing lost. What Python
 * code implements must be exported; of exports there may be more.
 */
export function verifyStep(link: Step, needs: LinkNeeds, manifest: Manifest): Step {
	const declared = manifest.modules.flatMap((module) =>
		importedFunctions(module).map((one): Declared => ({ module, import: one })),
	);
	const order = ({ module, name }: VerifyInputs['expected'][number]) => `${module}\0${name}`;
	const expected = declared
		.map(({ module: by, import: { module, name, signature } }) => {
			const { params, results } = coreType(signature);
			return { module, name, params, results, by: by.name, kind: by.kind };
		})
		.sort((a, b) => (order(a) < order(b) ? -1 : 1));
	const exported = exportsOf(manifest).map(({ core }) => core);
	const inputs: VerifyInputs = { revision: 2, expected, exported };
	const declaredAs = (one: { readonly module: string; readonly name: string }) =>
		declared.find(({ import: { module, name } }) => module === one.module && name === one.name);
	return makeStep({
		id: 'verify',
		title: 'verify imports and exports',
		// Object files and archives tell who refers to an import that should not be there.
		needs: [link, needs.base, ...needs.compiled.map(({ step }) => step)],
		inputs,
		run: async (context) => {
			const linked = join(context.output(link), 'python.wasm');
			// What a module offers comes after the types of all its functions: many to read where nothing is expected.
			const { imports, exports } =
				exported.length > 0
					? readInterface(linked, 'python.wasm')
					: { imports: readImports(linked, 'python.wasm'), exports: [] };
			const difference = compareImports(imports, expected);
			const problems: Diagnostic[] = [];
			for (const found of difference.unexpected) {
				const initialised = manifest.modules.find(({ name }) => isInitialiser(found, name));
				problems.push(
					initialised ? uninitialised(initialised) : unexpected(found, await findReferrers(found, needs, context)),
				);
			}
			for (const { found, expected: wanted } of difference.mismatched) {
				const { referredBy } = await findReferrers(found, needs, context);
				problems.push(mismatched(found, formatFunctionType(wanted), declaredAs(found), referredBy));
			}
			for (const wanted of difference.missing) {
				const lost = declaredAs(wanted);
				if (lost) problems.push(missing(lost));
			}
			problems.push(...exportProblems(exports, manifest));
			const errors = problems.filter((one) => one.severity === 'error');
			if (errors.length > 0) throw new CpybuildError(errors);
			for (const warning of problems) context.warn(warning);
			const unused = difference.missing.map(({ module, name }) => ({ module, name }));
			await writeFile(join(context.out, UNUSED_FILE), JSON.stringify(unused));
		},
		recall: (out) => {
			const path = join(out, UNUSED_FILE);
			const unused: { readonly module: string; readonly name: string }[] = existsSync(path)
				? JSON.parse(readFileSync(path, 'utf8'))
				: [];
			return unused.flatMap((one) => declaredAs(one) ?? []).map(missing);
		},
	});
}

/** Whether an import is the function by which the interpreter makes a module. */
function isInitialiser(found: Import, module: string): boolean {
	return found.module === 'env' && found.name === `PyInit_${module}`;
}

function uninitialised({ name, span }: Module): Diagnostic {
	return diagnostic({
		code: 'verify/import-unexpected',
		message: `no C file of ${name} defines "PyInit_${name}", by which Python makes the module`,
		span,
		hint: 'name the module as its C code does, or add the C file that defines the function',
	});
}

function unexpected(found: Import, { referredBy, foreign }: Referrers): Diagnostic {
	const undefinedInC = found.module === 'env';
	return diagnostic({
		code: 'verify/import-unexpected',
		message: undefinedInC
			? `the function "${found.name}" is defined nowhere; ${referredBy}`
			: `python.wasm imports "${found.module}.${found.name}", which the manifest does not declare; ${referredBy}`,
		hint: undefinedInC
			? 'link the library that defines it (libs:), or declare it as a host function of the module (imports:)'
			: 'declare it in the manifest (functions: or imports:), or do not call it',
		details: [
			`type ${formatExternType(found.type)}`,
			...foreign.map((member) => `${member} was left out: it is not compiled for WebAssembly`),
		],
	});
}

function mismatched(found: Import, wanted: string, declared: Declared | undefined, referredBy: string): Diagnostic {
	return diagnostic({
		code: 'verify/import-type',
		message: `python.wasm imports "${found.module}.${found.name}" as ${formatExternType(found.type)}, the manifest makes it ${wanted}; ${referredBy}`,
		...(declared && { span: placeOf(declared, 'signatureSpan') }),
		hint: 'call it through the generated header, whose declaration follows the signature',
	});
}

/** A stub that lost its import is an error; a header's function that the C code does not use is only worth a remark. */
function missing(declared: Declared): Diagnostic {
	const { module, import: lost } = declared;
	const name = `${lost.module}.${lost.name}`;
	const span = placeOf(declared, 'span');
	if (module.kind === 'host') {
		return diagnostic({
			code: 'verify/import-missing',
			message: `python.wasm does not import "${name}", which ${module.name}.c declares for ${module.name}.${lost.python}`,
			span,
			hint: 'a C definition of the same symbol may have taken its place; look for it in your own modules and libraries',
		});
	}
	return diagnostic({
		code: 'verify/import-unused',
		severity: 'warning',
		message: `no C file of ${module.name} calls the import "${lost.python}"`,
		span,
		hint: 'remove it from the manifest, or call it',
	});
}

/** Where the manifest declares an import; what belongs to a resource, with its module. */
function placeOf({ module, import: { of } }: Declared, key: 'span' | 'signatureSpan'): Span {
	return of.kind === 'function' ? of.function[key] : module.span;
}

/** What the parts of a link say about a symbol. */
interface Referrers {
	/** Which object files leave it to others: `referenced by fast.o`. */
	readonly referredBy: string;
	/** Members of the user's libraries that the linker passed over, since they are for another machine. */
	readonly foreign: readonly string[];
}

async function findReferrers(wanted: Import, needs: LinkNeeds, context: StepContext): Promise<Referrers> {
	const found: string[] = [];
	const foreign: string[] = [];
	const search = (bytes: Uint8Array, name: string) => {
		if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\0asm') {
			foreign.push(name);
			return;
		}
		const refers = listUndefinedFunctions(bytes, name).some(
			(one) => one.module === wanted.module && one.name === wanted.name,
		);
		if (refers) found.push(name);
	};
	for (const { step, module } of needs.compiled) {
		for (const path of objectFiles(module, context.output(step)))
			search(await readFile(path), `${module?.name ?? ''}: ${basename(path)}`.replace(/^: /, ''));
		for (const path of module?.kind === 'native' ? module.libs : []) {
			for (const member of readArchive(await readFile(path), path))
				search(member.bytes, `${basename(path)}(${member.name})`);
		}
	}
	if (found.length === 0) {
		const base = context.output(needs.base);
		const { libraries }: BaseLink = JSON.parse(await readFile(join(base, LINK_FILE), 'utf8'));
		for (const path of libraries.filter((word) => word.endsWith('.a'))) {
			for (const member of readArchive(await readFile(join(base, path)), path))
				search(member.bytes, `${path}(${member.name})`);
		}
	}
	const referredBy =
		found.length > 0 ? `referenced by ${found.join(', ')}` : 'no object file of the link says so itself';
	return { referredBy, foreign };
}
