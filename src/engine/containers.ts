import type { Duplex, Readable } from 'node:stream';
import { fail } from '../diagnostics/diagnostic.js';
import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';
import { isAbandoned, OWNER_LABEL, ownerLabel, ownOwner } from './owner.js';

/** What a container is made of. */
export interface ContainerSettings {
	/** Name or id of an image that the engine has. */
	readonly image: string;
	/** Who commands run as: not root. */
	readonly user: { readonly uid: number; readonly gid: number };
}

/** A container that runs; to be removed. It ends by itself when the process that opened it does. */
export interface Container {
	readonly engine: Engine;
	readonly id: string;
	readonly lifeline: Duplex;
}

/**
 * Makes a container and starts it. It has no network, no capabilities and no root, and waits for commands.
 *
 * Its own program reads what nobody sends. The engine ends that input when the connection that gives it does, whatever
 * has ended the process behind it: then the program, the container and all in it end, and the engine removes it.
 */
export async function openContainer(
	engine: Engine,
	{ image, user }: ContainerSettings,
	signal?: AbortSignal,
): Promise<Container> {
	const { api, endpoint } = engine;
	// Not to be left alone before its end is known: then nobody would know of the container.
	const made = await ask(endpoint, undefined, () =>
		api.createContainer({
			Image: image,
			Entrypoint: [],
			Cmd: ['cat'],
			User: `${user.uid}:${user.gid}`,
			Labels: { [OWNER_LABEL]: ownerLabel(ownOwner()) },
			AttachStdin: true,
			OpenStdin: true,
			StdinOnce: true,
			NetworkDisabled: true,
			HostConfig: {
				AutoRemove: true,
				Init: true,
				NetworkMode: 'none',
				CapDrop: ['ALL'],
				SecurityOpt: ['no-new-privileges'],
				LogConfig: { Type: 'none', Config: {} },
			},
		}),
	);
	try {
		const lifeline = await ask(endpoint, signal, () => made.attach({ stream: true, stdin: true, hijack: true }));
		await ask(endpoint, signal, () => made.start());
		return { engine, id: made.id, lifeline: lifeline as Duplex };
	} catch (error) {
		await removeById(engine, made.id);
		throw error;
	}
}

/** Unpacks a tar stream below a folder of the container, which has to exist; owners are those of the archive. */
export async function putArchive(
	{ engine, id }: Container,
	folder: string,
	tar: Readable,
	signal?: AbortSignal,
): Promise<void> {
	await ask(engine.endpoint, signal, () =>
		engine.api.getContainer(id).putArchive(tar, { path: folder, noOverwriteDirNonDir: 'true' }),
	);
}

/**
 * Packs a file or folder of the container; names begin with the last part of its path.
 * @throws CpybuildError `build/…` when there is no such file.
 */
export async function getArchive({ engine, id }: Container, path: string, signal?: AbortSignal): Promise<Readable> {
	const stream = await ask(engine.endpoint, signal, () => engine.api.getContainer(id).getArchive({ path }));
	return stream as Readable;
}

/** Removes a container with everything in it, whatever it is doing; one that is gone is fine. */
export async function removeContainer({ engine, id, lifeline }: Container): Promise<void> {
	lifeline.destroy();
	await removeById(engine, id);
}

/** Removes the containers that killed processes left; tells how many. */
export async function reap(engine: Engine, signal?: AbortSignal): Promise<number> {
	const all = await ask(engine.endpoint, signal, () =>
		engine.api.listContainers({ all: true, filters: { label: [OWNER_LABEL] } }),
	);
	const abandoned = all.filter(({ Labels, State }) => isAbandoned({ label: Labels[OWNER_LABEL] ?? '', state: State }));
	for (const { Id } of abandoned) await removeById(engine, Id);
	return abandoned.length;
}

async function removeById({ api, endpoint }: Engine, id: string): Promise<void> {
	try {
		await api.getContainer(id).remove({ force: true, v: true });
	} catch (error) {
		const status = refusalOf(error)?.status;
		// Gone, or on its way.
		if (status === 404 || status === 409) return;
		await ask(endpoint, undefined, () => Promise.reject(error));
	}
}

/** Says that a container ended while it was needed. */
export function containerEnded(): never {
	fail({
		code: 'toolchain/container-ended',
		message: 'the container ended in the middle of the build',
		hint: 'somebody removed it, the engine stopped, or its machine ran out of memory; run the build again',
	});
}
