import { fail } from '../diagnostics/diagnostic.js';
import type { Way } from './endpoint.js';

/** An address that was understood. */
interface Address {
	readonly way: Way;
	/** In full, with what was left out. */
	readonly url: string;
}

/** What docker's own client takes for what an address leaves out (docker/cli, opts/hosts.go). */
const DEFAULT_PORT = 2375;
const DEFAULT_HOST = 'localhost';
const DEFAULT_PATH = '/var/run/docker.sock';

/**
 * Reads the address of an engine as docker's own client does (docker/cli, opts/hosts.go; for ssh cli/connhelper/ssh).
 * @param origin Who gives it, for messages.
 * @throws CpybuildError `toolchain/engine-settings`
 */
export function parseAddress(address: string, origin: string): Address {
	const text = address.trim();
	const [, scheme = 'tcp', rest = ''] = /^(?:([^:/]*):\/\/)?(.*)$/s.exec(text) ?? [];
	if (scheme === 'unix') {
		if (rest.includes('://')) wrong(text, origin, 'names two schemes');
		const path = rest === '' ? DEFAULT_PATH : rest;
		return { way: { kind: 'unix', path }, url: `unix://${path}` };
	}
	if (scheme === 'tcp') return tcpAddress(rest, text, origin);
	if (scheme === 'ssh') return sshAddress(text, origin);
	if (scheme === 'npipe') {
		fail({
			code: 'toolchain/engine-settings',
			message: `${origin} names a pipe of Windows, "${text}"`,
			hint: 'cpybuild runs in WSL: switch on the WSL integration of Docker Desktop, and unset this there',
		});
	}
	return wrong(text, origin, `begins with "${scheme}://"`);
}

function tcpAddress(rest: string, text: string, origin: string): Address {
	const url = parseUrl(`http://${rest.replace(/^(?=:|$)/, DEFAULT_HOST)}`);
	if (!url) return wrong(text, origin, 'is not a host with a port');
	if (url.username || url.password || url.search || url.hash) return wrong(text, origin, 'has more than host and port');
	// A prefix of paths works with few servers, and not with the client library.
	if (url.pathname !== '/') return wrong(text, origin, `has the path "${url.pathname}"`);
	// Port 80 is the scheme's own here, so it is told apart from none.
	const port = Number(url.port) || (/:80\/?$/.test(rest) ? 80 : DEFAULT_PORT);
	return {
		way: { kind: 'tcp', host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port },
		url: `tcp://${url.hostname}:${port}`,
	};
}

function sshAddress(text: string, origin: string): Address {
	const url = parseUrl(text);
	if (!url?.hostname) return wrong(text, origin, 'names no host');
	if (url.password) {
		fail({
			code: 'toolchain/engine-settings',
			message: `${origin} has a password in it`,
			hint: 'use a key: passwords in addresses end up in logs',
		});
	}
	if (url.search || url.hash) return wrong(text, origin, 'has more than user, host, port and path');
	const user = decodeURIComponent(url.username);
	const path = url.pathname.replace(/^\/+$/, '');
	return {
		way: {
			kind: 'ssh',
			host: url.hostname,
			...(user !== '' && { user }),
			...(url.port !== '' && { port: Number(url.port) }),
			...(path !== '' && { path: decodeURIComponent(path) }),
		},
		url: text,
	};
}

function parseUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}

function wrong(text: string, origin: string, why: string): never {
	return fail({
		code: 'toolchain/engine-settings',
		message: `${origin} is "${text}", which ${why}`,
		hint: 'write unix:///path/of/socket, tcp://host:port or ssh://user@host',
	});
}
