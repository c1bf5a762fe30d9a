import * as z from 'zod/mini';
import { manifestSchema } from './schema.js';

/** The parts of JSON Schema that the manifest's schema uses. */
export interface JsonSchema {
	readonly type?: string | readonly string[];
	readonly description?: string;
	readonly default?: unknown;
	readonly examples?: readonly unknown[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly pattern?: string;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: boolean | JsonSchema;
	readonly items?: JsonSchema;
	readonly anyOf?: readonly JsonSchema[];
}

/** The JSON Schema of a manifest, as its author writes it. */
export function manifestJsonSchema(): JsonSchema {
	return z.toJSONSchema(manifestSchema, { target: 'draft-07', io: 'input' }) as JsonSchema;
}

/** The text of `schema/manifest.schema.json`, which editors read. */
export function manifestJsonSchemaText(): string {
	return `${JSON.stringify(manifestJsonSchema(), null, '\t')}\n`;
}

/** The keys that a mapping at a place of the manifest may have. */
export function allowedKeys(path: readonly PropertyKey[]): readonly string[] {
	let here: readonly JsonSchema[] = [manifestJsonSchema()];
	for (const step of path) here = here.flatMap(alternatives).flatMap((schema) => child(schema, step));
	return here.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
	return schema.anyOf?.flatMap(alternatives) ?? [schema];
}

function child(schema: JsonSchema, step: PropertyKey): readonly JsonSchema[] {
	const named = Object.entries(schema.properties ?? {}).find(([name]) => name === step)?.[1];
	const found = named ?? (typeof step === 'number' ? schema.items : schema.additionalProperties);
	return typeof found === 'object' ? [found] : [];
}
