import { spawn } from 'node:child_process';
import { fail } from '../diagnostics/diagnostic.js';
import { type DockerConfig, readDockerConfig, type StoredLogin } from './docker-config.js';
import { machineFiles } from './environment.js';

/** What a registry is shown, in the words of the API. */
export type Login =
	| { readonly username: string; readonly password: string; readonly serveraddress: string }
	| { readonly identitytoken: string; readonly serveraddress: string };

/** The name under which logins for Docker's own registry are kept. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The user's login for the registry of an image, by what docker's own client has kept; `undefined` when there is none. */
export async function ownLogin(image: string): Promise<Login | undefined> {
	return findLogin(registryOf(image), readDockerConfig(process.env, machineFiles()), askHelper);
}

/**
 * The registry that an image's name begins with: its first part when it has a dot or a port, else Docker's own
 * (distribution/reference, `splitDockerDomain`).
 */
export function registryOf(image: string): string {
	const [first = '', ...rest] = image.split('/');
	const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
	return isRegistry && first !== 'docker.io' && first !== 'index.docker.io' ? first : DOCKER_HUB;
}

/** Asks a program `docker-credential-…` for what it keeps of a registry: its words, or `undefined` when there is no such program. */
export type AskHelper = (program: string, registry: string) => Promise<HelperAnswer | undefined>;

/** How such a program ended. */
export interface HelperAnswer {
	readonly exitCode: number | null;
	readonly stdout: string;
}

/**
 * Looks a login up as docker's own client does: in the program for the registry, else in the one for all, else in the file
 * itself (docker/cli, cli/config/configfile, `GetCredentialsStore`). Without such a program nobody is logged in.
 * @throws CpybuildError `toolchain/registry-login` when a program fails.
 */
export async function findLogin(
	registry: string,
	{ auths = {}, credsStore, credHelpers = {}, path }: DockerConfig,
	ask: AskHelper,
): Promise<Login | undefined> {
	const helper = credHelpers[registry] ?? credsStore;
	if (!helper) return storedLogin(registry, auths);
	const program = `docker-credential-${helper}`;
	const answer = await ask(program, registry);
	if (!answer || /credentials not found/i.test(answer.stdout)) return undefined;
	return (
		(answer.exitCode === 0 ? helperLogin(registry, answer.stdout) : undefined) ?? helperFailed(program, path, answer)
	);
}

/** A program's answer; a user of this name marks a token (docker/docker-credential-helpers). */
function helperLogin(registry: string, text: string): Login | undefined {
	try {
		const { Username: username, Secret: password } = JSON.parse(text);
		if (typeof username !== 'string' || typeof password !== 'string') return undefined;
		return username === '<token>'
			? { identitytoken: password, serveraddress: registry }
			: { username, password, serveraddress: registry };
	} catch {
		return undefined;
	}
}

/** Names in the file may have a scheme and a path, as they had in old versions. */
function storedLogin(registry: string, auths: Readonly<Record<string, StoredLogin>>): Login | undefined {
	const bare = (name: string) => name.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
	const name = Object.keys(auths).find((one) => one === registry || bare(one) === bare(registry));
	const { auth, identitytoken } = (name !== undefined && auths[name]) || {};
	if (identitytoken) return { identitytoken, serveraddress: registry };
	const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth ?? '', 'base64').toString()) ?? [];
	// Old clients ended the password with zeros.
	if (!username || password === undefined) return undefined;
	return { username, password: password.replace(/\0+$/, ''), serveraddress: registry };
}

function helperFailed(program: string, path: string, { exitCode, stdout }: HelperAnswer): never {
	fail({
		code: 'toolchain/registry-login',
		message: `"${program}", which "${path}" names, tells no login`,
		details: [
			exitCode === 0 ? 'its answer is not what such programs give' : stdout.trim() || `it exited with ${exitCode}`,
		],
		hint: 'log in again with "docker login", or remove the program from that file',
	});
}

const askHelper: AskHelper = (program, registry) =>
	new Promise((resolve) => {
		const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'] });
		let stdout = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stdin.on('error', () => {}).end(registry);
		child.once('error', () => resolve(undefined));
		child.once('close', (exitCode) => resolve({ exitCode, stdout }));
	});
