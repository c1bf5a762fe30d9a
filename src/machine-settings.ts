import { fail } from './diagnostics/diagnostic.js';
import { type ImageChoice, imageName } from './manifest/image-name.js';
import type { MachineChoice, Manifest } from './manifest/manifest.js';

/** What a caller and the environment say about where commands run; what they leave open, the manifest says. */
export interface MachineSettings {
	readonly machine: MachineChoice | undefined;
	readonly container: ImageChoice | undefined;
	/** What containers run on, as locks have it: `linux-x64`. */
	readonly containerPlatform: string;
}

/** What a caller says about where commands run; it goes before the environment. An empty image is none. */
export interface MachineOptions {
	readonly machine?: MachineChoice;
	readonly image?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads where commands run. Who names an image on the command line wants a container; the one of the environment is for
 * builds that want a container anyway. Empty variables count as missing.
 */
export function readMachineSettings(options: MachineOptions, environment: Environment): MachineSettings {
	const { machine, image = '' } = options;
	return {
		machine: machine ?? (image === '' ? readMachine(environment.CPYBUILD_MACHINE) : 'container'),
		container: readImage('--image', image) ?? readImage('CPYBUILD_IMAGE', environment.CPYBUILD_IMAGE ?? ''),
		containerPlatform: readPlatform(environment.CPYBUILD_CONTAINER_PLATFORM),
	};
}

/** The image in whose container a build's commands run; none for a build on this machine. */
export function chosenImage(settings: MachineSettings, { build }: Manifest): ImageChoice | undefined {
	if ((settings.machine ?? build.machine) === 'native') return undefined;
	return settings.container ?? build.container;
}

function readMachine(text: string | undefined): MachineChoice | undefined {
	if (text === undefined || text === '') return undefined;
	if (text === 'native' || text === 'container') return text;
	return fail({
		code: 'usage/bad-value',
		message: `CPYBUILD_MACHINE is "native" or "container", got "${text}"`,
	});
}

function readImage(subject: string, text: string): ImageChoice | undefined {
	if (text === '') return undefined;
	const name = imageName(text);
	if (name !== undefined) return { kind: 'image', name };
	return fail({
		code: 'usage/bad-value',
		message: `${subject} takes the name of an image, got "${text}"`,
		hint: 'for example cpybuild-devcontainer:debian, or registry.example.com/team/wasi@sha256:… with 64 hex digits',
	});
}

/** Locks are read before any engine is asked, so an engine of another processor than this one has to be announced. */
function readPlatform(text: string | undefined): string {
	if (text === undefined || text === '') return `linux-${process.arch}`;
	if (/^linux-(x64|arm64|riscv64|ppc64|s390x)$/.test(text)) return text;
	return fail({
		code: 'usage/bad-value',
		message: `CPYBUILD_CONTAINER_PLATFORM is for example "linux-x64" or "linux-arm64", got "${text}"`,
	});
}
