import { basename, join } from 'node:path';
import type { Places } from './machine-files.js';

/** The version of a WASI-SDK. */
export interface SdkVersion {
	/** `24`. */
	readonly major: number;
	/** As it says it: `24.0`. */
	readonly text: string;
}

/** The version that a WASI-SDK says it is; of early ones, which say nothing, what their folder's name says. */
export async function versionOfSdk(folder: string, places: Places): Promise<SdkVersion | undefined> {
	const file = join(folder, 'VERSION');
	const existing = await places.existing([file, folder]);
	const line = existing.has(file) ? (await places.text(file)).split('\n')[0]?.trim() : undefined;
	const named = async () =>
		existing.has(folder) ? basename(await places.real(folder)).match(/^wasi-sdk-(\d[\d.]*)/)?.[1] : undefined;
	const text = line || (await named());
	const major = text?.match(/^\d+/)?.[0];
	return text === undefined || major === undefined ? undefined : { major: Number(major), text };
}
