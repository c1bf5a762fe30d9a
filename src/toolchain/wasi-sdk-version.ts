import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The version of a WASI-SDK. */
export interface SdkVersion {
	/** `24`. */
	readonly major: number;
	/** As it says it: `24.0`. */
	readonly text: string;
}

/** The version that a WASI-SDK says it is; of early ones, which say nothing, what their folder's name says. */
export function versionOfSdk(folder: string): SdkVersion | undefined {
	const file = join(folder, 'VERSION');
	const line = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0]?.trim() : undefined;
	const named = () =>
		existsSync(folder) ? basename(realpathSync(folder)).match(/^wasi-sdk-(\d[\d.]*)/)?.[1] : undefined;
	const text = line || named();
	const major = text?.match(/^\d+/)?.[0];
	return text === undefined || major === undefined ? undefined : { major: Number(major), text };
}
