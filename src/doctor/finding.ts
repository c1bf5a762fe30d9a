/** How bad a finding is. Only an error keeps a build from working. */
export type State = 'ok' | 'note' | 'warning' | 'error';

/** What can be looked at, by the group under which it is shown. The names are stable; docs/doctor.md describes each. */
export const FINDINGS = {
	system: ['platform'],
	node: ['version', 'webassembly'],
	manifest: ['file', 'python'],
	lock: ['file', 'toolchain'],
	programs: ['shell', 'make', 'launcher'],
	toolchain: ['choice', 'embedded', 'wasi-sdk'],
	component: ['jco'],
	container: ['engine', 'image'],
	disk: ['cache', 'temporary', 'output'],
	cache: ['folder', 'file-system', 'entries', 'leftovers', 'size', 'remote'],
	network: ['source', 'debian', 'npm', 'wasi-sdk'],
} as const;

/** A group of findings. */
export type Group = keyof typeof FINDINGS;

/** The stable name of what was looked at: `programs.make`. Of a group that gave no answer in time it is `<group>.examined`. */
export type FindingId = { readonly [G in Group]: `${G}.${(typeof FINDINGS)[G][number] | 'examined'}` }[Group];

/** What `--fix` can do by itself: in cpybuild's own folders, and without the rights of others. */
export type Fix = 'create-cache' | 'drop-damaged' | 'sweep-cache' | 'shrink-cache' | 'install-embedded';

/** One thing that was looked at. */
export interface Finding {
	readonly id: FindingId;
	readonly state: State;
	/** What is there, or is missing. */
	readonly found: string;
	/** What that means for a build; only where it is not `ok`. */
	readonly means?: string;
	/** The command for the user's shell that repairs it, where there is one. */
	readonly repair?: string;
	/** Evidence, line by line. */
	readonly details?: readonly string[];
	/** What `--fix` does about it; absent where it leaves it to the user. */
	readonly fix?: Fix;
}

/** Whether a build would work with these findings. */
export function isReady(findings: readonly Finding[]): boolean {
	return findings.every(({ state }) => state !== 'error');
}
