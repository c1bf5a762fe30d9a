import { release } from 'node:os';
import type { Finding } from './finding.js';

/** Which system this is. */
export interface System {
	/** As Node names it: `linux`. */
	readonly platform: string;
	readonly release: string;
	readonly cpu: string;
}

/** Asks Node which system this is. */
export function readSystem(): System {
	return { platform: process.platform, release: release(), cpu: process.arch };
}

const NAMES: Readonly<Record<string, string>> = {
	linux: 'Linux',
	darwin: 'macOS',
	win32: 'Windows',
	freebsd: 'FreeBSD',
	openbsd: 'OpenBSD',
	sunos: 'SunOS',
	aix: 'AIX',
	android: 'Android',
};

/** Whether cpybuild builds on this system at all. */
export function judgeSystem({ platform, release: version, cpu }: System): Finding {
	// What Node knows of macOS is the version of its kernel, which nobody else calls so.
	const system = [NAMES[platform] ?? platform, ...(platform === 'darwin' ? [] : [version])].join(' ');
	const found = `${system} on ${cpu}`;
	if (platform === 'linux' || platform === 'darwin') return { id: 'system.platform', state: 'ok', found };
	if (platform === 'win32') {
		return {
			id: 'system.platform',
			state: 'error',
			found,
			means: 'cpybuild builds on Linux and macOS; on Windows it runs in WSL, with a Node of its own there',
			repair: 'wsl --install -d Debian',
		};
	}
	return {
		id: 'system.platform',
		state: 'warning',
		found,
		means: 'cpybuild is made for Linux and macOS; nobody has tried this system',
	};
}
