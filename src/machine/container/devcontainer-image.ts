import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packTar } from 'modern-tar';
import type { ImageBuild } from '../../engine/images.js';
import { packageFolder } from '../../own-files.js';

/** The image of cpybuild's devcontainer on a base. */
export interface DevcontainerImage {
	/** Tells the base and the Dockerfile, so that another one is another image. */
	readonly tag: string;
	/** What it is built with. */
	build(): Promise<ImageBuild>;
}

const DOCKERFILE = 'Dockerfile';

/** What the Dockerfile copies comes with it. */
const FILES = [DOCKERFILE, 'install-missing.sh'];

/** Reads the Dockerfile that editors use, too. */
export function devcontainerImage(baseId: string): DevcontainerImage {
	const files = FILES.map((name) => ({
		name,
		text: readFileSync(join(packageFolder(), 'devcontainer', name), 'utf8'),
	}));
	const hash = createHash('sha256').update(JSON.stringify({ baseId, files })).digest('hex');
	const tag = `cpybuild-devcontainer:${hash.slice(0, 16)}`;
	const build = async () => {
		const entries = files.map(({ name, text }) => {
			const body = Buffer.from(text);
			return { header: { name, size: body.length, mode: 0o644, mtime: new Date(0) }, body };
		});
		return {
			context: Readable.from([Buffer.from(await packTar(entries))]),
			dockerfile: DOCKERFILE,
			tag,
			// By id: the name may mean another image meanwhile.
			args: { BASE: baseId },
		};
	};
	return { tag, build };
}
