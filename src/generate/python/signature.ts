import type { HostFunction } from '../../manifest/manifest.js';
import { pythonName } from '../c/names.js';
import { pythonLiteral } from './literal.js';

/** The first line of a builtin function's doc string, from which Python makes `__text_signature__`. */
export function textSignature(hostFunction: HostFunction): string {
	const params = hostFunction.signature.params.map((param) => {
		const value = hostFunction.defaults[param.name];
		return value === undefined
			? pythonName(param.name)
			: `${pythonName(param.name)}=${pythonLiteral(param.type, value)}`;
	});
	return `${hostFunction.name}(${['$module', '/', ...params].join(', ')})`;
}
