import type { ResourceDefinition, TypeDefinition } from './type.js';

/** The types that may be named somewhere, by their WIT names. */
export type TypeScope = ReadonlyMap<string, TypeDefinition | ResourceDefinition>;
