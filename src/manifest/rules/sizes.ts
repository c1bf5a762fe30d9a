import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { type Path, valueSpan } from '../locate.js';
import type { Rule, RuleContext } from '../rule.js';
import { fourGiB, parseSize, suggestSize, wasmPage } from '../size.js';

/** Memory and stack have sizes that a wasm module can have. */
export const sizes: Rule = function* (context) {
	const { memory, stack } = context.input.build;
	const initial = yield* checkedSize(context, ['build', 'memory', 'initial'], memory.initial, wasmPage);
	const max = yield* checkedSize(context, ['build', 'memory', 'max'], memory.max, wasmPage);
	const stackSize = yield* checkedSize(context, ['build', 'stack'], stack, 16);

	if (initial !== undefined && max !== undefined && initial > max) {
		const message = `the initial memory (${memory.initial}) is larger than the maximum (${memory.max})`;
		yield bad(context, ['build', 'memory', 'initial'], message, 'raise "max" or lower "initial"');
	}
	if (initial !== undefined && stackSize !== undefined && stackSize >= initial) {
		const message = `the stack (${stack}) does not fit into the initial memory (${memory.initial})`;
		yield bad(context, ['build', 'stack'], message, 'raise "memory.initial" or lower "stack"');
	}
};

function* checkedSize(
	context: RuleContext,
	path: Path,
	written: string | number,
	unit: number,
): Generator<DiagnosticInit, number | undefined> {
	const size = parseSize(written);
	if (size === undefined) {
		const meant = suggestSize(String(written));
		const hint = meant === undefined ? 'write for example 20MiB, 1GiB, 64KiB, or a number of bytes' : `write ${meant}`;
		yield bad(context, path, `"${written}" is not a size`, hint);
	} else if (size === 0 || size > fourGiB) {
		yield bad(context, path, `${written} is outside of what wasm can have`, 'give a size above 0 and up to 4GiB');
	} else if (size % unit !== 0) {
		const lower = Math.max(unit, size - (size % unit));
		yield bad(context, path, `${written} is not a multiple of ${unit} bytes`, `use ${lower} or ${lower + unit}`);
	} else return size;
	return undefined;
}

function bad({ source }: RuleContext, path: Path, message: string, hint: string): DiagnosticInit {
	return { code: 'manifest/bad-size', message, span: valueSpan(source, path), hint };
}
