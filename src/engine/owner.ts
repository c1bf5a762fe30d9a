import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isProcessAlive, processSpace } from '../cache/process-alive.js';

/** The process that a container belongs to. */
export interface Owner {
	/** Names the machine, since its last start, and the processes that can see each other there. */
	readonly space: string;
	readonly pid: number;
	/** When the process began, as far as the system tells: numbers of processes are used again. */
	readonly started: string;
}

/** The label that says whose a container is. */
export const OWNER_LABEL = 'cpybuild.owner';

/** This process. */
export function ownOwner(): Owner {
	return { space: ownSpace(), pid: process.pid, started: startOf(process.pid) };
}

/** An owner as the text of a label. */
export function ownerLabel({ space, pid, started }: Owner): string {
	return [space, pid, started].join('/');
}

/** What is known of a labelled container. */
export interface Labelled {
	readonly label: string;
	/** The engine's word for what it is doing: `created`, `running`, `exited` … */
	readonly state: string;
}

/**
 * Whether nobody will come back for a container: its process has ended. What belongs to another machine counts only
 * when it has ended itself, since nobody here can tell whether its owner has.
 */
export function isAbandoned({ label, state }: Labelled): boolean {
	const [space = '', pid = '', started = ''] = label.split('/');
	if (space !== ownSpace()) return state === 'exited' || state === 'dead';
	return !isProcessAlive(Number(pid)) || startOf(Number(pid)) !== started;
}

function ownSpace(): string {
	const facts = [processSpace(), readIfThere('/etc/machine-id'), readIfThere('/proc/sys/kernel/random/boot_id')];
	return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 16);
}

/** The time since the machine's start at which a process began, on Linux; see proc(5). */
function startOf(pid: number): string {
	const stat = readIfThere(`/proc/${pid}/stat`);
	// The name of the program is in brackets, and may have some of its own.
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readIfThere(path: string): string {
	try {
		return readFileSync(path, 'utf8').trim();
	} catch {
		return '';
	}
}
