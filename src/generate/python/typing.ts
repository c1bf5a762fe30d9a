import type { HostModule } from '../../manifest/manifest.js';
import { classTyping, payloadErrorTyping } from './class-typing.js';
import type { RaisedErrors } from './errors.js';
import { functionTyping } from './function-typing.js';
import { pythonDocString } from './literal.js';
import { spellingFor } from './spelling.js';

/** The stub file (`.pyi`) of a host module. */
export function pythonTyping(module: HostModule, errors: RaisedErrors, header: string): string {
	const { spelling, imports } = spellingFor(module);
	const classes = [
		...module.types.flatMap((one) => classTyping(one, errors, spelling)),
		...errors.payloadErrors(module.name).flatMap((one) => payloadErrorTyping(one, spelling)),
	];
	const functions = module.functions.map((one) => functionTyping(one, spelling));
	const parts = [
		...(module.doc === undefined ? [] : [pythonDocString(module.doc)]),
		// What is imported is known when all else is written.
		...imports(functions.length > 0 || classes.length > 0),
		...classes,
		...functions,
	];
	return `${[header, ...parts].join('\n\n')}\n`;
}
