import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePort, takesConnections } from './ports.js';

/** Who may use the registry. */
export const READER = { username: 'me', password: 'secret' };

/** What `htpasswd -Bbn me secret` writes. */
const PASSWORDS = 'me:$2y$05$fK9BiRT8h33W/y/gWkN9eO7CSPDQiW7vQ0xRap8zYVVrxRTXytGjK\n';

/** Starts a registry of images on a port of this machine; engines take those there without TLS. */
export async function startRegistry() {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-registry-'));
	const address = `127.0.0.1:${await freePort()}`;
	const users = join(folder, 'users');
	writeFileSync(users, PASSWORDS);
	const configuration = {
		version: 0.1,
		log: { level: 'error' },
		storage: { filesystem: { rootdirectory: join(folder, 'images') } },
		http: { addr: address },
		auth: { htpasswd: { realm: 'test', path: users } },
	};
	// YAML takes JSON.
	writeFileSync(join(folder, 'config.yml'), JSON.stringify(configuration));
	const server = execa('docker-registry', ['serve', join(folder, 'config.yml')], { all: true, reject: false });
	while (!(await takesConnections(Number(address.split(':')[1])))) {
		if (server.exitCode !== null) throw new Error(`the registry has ended:\n${(await server).all}`);
	}
	const stop = async () => {
		server.kill();
		await server;
		rmSync(folder, { recursive: true });
	};
	return { address, stop };
}
