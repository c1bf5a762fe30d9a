import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.js';
import type { EndpointFiles, Environment } from './environment.js';

/** What cpybuild reads of the configuration of docker's own client (docker/cli, cli/config/configfile). */
export interface DockerConfig {
	/** The folder of the configuration, and of contexts. */
	readonly folder: string;
	readonly path: string;
	readonly currentContext?: string;
	/** Logins by registry; `auth` is user and password in base 64. */
	readonly auths?: Readonly<Record<string, StoredLogin>>;
	/** The program that keeps all logins, without its prefix `docker-credential-`. */
	readonly credsStore?: string;
	/** Programs that keep logins of some registries. */
	readonly credHelpers?: Readonly<Record<string, string>>;
}

/** A login as the configuration keeps it. */
export interface StoredLogin {
	readonly auth?: string;
	readonly identitytoken?: string;
}

/** Where docker's own client keeps its configuration. */
export function dockerFolder({ DOCKER_CONFIG }: Environment, { home }: EndpointFiles): string {
	return DOCKER_CONFIG || join(home, '.docker');
}

/**
 * Reads the configuration; one that is not there says nothing.
 * @throws CpybuildError `toolchain/engine-settings` when it cannot be read.
 */
export function readDockerConfig(environment: Environment, files: EndpointFiles): DockerConfig {
	const folder = dockerFolder(environment, files);
	const path = join(folder, 'config.json');
	try {
		return { ...JSON.parse(files.read(path) ?? '{}'), folder, path };
	} catch (error) {
		fail({
			code: 'toolchain/engine-settings',
			message: `"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is not valid JSON'}`,
			hint: 'correct the file, name the engine with DOCKER_HOST, or another folder with DOCKER_CONFIG',
		});
	}
}
