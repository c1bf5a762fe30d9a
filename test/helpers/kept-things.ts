import { execa } from 'execa';

/** All that an engine keeps, in sorted words. */
export interface KeptThings {
	readonly containers: readonly string[];
	readonly volumes: readonly string[];
	/** By name: an image that is made anew has another id. Layers of none have no name. */
	readonly images: readonly string[];
}

const docker = async (...args: readonly string[]) =>
	(await execa('docker', args)).stdout
		.split('\n')
		.filter((line) => line !== '')
		.sort();

/** All that the engine of the environment keeps: containers, volumes, and images with all their layers. */
export async function keptThings(): Promise<KeptThings> {
	return {
		containers: await docker('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Image}} {{.State}}'),
		volumes: await docker('volume', 'ls', '--quiet'),
		images: await docker('image', 'ls', '--all', '--format', '{{.Repository}}:{{.Tag}}'),
	};
}

/** What is there that was not. */
export async function newThings(before: KeptThings): Promise<KeptThings> {
	const now = await keptThings();
	const added = (kind: keyof KeptThings) => {
		const old = [...before[kind]];
		return now[kind].filter((one) => {
			const at = old.indexOf(one);
			if (at >= 0) old.splice(at, 1);
			return at < 0;
		});
	};
	return { containers: added('containers'), volumes: added('volumes'), images: added('images') };
}
