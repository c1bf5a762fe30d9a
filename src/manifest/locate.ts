import { isCollection, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Span } from '../diagnostics/diagnostic.js';
import { mapScalar } from './scalar.js';
import { resolved, spanOf, type YamlSource } from './yaml-source.js';

/** The way from the manifest's root to a value: keys and list indexes. */
export type Path = readonly PropertyKey[];

/** The place of a key; for an item of a list the item, for the root its first key. */
export function keySpan(source: YamlSource, path: Path): Span {
	const key = pairAt(source, path)?.key;
	return isScalar(key) ? spanOf(source.file, key) : valueSpan(source, path);
}

/**
 * The place of a value. Mappings, lists and empty values are shown by their key; a value that is not there, by the
 * nearest thing around it.
 */
export function valueSpan(source: YamlSource, path: Path): Span {
	const node = nodeAt(source, path);
	if (isScalar(node) && node.range && node.range[1] > node.range[0]) return scalarSpan(source, node);
	if (isMap(node) && path.length === 0) {
		const first = (node.items as readonly Pair[])[0]?.key;
		if (isScalar(first)) return spanOf(source.file, first);
	}
	if (isCollection(node) && typeof path.at(-1) === 'number') return spanOf(source.file, node);
	const key = pairAt(source, path)?.key;
	if (isScalar(key)) return spanOf(source.file, key);
	return path.length === 0 ? { file: source.file, start: 0, end: 0 } : valueSpan(source, path.slice(0, -1));
}

/** The place of a part of a text value, given by offsets into that value; right in every style of YAML scalar. */
export function textSpan(source: YamlSource, path: Path, start: number, end: number): Span {
	const node = nodeAt(source, path);
	const map = isScalar(node) ? mapScalar(source.file.text, node) : undefined;
	if (map === undefined) return valueSpan(source, path);
	const last = map.ends[Math.max(start, end - 1)] ?? map.ends.at(-1);
	const first = map.starts[start] ?? last;
	if (first === undefined || last === undefined) return valueSpan(source, path);
	return { file: source.file, start: first, end: end > start ? last : first };
}

/** How a scalar is spelled in the manifest: `3.10`, where the value is only the number 3.1. */
export function scalarSource(source: YamlSource, path: Path): string | undefined {
	const node = nodeAt(source, path);
	return isScalar(node) ? (node.source ?? String(node.value)) : undefined;
}

// A block scalar's node begins at its header and may end on a later line; its text is what people look for.
function scalarSpan(source: YamlSource, node: Scalar): Span {
	const span = spanOf(source.file, node);
	if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return span;
	const map = mapScalar(source.file.text, node);
	return { ...span, start: map?.starts[0] ?? span.start, end: map?.ends.at(-1) ?? span.end };
}

function nodeAt(source: YamlSource, path: Path): unknown {
	const { document } = source;
	let node: unknown = resolved(document, document.contents);
	for (const step of path) {
		if (isMap(node)) node = pairsOf(source, node).get(String(step))?.value;
		else if (isSeq(node) && typeof step === 'number') node = node.items[step];
		else return undefined;
		node = resolved(document, node);
	}
	return node;
}

function pairAt(source: YamlSource, path: Path): Pair | undefined {
	const parent = nodeAt(source, path.slice(0, -1));
	const key = path.at(-1);
	return isMap(parent) && key !== undefined ? pairsOf(source, parent).get(String(key)) : undefined;
}

/** The pairs of a mapping by key; of two equal keys the later one, since it gives the value. */
function pairsOf({ pairs }: YamlSource, map: YAMLMap): ReadonlyMap<string, Pair> {
	const known = pairs.get(map);
	if (known !== undefined) return known;
	const byKey = new Map<string, Pair>();
	for (const pair of map.items as readonly Pair[]) if (isScalar(pair.key)) byKey.set(String(pair.key.value), pair);
	pairs.set(map, byKey);
	return byKey;
}

/** The plain value at the end of a path, undefined when there is none. */
export function valueAt(data: unknown, path: Path): unknown {
	let value = data;
	for (const step of path) value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
	return value;
}

function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
	return typeof value === 'object' && value !== null;
}
