import type { CacheContents, CacheFolder } from '../../index.js';
import { cacheOptions } from '../cache-arguments.js';
import { alignColumns, formatBytes, formatTime } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache list`: shows what is in the cache. */
export async function runCacheList({ flags }: ArgumentsOf<'cache list'>, terminal: Terminal): Promise<number> {
	const { listCache } = await import('../../index.js');
	const cache = await listCache(cacheOptions(flags, terminal));
	if (flags.json) writeJsonLine(terminal, { type: 'cache', ...cache });
	else terminal.stdout.write(renderContents(cache));
	return 0;
}

/** What a row of the table adds up. */
interface Row {
	readonly number: number;
	readonly unpacked: number;
	readonly packed: number;
	readonly lastUse: number;
}

function renderContents(cache: CacheFolder & CacheContents): string {
	const { path, limit, bytes } = cache;
	const rows = rowsOf(cache).map(([kind, { number, unpacked, packed, lastUse }]) => [
		kind,
		String(number),
		sizeText(unpacked),
		sizeText(packed),
		formatTime(lastUse),
	]);
	const table = rows.length === 0 ? [] : ['', ...alignColumns([HEAD, ...rows])];
	return [`${path} holds ${formatBytes(bytes)} of at most ${formatBytes(limit)}`, ...table, ''].join('\n');
}

const HEAD = ['kind', 'number', 'unpacked', 'packed', 'last use'];

function rowsOf({ entries, blobs, downloads }: CacheContents): readonly (readonly [string, Row])[] {
	const rows = new Map<string, Row>();
	const add = (kind: string, one: Row) => {
		const row = rows.get(kind) ?? { number: 0, unpacked: 0, packed: 0, lastUse: 0 };
		rows.set(kind, {
			number: row.number + one.number,
			unpacked: row.unpacked + one.unpacked,
			packed: row.packed + one.packed,
			lastUse: Math.max(row.lastUse, one.lastUse),
		});
	};
	const unnamed = new Map(blobs.map((blob) => [blob.sha256, blob]));
	for (const { kind, treeBytes, blob = '', lastUse } of entries) {
		add(kind, { number: 1, unpacked: treeBytes, packed: unnamed.get(blob)?.bytes ?? 0, lastUse });
		unnamed.delete(blob);
	}
	const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
	rows.clear();
	for (const { bytes, lastUse } of unnamed.values()) {
		add('blobs of no entry', { number: 1, unpacked: 0, packed: bytes, lastUse });
	}
	for (const { bytes, lastUse } of downloads) add('downloads', { number: 1, unpacked: 0, packed: bytes, lastUse });
	return [...sorted, ...rows];
}

function sizeText(bytes: number): string {
	return bytes === 0 ? '-' : formatBytes(bytes);
}
