const units: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** The most memory that a wasm module can have. */
export const fourGiB = 2 ** 32;

/** The unit in which wasm memory grows. */
export const wasmPage = 64 * 2 ** 10;

/** A size in bytes: `20MiB`, or a number of bytes; undefined when it is neither. */
export function parseSize(written: string | number): number | undefined {
	if (typeof written === 'number') return Number.isSafeInteger(written) && written >= 0 ? written : undefined;
	const [, count, unit] = /^(\d{1,10})(KiB|MiB|GiB)$/.exec(written) ?? [];
	const factor = units[unit ?? ''];
	return count === undefined || factor === undefined ? undefined : Number(count) * factor;
}

/** The size that a near miss (`20 MB`, `1g`, `65536`) most likely means. */
export function suggestSize(written: string): string | undefined {
	const [, count, unit] = /^\s*(\d{1,10})\s*([kmg])i?b?\s*$/i.exec(written) ?? [];
	if (count !== undefined && unit !== undefined) return `${count}${unit.toUpperCase()}iB`;
	return /^\d{1,10}$/.test(written) ? `${written} without quotes` : undefined;
}
