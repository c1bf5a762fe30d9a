import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Endpoint } from '../../src/engine/endpoint.js';
import { openEngine } from '../../src/engine/engine.js';
import { findImage } from '../../src/engine/images.js';
import { type ContainerMachine, type ContainerOptions, containerMachine } from '../../src/machine/container.js';
import type { Machine } from '../../src/machine/machine.js';
import { nativeMachine } from '../../src/machine/native.js';

/** A kind of machine that the contract holds for. */
export interface Kind {
	readonly name: string;
	/** How it is opened; absent where this computer has none. */
	readonly open?: () => Promise<Open>;
}

/** A machine in use. */
export interface Open {
	readonly machine: Machine;
	readonly close: () => Promise<void>;
}

/** An image with the toolchain, make and Node.js: `node scripts/ci/debian-base-image.mjs` makes it. */
const IMAGE = process.env.CPYBUILD_TEST_IMAGE ?? 'cpybuild-debian:trixie';

/** Where the engines of the tests listen. */
const SOCKETS = {
	docker: process.env.CPYBUILD_TEST_DOCKER ?? '/var/run/docker.sock',
	podman: process.env.CPYBUILD_TEST_PODMAN ?? '/run/podman/podman.sock',
};

/** The endpoint of an engine on this computer, if it is there and has the image of the tests. */
export function testEndpoint(engine: keyof typeof SOCKETS): Endpoint | undefined {
	const path = SOCKETS[engine];
	if (!existsSync(path)) return undefined;
	const url = `http://engine/images/${encodeURIComponent(IMAGE)}/json`;
	try {
		execFileSync('curl', ['--fail', '--silent', '--max-time', '20', '--unix-socket', path, url]);
	} catch {
		return undefined;
	}
	return { way: { kind: 'unix', path }, url: `unix://${path}`, origin: 'the tests' };
}

/** A machine in a container of the tests' image. */
export function testContainer(endpoint: Endpoint, options: Partial<ContainerOptions> = {}): ContainerMachine {
	return containerMachine({
		openEngine: (signal) => openEngine(endpoint, signal),
		getImage: async (engine, signal) => {
			const image = await findImage(engine, IMAGE, signal);
			if (!image) throw new Error(`there is no image ${IMAGE}`);
			return image;
		},
		...options,
	});
}

function containers(engine: keyof typeof SOCKETS): Kind {
	const name = `a container of ${engine}`;
	const endpoint = testEndpoint(engine);
	if (!endpoint) return { name };
	const open = async () => {
		const machine = testContainer(endpoint);
		return { machine, close: machine.close };
	};
	return { name, open };
}

/** All kinds of machines. */
export function machines(): readonly Kind[] {
	const native = nativeMachine('/usr/local/bin:/usr/bin:/bin');
	return [
		{ name: 'this machine', open: async () => ({ machine: native, close: async () => {} }) },
		containers('docker'),
		containers('podman'),
	];
}
