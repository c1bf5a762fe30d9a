import { CpybuildError, fail } from '../../diagnostics/diagnostic.js';
import type { Engine } from '../../engine/engine.js';

/** Says that the engine runs on another processor than containers are to run on. */
export function otherEngine({ endpoint }: Engine, here: string, wanted: string): never {
	fail({
		code: 'toolchain/engine-platform',
		message: `the container engine at "${endpoint.url}" runs ${here}, and this build is for ${wanted}`,
		hint: here.startsWith('linux-')
			? `set CPYBUILD_CONTAINER_PLATFORM=${here} to build with this engine; what python.wasm does is the same`
			: 'switch the engine to Linux containers',
	});
}

/** Says that an image is made for another processor than the engine's. */
export function otherImage(name: string, image: string, engine: string): never {
	fail({
		code: 'toolchain/image-platform',
		message: `the image "${name}" is made for ${image}, and the container engine runs ${engine}`,
		hint: `remove it there, so that the one for ${engine} is pulled, or take an image that exists for it`,
	});
}

/** Says that an image is not there, and why it is not pulled. */
export function notHere({ endpoint }: Engine, name: string, why: 'offline' | 'local'): never {
	fail({
		code: 'toolchain/image-missing',
		message: `the container engine at "${endpoint.url}" does not have the image "${name}"`,
		hint:
			why === 'offline'
				? 'build once without --offline, which pulls it, or load it there ("docker load")'
				: 'cpybuild.lock records one that no registry gave: make it there or load it ("docker load"); or take what a registry has under this name: "cpybuild upgrade"',
	});
}

const LOADED =
	'without a registry: load the image where the engine runs ("docker load"), or take one of Debian packages; see docs/devcontainer.md';

/** What a failure of the engine cannot know: that there are other ways to an image. */
const OTHER_WAYS: Readonly<Record<string, string>> = {
	'toolchain/image-missing': LOADED,
	'toolchain/image-pull-failed': LOADED,
	'toolchain/image-build-failed':
		'a base is Debian 13 or newer, or has a WASI-SDK below /opt; what it lacks is installed, which needs a network; an image that has everything is used as it is: "image" instead of "base"',
};

/** Pulls or builds an image; problems of that get a note on other ways to one. */
export async function tellingWays<T>(use: () => Promise<T>): Promise<T> {
	try {
		return await use();
	} catch (error) {
		if (!(error instanceof CpybuildError && error.diagnostics.some(({ code }) => code in OTHER_WAYS))) throw error;
		const diagnostics = error.diagnostics.map((one) => {
			const message = OTHER_WAYS[one.code];
			return message === undefined ? one : { ...one, notes: [...(one.notes ?? []), { message }] };
		});
		throw new CpybuildError(diagnostics, { cause: error });
	}
}
