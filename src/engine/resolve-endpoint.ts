import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.js';
import { parseAddress } from './address.js';
import { type DockerConfig, dockerFolder, readDockerConfig } from './docker-config.js';
import type { Endpoint, Tls } from './endpoint.js';
import type { EndpointFiles, Environment } from './environment.js';

/** Where docker's own client looks when nothing is said (docker/cli, opts/hosts.go). */
const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_TLS_HOST = 'tcp://localhost:2376';

/** The context that stands for "no context": variables and usual places (docker/cli, cli/command/context.go). */
const DEFAULT_CONTEXT = 'default';

/**
 * Finds out where the engine is. As in docker's own client (docker/cli, cli/command/cli.go, `resolveContextName`),
 * DOCKER_HOST comes before DOCKER_CONTEXT, and that before the context in `config.json`. Where that client would take
 * its usual socket, other usual places are looked at too.
 * @throws CpybuildError `toolchain/engine-settings`, `toolchain/engine-missing`
 */
export function resolveEndpoint(environment: Environment, files: EndpointFiles): Endpoint {
	const tls = () => tlsOfEnvironment(environment, files);
	const { DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST } = environment;
	if (DOCKER_HOST) return endpointAt(DOCKER_HOST, 'DOCKER_HOST', tls);
	const config = readDockerConfig(environment, files);
	const context = DOCKER_CONTEXT || config.currentContext || DEFAULT_CONTEXT;
	if (context !== DEFAULT_CONTEXT) {
		return contextEndpoint(context, DOCKER_CONTEXT ? 'DOCKER_CONTEXT' : config.path, config, files);
	}
	if (wantsTls(environment)) return endpointAt(DEFAULT_TLS_HOST, 'DOCKER_TLS_VERIFY', tls);
	// Podman's own client knows this one (podman-remote(1)).
	if (CONTAINER_HOST) return endpointAt(CONTAINER_HOST, 'CONTAINER_HOST', () => undefined);
	const places = usualSockets(environment, files.home);
	const path = places.find(files.exists);
	if (path === undefined) noEngine(places);
	return { way: { kind: 'unix', path }, url: `unix://${path}`, origin: 'its usual place' };
}

function endpointAt(address: string, origin: string, tls: () => Tls | undefined): Endpoint {
	const { way, url } = parseAddress(address, origin);
	if (way.kind !== 'tcp') return { way, url, origin };
	const secured = tls();
	return { way: secured ? { ...way, tls: secured } : way, url, origin };
}

/** Sockets of engines in the order in which they are looked for. */
function usualSockets({ XDG_RUNTIME_DIR }: Environment, home: string): readonly string[] {
	return [
		DEFAULT_SOCKET,
		// Docker Desktop without its link at the usual place.
		join(home, '.docker/run/docker.sock'),
		// Rootless Docker (docs.docker.com, "Rootless mode").
		...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
		// Podman (podman-system-service(1)).
		...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'podman/podman.sock')] : []),
		'/run/podman/podman.sock',
	];
}

function noEngine(places: readonly string[]): never {
	fail({
		code: 'toolchain/engine-missing',
		message: 'there is no container engine on this machine',
		details: places.map((path) => `nothing at ${path}`),
		hint: 'start Docker or Podman, name an engine with DOCKER_HOST, or build with --machine native',
	});
}

/** DOCKER_TLS too, though it is in no manual (docker/cli, cli/flags/options.go). */
function wantsTls({ DOCKER_TLS, DOCKER_TLS_VERIFY }: Environment): boolean {
	return Boolean(DOCKER_TLS || DOCKER_TLS_VERIFY);
}

/** Any value of DOCKER_TLS_VERIFY asks for verification, an empty one for none (docker/cli, cli/flags/options.go). */
function tlsOfEnvironment(environment: Environment, files: EndpointFiles): Tls | undefined {
	if (!wantsTls(environment)) return undefined;
	const folder = environment.DOCKER_CERT_PATH || dockerFolder(environment, files);
	const verify = Boolean(environment.DOCKER_TLS_VERIFY);
	const read = (name: string) => readPem(join(folder, name), files);
	const ca = verify ? (read('ca.pem') ?? missingAuthority(join(folder, 'ca.pem'))) : undefined;
	return { ...(ca !== undefined && { ca }), ...keyPair(read('cert.pem'), read('key.pem')), verify };
}

/** A certificate without its key, or the reverse, counts as neither. */
function keyPair(cert: string | undefined, key: string | undefined): Pick<Tls, 'cert' | 'key'> {
	return cert !== undefined && key !== undefined ? { cert, key } : {};
}

function missingAuthority(path: string): never {
	fail({
		code: 'toolchain/engine-settings',
		message: `DOCKER_TLS_VERIFY needs "${path}", which does not exist`,
		hint: 'name the folder of ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH',
	});
}

function readPem(path: string, files: EndpointFiles): string | undefined {
	try {
		return files.read(path);
	} catch (error) {
		fail({
			code: 'toolchain/engine-settings',
			message: `"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`,
			hint: 'it is needed for the connection to the container engine',
		});
	}
}

/**
 * Reads a context: `contexts/meta/ID/meta.json` and `contexts/tls/ID/docker/*.pem`, where ID is the hash of its name
 * (docker/cli, cli/context/store).
 */
function contextEndpoint(name: string, saidBy: string, { folder }: DockerConfig, files: EndpointFiles): Endpoint {
	const id = createHash('sha256').update(name).digest('hex');
	const origin = `the Docker context "${name}"`;
	const { Host: host, SkipTLSVerify: skip = false } = readContext(join(folder, 'contexts/meta', id, 'meta.json'));
	return endpointAt(host, origin, () => {
		const read = (file: string) => readPem(join(folder, 'contexts/tls', id, 'docker', file), files);
		const ca = read('ca.pem');
		const pair = keyPair(read('cert.pem'), read('key.pem'));
		// Nothing said about TLS means none (docker/cli, cli/context/docker/load.go).
		if (ca === undefined && pair.cert === undefined && !skip) return undefined;
		return { ...(ca !== undefined && { ca }), ...pair, verify: !skip };
	});

	function readContext(path: string): { readonly Host: string; readonly SkipTLSVerify?: boolean } {
		const text = readPem(path, files);
		if (text === undefined) {
			fail({
				code: 'toolchain/engine-settings',
				message: `there is no Docker context "${name}", which ${saidBy} names`,
				hint: '"docker context ls" shows all of them',
			});
		}
		const endpoint = dockerPartOf(text);
		if (endpoint) return endpoint;
		return fail({
			code: 'toolchain/engine-settings',
			message: `"${path}" does not say where the engine of the Docker context "${name}" is`,
			hint: `make it again with "docker context rm ${name}" and "docker context create ${name}"`,
		});
	}
}

function dockerPartOf(text: string): { readonly Host: string; readonly SkipTLSVerify?: boolean } | undefined {
	try {
		const endpoint = JSON.parse(text)?.Endpoints?.docker;
		return typeof endpoint?.Host === 'string' ? endpoint : undefined;
	} catch {
		return undefined;
	}
}
