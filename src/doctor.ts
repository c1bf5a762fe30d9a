import { layoutOf } from './cache/layout.js';
import { CPYTHON_PINS } from './cpython/pins.js';
import { type AskedRemote, askRemote } from './doctor/ask-remote.js';
import { type CacheFacts, judgeCache, judgeRemote } from './doctor/cache.js';
import { examineCache } from './doctor/cache-facts.js';
import { examineJco, type JcoFacts, judgeJco } from './doctor/component.js';
import { type ContainerFacts, examineEngine, imageOf, judgeContainer } from './doctor/container.js';
import { judgeRoom, measureRoom, type Room } from './doctor/disk.js';
import { type Finding, isReady } from './doctor/finding.js';
import { applyFixes, type Fixed } from './doctor/fix.js';
import { judged, type Look, look, seenOf } from './doctor/look.js';
import { askForRelease, askNetwork, judgeNetwork, type NetworkFacts, type Server } from './doctor/network.js';
import { judgeNode, readNode } from './doctor/node.js';
import { findInstaller, type Installer, UNKNOWN_INSTALLER } from './doctor/packages.js';
import { findPrograms, judgePrograms } from './doctor/programs.js';
import { judgeLock, judgeManifest, type ProjectFacts, readProject } from './doctor/project.js';
import { shellWord } from './doctor/shell-word.js';
import { examineToolchains } from './doctor/survey.js';
import { judgeSystem, readSystem } from './doctor/system.js';
import { judgeToolchains, type ToolchainFacts, takenOf } from './doctor/toolchain.js';
import { ALL_WORK, findWork, type Work } from './doctor/work.js';
import { nativeMachine } from './machine/native.js';
import { type SettledOptions, settleOptions } from './settle.js';
import { isPortable } from './toolchain/identity.js';

/** What a machine was found to have and to lack. */
export interface Examination {
	/** The manifest as the user named it. */
	readonly manifest: string;
	/** Whether a build would work: there is no finding whose state is `error`. */
	readonly ready: boolean;
	/** Group by group; what was repaired is as it is now. */
	readonly findings: readonly Finding[];
	/** What was repaired, or was tried to be. */
	readonly fixed: readonly Fixed[];
}

/** Says whether a machine can build a manifest, and what it lacks. Without `fix` everything stays as it is. */
export async function examineMachine(
	options: SettledOptions,
	{ fix }: { readonly fix: boolean },
): Promise<Examination> {
	const { manifestName: manifest } = options;
	const before = await examineOnce(options);
	const fixed = fix ? await applyFixes(before, options) : [];
	const findings = fixed.length > 0 ? await examineOnce(options) : before;
	return { manifest, ready: isReady(findings), findings, fixed };
}

/** Everything that is known of a machine before it is judged. */
interface Facts {
	readonly project: Look<ProjectFacts>;
	readonly installer: Installer;
	readonly rooms: Look<readonly Room[]>;
	readonly cache: Look<CacheFacts>;
	readonly remote: Look<AskedRemote | undefined>;
	readonly toolchains: Look<ToolchainFacts>;
	readonly component: JcoFacts | undefined;
	readonly container: Look<ContainerFacts>;
	readonly network: Look<NetworkFacts>;
	/** Where a WASI-SDK would come from, when it has to be fetched. */
	readonly sdk: Look<Server> | undefined;
	readonly work: Look<Work>;
}

async function examineOnce(options: SettledOptions): Promise<readonly Finding[]> {
	const system = judgeSystem(readSystem());
	// Where nothing can be built, nobody needs to know what is missing for it.
	if (system.state === 'error') return [system];
	return [system, ...judgeNode(readNode(options.environment)), ...judgeFacts(await gather(options), options)];
}

/** Looks at everything, side by side where one look does not need another. */
async function gather(options: SettledOptions): Promise<Facts> {
	const { signal } = options;
	const machine = nativeMachine(options.path);
	const project = await look(10, () => readProject(options), signal);
	const { manifest, cpython, lock } = seenOf(project) ?? {};
	const [installer, rooms, cache, remote, toolchains, container, network] = await Promise.all([
		look(10, (end) => findInstaller(machine, end), signal),
		look(5, () => measureRoom(options), signal),
		look(30, (end) => examineCache(options, cacheFlag(options), end), signal),
		look(15, (end) => askRemote(options, end), signal),
		look(60, (end) => examineToolchains(options, manifest, machine, end), signal),
		look(15, (end) => examineEngine(options, manifest, end), signal),
		look(20, (end) => askNetwork(options, cpython, machine, end), signal),
	]);
	const { release } = seenOf(toolchains) ?? {};
	const asksForSdk = release?.isAllowed && !release.isKept;
	const sdk = asksForSdk
		? await look(10, (end) => askForRelease(options.wasiSdkMirror, release.url, end), signal)
		: undefined;
	// What an image has is not known before a container is started.
	const here = imageOf(options, manifest) ? undefined : seenOf(toolchains)?.works[0];
	const toolchain = lock?.recorded.toolchain ?? here;
	const layout = layoutOf(options.cacheDir);
	const findIt = async (end: AbortSignal) => {
		const known = seenOf(project);
		if (!known) return ALL_WORK;
		return findWork(options, { project: known, toolchain, layout, remote: seenOf(remote)?.cache, signal: end });
	};
	const work = await look(30, findIt, signal);
	const component = examineJco(manifest, options.manifestName);
	const seen = { project, rooms, cache, remote, toolchains, component, container, network, sdk, work };
	return { ...seen, installer: seenOf(installer) ?? UNKNOWN_INSTALLER };
}

/** Judges what was seen; what could not be seen is a finding too. */
function judgeFacts(facts: Facts, options: SettledOptions): readonly Finding[] {
	const { installer } = facts;
	const project = seenOf(facts.project);
	const work = seenOf(facts.work) ?? ALL_WORK;
	const flag = cacheFlag(options);
	const build = project?.manifest?.build;
	const inContainer = imageOf(options, project?.manifest) !== undefined;
	const launcher = options.launcher ?? build?.launcher ?? 'none';
	const toolchains = seenOf(facts.toolchains);
	const sdk = facts.sdk && seenOf(facts.sdk);
	const taken = toolchains && takenOf(toolchains, project?.lock?.recorded.toolchain);
	const isInProcess = taken !== undefined && isPortable(taken.identity);
	const context = {
		recorded: project?.lock?.recorded.toolchain,
		lockName: options.lockName,
		work,
		installer,
		upgrade: upgradeCommand(options),
	};
	return [
		...judged('manifest', facts.project, judgeManifest),
		...(project ? judgeLock(project) : []),
		// A container has its own.
		...(inContainer ? [] : judgePrograms(findPrograms(options.path, launcher), { work, installer, isInProcess })),
		...(inContainer ? [] : judged('toolchain', facts.toolchains, (seen) => judgeToolchains(seen, context))),
		...judgeJco(facts.component),
		...judged('container', facts.container, (seen) => judgeContainer(seen, installer, work)),
		...judged('disk', facts.rooms, (rooms) => judgeRoom(rooms, work, { bytes: seenOf(facts.cache)?.bytes ?? 0, flag })),
		...judged('cache', facts.cache, (cache) => judgeCache(cache, work)),
		...judged('cache', facts.remote, (remote) => (remote ? judgeRemote(remote.facts) : [])),
		...judged('network', facts.network, (network) =>
			judgeNetwork(sdk ? { ...network, sdk } : network, {
				work,
				offline: options.offline,
				python: project?.manifest?.python.version ?? DEFAULT_PYTHON,
				wantsPackage: toolchains?.embedded.version === undefined && toolchains?.choice !== 'debian',
			}),
		),
	];
}

/** Which CPython a machine without a manifest is asked about. */
const DEFAULT_PYTHON = CPYTHON_PINS[0]?.version ?? '';

/** What tells a command which cache it is: nothing for the one that it takes anyway. */
function cacheFlag({ cacheDir, environment }: SettledOptions): string {
	return cacheDir === settleOptions({}, environment).cacheDir ? '' : ` --cache-dir ${shellWord(cacheDir)}`;
}

function upgradeCommand(options: SettledOptions): string {
	const { manifestName, toolchain, compiler } = options;
	return [
		'cpybuild upgrade',
		...(manifestName === 'project.yaml' ? [] : [shellWord(manifestName)]),
		...(toolchain === undefined ? [] : ['--toolchain', toolchain]),
		...(compiler === 'auto' ? [] : ['--compiler', compiler]),
	].join(' ');
}
