import type { Finding, Group } from './finding.js';

/** What a look at a part of the machine gave, or why it gave nothing. */
export type Look<T> = { readonly seen: T } | { readonly unseen: string };

/**
 * Looks at a part of the machine for a limited time; whatever goes wrong is an answer too.
 * @param signal Ends everything: then this rejects.
 */
export async function look<T>(
	seconds: number,
	gather: (signal: AbortSignal) => T | Promise<T>,
	signal?: AbortSignal,
): Promise<Look<T>> {
	const ending = new AbortController();
	const stop = () => ending.abort(signal?.reason);
	signal?.addEventListener('abort', stop);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Look<T>>((resolve) => {
		timer = setTimeout(() => {
			resolve({ unseen: `no answer within ${seconds} s` });
			ending.abort();
		}, seconds * 1000);
	});
	try {
		signal?.throwIfAborted();
		return await Promise.race([gathering(gather, ending.signal), late]);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', stop);
		signal?.throwIfAborted();
	}
}

async function gathering<T>(gather: (signal: AbortSignal) => T | Promise<T>, signal: AbortSignal): Promise<Look<T>> {
	try {
		return { seen: await gather(signal) };
	} catch (error) {
		return { unseen: error instanceof Error ? error.message : String(error) };
	}
}

/** What was seen, if anything was. */
export function seenOf<T>(look: Look<T>): T | undefined {
	return 'seen' in look ? look.seen : undefined;
}

/** The findings of a group, or the one that says that nothing could be seen. */
export function judged<T>(group: Group, look: Look<T>, judge: (seen: T) => readonly Finding[]): readonly Finding[] {
	if ('seen' in look) return judge(look.seen);
	return [
		{
			id: `${group}.examined`,
			state: 'warning',
			found: `${GROUP_NAMES[group]} could not be examined`,
			means: 'whether a build works is not known as far as this is concerned',
			details: [look.unseen],
		},
	];
}

const GROUP_NAMES: Readonly<Record<Group, string>> = {
	system: 'the system',
	node: 'Node',
	manifest: 'the manifest',
	lock: 'cpybuild.lock',
	programs: 'the programs that a build calls',
	toolchain: 'the toolchains',
	component: 'what makes components',
	container: 'the container engine',
	disk: 'the disks',
	cache: 'the cache',
	network: 'the network',
};
