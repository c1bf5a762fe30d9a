/**
 * Generated files, in memory: relative path with forward slashes → text, sorted by path.
 * Generators only return these; a step or a command writes them, or compares them with what is there.
 */
export type Files = ReadonlyMap<string, string>;

/** Makes `Files` of entries, sorted by path so that output never depends on the order of generation. */
export function files(entries: Iterable<readonly [string, string]>): Files {
	return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
