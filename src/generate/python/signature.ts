import type { HostFunction } from '../../manifest/manifest.js';
import { pythonClass, pythonVariable } from '../../manifest/python-spelling.js';
import type { ResourceDefinition, ResourceFunction } from '../../wit/type.js';
import { pythonLiteral } from './literal.js';

/** The first line of a builtin function's doc string, from which Python makes `__text_signature__`. */
export function textSignature(hostFunction: HostFunction): string {
	const params = hostFunction.signature.params.map((param) => {
		const value = hostFunction.defaults[param.name];
		return value === undefined
			? pythonVariable(param.name)
			: `${pythonVariable(param.name)}=${pythonLiteral(param.type, value)}`;
	});
	return `${hostFunction.name}(${['$module', '/', ...params].join(', ')})`;
}

/** The same for a function of a resource; a constructor's stands in the doc string of the class. */
export function resourceSignature({ name }: ResourceDefinition, one: ResourceFunction): string {
	const params = one.signature.params.map((param) => pythonVariable(param.name));
	switch (one.kind) {
		case 'constructor':
			return `${pythonClass(name)}(${params.join(', ')})`;
		case 'method':
			return `${pythonVariable(one.name)}(${['$self', '/', ...params.slice(1)].join(', ')})`;
		case 'static':
			return `${pythonVariable(one.name)}(${params.join(', ')})`;
	}
}
