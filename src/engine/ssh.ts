import { spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex } from 'node:stream';
import type { Way } from './endpoint.js';

type SshWay = Extract<Way, { readonly kind: 'ssh' }>;

/**
 * The command line that connects its input and output with the engine of another machine, as docker's own client has it:
 * so the user's ssh configuration, agent and known hosts hold. (docker/cli, cli/connhelper)
 */
export function sshCommand({ host, user, port, path }: SshWay): readonly string[] {
	return [
		'ssh',
		...(user === undefined ? [] : ['-l', user]),
		...(port === undefined ? [] : ['-p', String(port)]),
		...['-o', 'ConnectTimeout=30', '-T', '--', host],
		// The other side gives this to a shell.
		...(path === undefined ? ['docker'] : ['docker', `'--host=unix://${path.replaceAll("'", "'\\''")}'`]),
		...['system', 'dial-stdio'],
	];
}

/** Makes a connection of each `ssh` that it starts. */
export function sshAgent(way: SshWay): http.Agent {
	const agent = new http.Agent({ keepAlive: true });
	return Object.assign(agent, { createConnection: () => sshConnection(way) });
}

function sshConnection(way: SshWay): Duplex {
	const [program = 'ssh', ...args] = sshCommand(way);
	const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
	return Duplex.from({ readable: child.stdout, writable: child.stdin });
}
