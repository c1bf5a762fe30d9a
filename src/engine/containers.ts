import type { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';
import { isAbandoned, OWNER_LABEL, ownerLabel, ownOwner } from './owner.js';

/** Of those between two requests to remove a container, each twice the one before: half a minute in all. */
const LONGEST_PAUSE_MS = 16_384;

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
	/** The connection that keeps it running. */
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
	settings: ContainerSettings,
	signal?: AbortSignal,
): Promise<Container> {
	const { endpoint } = engine;
	throwIfInterrupted(signal);
	// Not to be left before it is known how it ended: then nobody would know of the container.
	const made = await create(engine, settings);
	try {
		const attach = { stream: true, stdin: true, hijack: true };
		const lifeline: Duplex = await ask(endpoint, signal, () => made.attach(attach) as Promise<Duplex>);
		// What breaks it ends the container, and shows there.
		lifeline.on('error', () => {}).resume();
		await ask(endpoint, undefined, () => made.start());
		throwIfInterrupted(signal);
		return { engine, id: made.id, lifeline };
	} catch (error) {
		await removeById(engine, made.id);
		throw error;
	}
}

async function create(engine: Engine, settings: ContainerSettings): Promise<Dockerode.Container> {
	const { api, endpoint } = engine;
	return ask(endpoint, undefined, async () => {
		try {
			return await api.createContainer(creation(settings, true));
		} catch (error) {
			const refusal = refusalOf(error);
			if (refusal?.status === 404) missingImage(engine, settings.image);
			// Podman's is a package of its own that not everybody has. Without it ended processes are collected later.
			if (!refusal?.message.includes('container-init binary not found')) throw error;
			return await api.createContainer(creation(settings, false));
		}
	});
}

function creation({ image, user }: ContainerSettings, init: boolean): Dockerode.ContainerCreateOptions {
	return {
		Image: image,
		// Nothing that the image begins by itself.
		Entrypoint: ['cat'],
		Cmd: [],
		Healthcheck: { Test: ['NONE'] },
		User: `${user.uid}:${user.gid}`,
		WorkingDir: '/',
		Labels: { [OWNER_LABEL]: ownerLabel(ownOwner()) },
		AttachStdin: true,
		OpenStdin: true,
		StdinOnce: true,
		NetworkDisabled: true,
		HostConfig: {
			AutoRemove: true,
			Init: init,
			NetworkMode: 'none',
			CapDrop: ['ALL'],
			SecurityOpt: ['no-new-privileges'],
			// Nobody reads what the program does not say.
			LogConfig: { Type: 'none', Config: {} },
		},
	};
}

/**
 * Unpacks a tar stream below a folder of the container, which has to exist; owners are those of the archive.
 * @throws CpybuildError `toolchain/container-full` when there is no room; what the stream fails with.
 */
export async function putArchive(
	container: Container,
	folder: string,
	tar: Readable,
	signal?: AbortSignal,
): Promise<void> {
	const { engine, id } = container;
	const options = { path: folder, noOverwriteDirNonDir: 'true' };
	let broken: Error | undefined;
	tar.once('error', (error) => {
		broken = error;
	});
	try {
		await whileThere(container, () => engine.api.getContainer(id).putArchive(tar, options), signal);
	} catch (error) {
		throw broken ?? error;
	} finally {
		tar.destroy();
	}
}

/** Packs a file or folder of the container; names begin with the last part of its path. */
export async function getArchive(container: Container, path: string, signal?: AbortSignal): Promise<Readable> {
	const { engine, id } = container;
	const stream = await whileThere(container, () => engine.api.getContainer(id).getArchive({ path }), signal);
	return stream as Readable;
}

/** Removes a container with everything in it, whatever it is doing; one that is gone is fine. */
export async function removeContainer({ engine, id, lifeline }: Container): Promise<void> {
	await removeById(engine, id);
	lifeline.destroy();
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

/**
 * Removes a container, and returns when it is gone. Where somebody else is at it, the engine itself when the container
 * has just ended, it is asked again: that removal may fail, and the engine then tells those who wait for it nothing.
 */
async function removeById({ api, endpoint }: Engine, id: string): Promise<void> {
	const remove = async (pauseMs: number): Promise<void> => {
		try {
			await api.getContainer(id).remove({ force: true, v: true });
		} catch (error) {
			const status = refusalOf(error)?.status;
			if (status === 404) return;
			if (status !== 409 || pauseMs > LONGEST_PAUSE_MS) throw error;
			await sleep(pauseMs);
			await remove(pauseMs * 2);
		}
	};
	await ask(endpoint, undefined, () => remove(1));
}

/**
 * Asks for something of a container that has to run.
 * @throws CpybuildError `toolchain/container-ended` when it does not.
 */
export async function whileThere<T>(
	{ engine }: Container,
	request: () => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	return ask(engine.endpoint, signal, async () => {
		try {
			return await request();
		} catch (error) {
			if (saysEnded(error)) containerEnded();
			throw error;
		}
	});
}

/** What Docker and Podman say of containers that are gone or do not run. */
const ENDED =
	/no such container|is not running|no such exec|no exec session|container state improper|removal of container|is being removed/i;

/** Whether an engine refuses because a container has ended; the status alone is that of missing files, too. */
export function saysEnded(error: unknown): boolean {
	return ENDED.test(refusalOf(error)?.message ?? '');
}

/** Says that a container ended while it was needed. */
export function containerEnded(): never {
	fail({
		code: 'toolchain/container-ended',
		message: 'the container ended in the middle of the build',
		hint: 'somebody removed it, the engine stopped, or its machine ran out of memory; run the build again',
	});
}

function missingImage({ endpoint }: Engine, image: string): never {
	fail({
		code: 'toolchain/image-missing',
		message: `the container engine at "${endpoint.url}" has no image "${image}"`,
		hint: 'it was removed meanwhile, or its name is wrong; run the build again',
	});
}
