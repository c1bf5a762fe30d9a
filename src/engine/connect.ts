import http from 'node:http';
import https from 'node:https';
import type Dockerode from 'dockerode';
import type { Endpoint, Way } from './endpoint.js';
import { sshAgent } from './ssh.js';

/** The client library, with connections that are kept. */
export interface Connection {
	readonly api: Dockerode;
	close(): void;
}

/** Prepares the client library for an endpoint; nothing is asked yet. */
export async function connect({ way }: Endpoint, apiVersion?: string): Promise<Connection> {
	const { default: Client } = await import('dockerode');
	const version = apiVersion === undefined ? {} : { version: `v${apiVersion}` };
	const agent = agentOf(way);
	// The declared options lack the agent.
	const options = { ...addressOf(way), ...version, agent };
	return { api: withoutDockerHost(() => new Client(options)), close: () => agent.destroy() };
}

function agentOf(way: Way): http.Agent {
	if (way.kind === 'ssh') return sshAgent(way);
	if (way.kind === 'unix' || !way.tls) return new http.Agent({ keepAlive: true });
	const { verify, ...credentials } = way.tls;
	return new https.Agent({ keepAlive: true, ...credentials, rejectUnauthorized: verify });
}

function addressOf(way: Way) {
	if (way.kind === 'unix') return { protocol: 'http', socketPath: way.path } as const;
	// The name is only told to the engine: the connection is made by the agent.
	if (way.kind === 'ssh') return { protocol: 'http', host: 'docker', port: 80 } as const;
	return { protocol: way.tls ? 'https' : 'http', host: way.host, port: way.port } as const;
}

/** The library looks at this variable too, and at files that belong to it; what it says is settled already. */
function withoutDockerHost<T>(make: () => T): T {
	const { DOCKER_HOST } = process.env;
	delete process.env.DOCKER_HOST;
	try {
		return make();
	} finally {
		if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
	}
}
