import { openEngine } from '../../src/engine/engine.js';
import { machineFiles } from '../../src/engine/environment.js';
import { findImage } from '../../src/engine/images.js';
import { resolveEndpoint } from '../../src/engine/resolve-endpoint.js';
import { type ContainerMachine, type ContainerOptions, containerMachine } from '../../src/machine/container.js';
import type { Machine } from '../../src/machine/machine.js';
import { nativeMachine } from '../../src/machine/native.js';
import { BASE_IMAGE, dockerHostWithBase } from '../helpers/docker-engine.js';
import { startPodman } from '../helpers/podman-engine.js';

/** A machine in use. */
export interface Open {
	readonly machine: Machine;
	readonly close: () => Promise<void>;
}

/** A machine in a container of the tests' image, at the address of an engine. */
export function testContainer(host: string, options: Partial<ContainerOptions> = {}): ContainerMachine {
	return containerMachine({
		openEngine: (signal) => openEngine(resolveEndpoint({ DOCKER_HOST: host }, machineFiles()), signal),
		getImage: async (engine, signal) => {
			const image = await findImage(engine, BASE_IMAGE, signal);
			if (!image) throw new Error(`the engine has no ${BASE_IMAGE}`);
			return image;
		},
		...options,
	});
}

async function openNative(): Promise<Open> {
	return { machine: nativeMachine('/usr/local/bin:/usr/bin:/bin'), close: async () => {} };
}

async function openDocker(): Promise<Open> {
	const machine = testContainer(await dockerHostWithBase());
	return { machine, close: machine.close };
}

async function openPodman(): Promise<Open> {
	const { host, stop } = await startPodman();
	const machine = testContainer(host);
	const close = async () => {
		await machine.close();
		await stop();
	};
	return { machine, close };
}

/** Every kind of machine that the contract holds for. */
export const MACHINES = [
	['this machine', openNative],
	['a container of Docker', openDocker],
	['a container of Podman', openPodman],
] as const;
