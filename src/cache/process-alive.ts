import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Whether a process of this machine still runs; a number that names none counts as ended. */
export function isProcessAlive(pid: number): boolean {
	if (!Number.isInteger(pid) || pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * Names what a process number means something in: the host, and on Linux the namespace of numbers, since containers
 * may have their host's name and do not see each other's processes.
 */
export function processSpace(): string {
	try {
		return `${hostname()}.${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`;
	} catch {
		return hostname();
	}
}
