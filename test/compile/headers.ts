/** What a C file is compiled for. */
export type Target = 'wasm32' | 'native';

/** The minor versions of CPython that generated C must compile against. */
export const minors = ['3.11', '3.13'] as const;

/**
 * The compiler's arguments for a target and a minor version of CPython: where its headers and, for wasm32, the WASI
 * sysroot are. They come from the environment, for example `CPYBUILD_TEST_WASM32_3_13="-I… --sysroot=…"`.
 */
export function headerArguments(target: Target, minor: (typeof minors)[number]): readonly string[] | undefined {
	return process.env[variableFor(target, minor)]?.split(' ').filter((word) => word !== '');
}

/** The environment variable that `headerArguments` reads. */
export function variableFor(target: Target, minor: string): string {
	return `CPYBUILD_TEST_${target.toUpperCase()}_${minor.replace('.', '_')}`;
}
