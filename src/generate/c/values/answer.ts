import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import type { CoreSignature } from '../../abi/core.js';
import { abandonPart, canLose } from './abandon.js';
import { liftPart } from './lift.js';
import type { ValueNames } from './names.js';
import { formOf } from './parts.js';
import { storeReceived } from './received.js';
import { branch, callAfter } from './text.js';

/**
 * What a stub does with what the host gave: it makes the answer, or raises.
 * @param errorClass The C variable of the exception class that carries the result's error.
 */
export function answerStatements(
	names: ValueNames,
	result: WitType | undefined,
	errorClass: string | undefined,
	{ results }: CoreSignature,
): readonly string[] {
	if (result === undefined) return ['answer = Py_NewRef(Py_None);'];
	const store = results.length === 0 ? [] : storeReceived(names, result, 'result', 'received', ['goto exit;']);
	const plain = withoutAlias(result);
	const lift = plain.kind === 'result' ? liftResult(names, errorClass, plain) : [assignAnswer(names, result, 'result')];
	const discard = canLose(result, 'handles') ? [abandonPart(names, result, 'result', 'handles')] : [];
	return [...store, ...lift, ...branch('answer == NULL', [...discard, 'cpybuild_refuse_answer(call);'])];
}

function assignAnswer(names: ValueNames, type: WitType, value: string): string {
	return `answer = ${callAfter('answer = ', liftPart(names, type, value))};`;
}

/** A result is its value, or raises its error. */
function liftResult(
	names: ValueNames,
	errorClass: string | undefined,
	result: Extract<WitType, { readonly kind: 'result' }>,
): readonly string[] {
	const form = formOf(result);
	const [ok, err] = form.kind === 'result' ? form.cases : [];
	const error =
		err === undefined
			? 'Py_NewRef(Py_None)'
			: callAfter('    PyObject *error = ', liftPart(names, err.type, `result.${err.member}`));
	const raise = [
		`PyObject *error = ${error};`,
		`cpybuild_raise_error(${errorClass === undefined ? 'NULL' : `&${errorClass}`}, error);`,
	];
	return [
		...branch('result.tag == 0', [
			ok === undefined ? 'answer = Py_NewRef(Py_None);' : assignAnswer(names, ok.type, `result.${ok.member}`),
		]),
		...branch('result.tag == 1', raise).map((line, index) => (index === 0 ? `else ${line}` : line)),
		...branch('result.tag > 1', ['cpybuild_refuse_value(call, "result");']).map((line, index) =>
			index === 0 ? 'else {' : line,
		),
	];
}
