import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { BASE_IMAGE, baseImageTar } from './docker-engine.js';
import { answers } from './engine-socket.js';

/** A user that .ci/run makes, since a machine's root may lack what Podman wants root to have. */
const USER = 'cpybuild-podman';

/**
 * Starts Podman's service without root's rights, with `BASE_IMAGE` in it.
 * @param registry The address of a registry without TLS.
 */
export async function startPodman(registry = 'localhost') {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-podman-'));
	const tar = await baseImageTar(folder);
	const asUser = process.getuid?.() === 0 ? ['setpriv', ...identity(), '--init-groups', '--'] : [];
	const env = {
		HOME: folder,
		XDG_RUNTIME_DIR: join(folder, 'run'),
		CONTAINERS_CONF: join(folder, 'containers.conf'),
		CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
		CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
	};
	// crun refuses machines with both versions of control groups.
	writeFileSync(env.CONTAINERS_CONF, '[engine]\nruntime = "runc"\n');
	writeFileSync(env.CONTAINERS_STORAGE_CONF, '[storage]\ndriver = "overlay"\n');
	writeFileSync(env.CONTAINERS_REGISTRIES_CONF, `[[registry]]\nlocation = "${registry}"\ninsecure = true\n`);
	mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
	if (asUser.length > 0) execaSync('chown', ['-R', USER, folder]);
	const [program = 'podman', ...args] = [...asUser, 'podman'];
	await execa(program, [...args, 'import', tar, BASE_IMAGE], { env, cwd: folder });
	const socket = join(folder, 'podman.sock');
	const service = execa(program, [...args, 'system', 'service', '--time=0', `unix://${socket}`], {
		env,
		cwd: folder,
		all: true,
		reject: false,
	});
	while (!(await answers(socket))) {
		if (service.exitCode !== null) throw new Error(`podman has ended:\n${(await service).all}`);
	}
	const stop = async () => {
		service.kill();
		await service;
		const storage = join(folder, '.local/share/containers/storage');
		// Files of containers belong to numbers that only this command can use.
		const mounts = `grep -o '${storage}[^ ]*' /proc/mounts | sort -ru`;
		const remove = `${mounts} | xargs -r umount --lazy; rm -rf ${storage}`;
		await execa(program, [...args, 'unshare', 'sh', '-c', remove], { env, cwd: folder });
		killAll(folder, Number(readFileSync(join(env.XDG_RUNTIME_DIR, 'libpod/tmp/pause.pid'), 'utf8')));
		rmSync(folder, { recursive: true, force: true });
	};
	return { host: `unix://${socket}`, stop };
}

function identity(): readonly string[] {
	return [`--reuid=${USER}`, `--regid=${USER}`];
}

/** Kills what keeps the service's namespaces, and what waits five minutes for somebody to ask how a command ended. */
function killAll(folder: string, pause: number): void {
	const waiting = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`${folder}/`));
	for (const pid of [pause, ...waiting.map(Number)]) process.kill(pid, 'SIGKILL');
}

function commandLine(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}
