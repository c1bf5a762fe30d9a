/** A semantic version, as WIT writes it after `@`. */
export interface Version {
	readonly text: string;
	/** Major, minor and patch: any size below 2^64. */
	readonly numbers: readonly bigint[];
	/** The identifiers after `-`. */
	readonly pre: readonly string[];
	/** The identifiers after `+`. */
	readonly build: readonly string[];
}

const number = '(0|[1-9][0-9]*)';
const identifiers = '([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)';
const pattern = new RegExp(`^${number}\\.${number}\\.${number}(?:-${identifiers})?(?:\\+${identifiers})?$`);
const largest = 0xffff_ffff_ffff_ffffn;

/** Reads a version as semver.org has it; undefined when it is none. */
export function parseVersion(text: string): Version | undefined {
	const found = pattern.exec(text);
	if (found === null) return undefined;
	const numbers = found.slice(1, 4).map(BigInt);
	const [pre = [], build = []] = found.slice(4, 6).map((part: string | undefined) => part?.split('.') ?? []);
	if (numbers.some((one) => one > largest) || pre.some((one) => /^0[0-9]+$/.test(one))) return undefined;
	return { text, numbers, pre, build };
}

/** Below 0, 0 or above 0, as the first version is older than, equal to or newer than the second. */
export function compareVersions(a: Version, b: Version): number {
	for (const [index, one] of a.numbers.entries()) {
		const other = b.numbers[index] ?? 0n;
		if (one !== other) return one < other ? -1 : 1;
	}
	// What precedes a release is older than it. Builds have no order by semver.org; wasm-tools gives them one.
	if (a.pre.length === 0 || b.pre.length === 0) {
		const order = Math.sign(b.pre.length) - Math.sign(a.pre.length);
		if (order !== 0) return order;
	}
	return compareIdentifiers(a.pre, b.pre) || compareIdentifiers(a.build, b.build);
}

function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
	for (const [index, one] of a.entries()) {
		const other = b[index];
		if (other === undefined) return 1;
		const order = compareIdentifier(one, other);
		if (order !== 0) return order;
	}
	return a.length - b.length;
}

/** Numbers come before words and are compared as numbers. */
function compareIdentifier(a: string, b: string): number {
	const [isNumber, isOtherNumber] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
	if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
	if (isNumber && BigInt(a) !== BigInt(b)) return BigInt(a) < BigInt(b) ? -1 : 1;
	if (isNumber) return a.length - b.length;
	return a < b ? -1 : a > b ? 1 : 0;
}
