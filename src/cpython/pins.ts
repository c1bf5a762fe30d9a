/** A CPython release whose source tarball is known by its hash. */
export interface CpythonPin {
	readonly version: string;
	/** Where the release was published; the mirror that serves it does not matter, its hash does. */
	readonly url: string;
	readonly sha256: string;
	/** Debian's name of the source package, whose `.orig` tarball is the same file. */
	readonly debianSource: string;
	/** The release's date, seconds since 1970: what a build shows as its time, so that equal inputs give equal bytes. */
	readonly epoch: number;
}

/** The releases that a manifest may name by version alone. `scripts/update-pins.mjs` adds one. */
export const CPYTHON_PINS: readonly CpythonPin[] = [
	{
		version: '3.13.5',
		url: 'https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz',
		sha256: '93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640',
		debianSource: 'python3.13',
		epoch: Date.UTC(2025, 5, 11) / 1000,
	},
	{
		version: '3.11.2',
		url: 'https://www.python.org/ftp/python/3.11.2/Python-3.11.2.tgz',
		sha256: '2411c74bda5bbcfcddaf4531f66d1adc73f247f529aee981b029513aefdbf849',
		debianSource: 'python3.11',
		epoch: Date.UTC(2023, 1, 8) / 1000,
	},
];
