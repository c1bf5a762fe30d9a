import { fail } from '../diagnostics/diagnostic.js';
import type { Contract, ContractExport, ContractFunction } from './contract.js';
import { readDefinition, readSignature } from './type-text.js';

/** The name of the custom section of python.wasm that holds its contract. */
export const CONTRACT_SECTION = 'cpybuild:contract';

/** A contract as the content of its section: JSON. */
export function encodeContract(contract: Contract): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(contract));
}

/** The contract in the content of its section; `file` is the module's name in messages. */
export function decodeContract(content: Uint8Array, file: string): Contract {
	const refuse = (cause?: unknown): never =>
		fail(
			{
				code: 'usage/broken-contract',
				message: `the contract in "${file}" cannot be read`,
				hint: 'build the module again, or use the version of cpybuild that built it',
			},
			{ cause },
		);
	let data: unknown;
	try {
		data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
		if (isContract(data) && isReadable(data)) return data;
	} catch (error) {
		return refuse(error);
	}
	return refuse();
}

function isContract(data: unknown): data is Contract {
	return (
		isRecord(data) &&
		data.format === 1 &&
		typeof data.hash === 'string' &&
		typeof data.wit === 'string' &&
		Array.isArray(data.imports) &&
		data.imports.every(isFunction) &&
		Array.isArray(data.exports) &&
		data.exports.every(isExport) &&
		isRecord(data.types) &&
		Object.values(data.types).every((text) => typeof text === 'string')
	);
}

/** Whether the texts of types can be taken apart, which throws for others. */
function isReadable({ imports, exports, types }: Contract): boolean {
	for (const { signature } of [...imports, ...exports]) readSignature(signature);
	for (const text of Object.values(types)) readDefinition(text);
	return true;
}

function isFunction(data: unknown): data is ContractFunction {
	return (
		isRecord(data) &&
		['module', 'name', 'python', 'signature'].every((key) => typeof data[key] === 'string') &&
		(data.optional === undefined || Number.isInteger(data.optional))
	);
}

function isExport(data: unknown): data is ContractExport {
	return isRecord(data) && ['name', 'python', 'host', 'signature'].every((key) => typeof data[key] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
