import type { Engine } from '../../engine/engine.js';
import { buildImage, findImage, type Image, pullImage, removeUnnamed } from '../../engine/images.js';
import { devcontainerImage } from './devcontainer-image.js';
import { notHere, otherEngine, otherImage, tellingWays } from './image-problems.js';
import type { ImageRecord } from './image-record.js';

/** The image that a build asks for. */
export interface ImageWish {
	/** `image`: used as it is; `base`: the devcontainer is built on it. */
	readonly kind: 'image' | 'base';
	/** With its tag or digest. */
	readonly name: string;
	/** What containers are to run on: `linux-x64`. */
	readonly platform: string;
	readonly offline: boolean;
	/** Whether the registry is asked for the tag anew, whatever is here and was recorded. */
	readonly renew: boolean;
}

/** An image that the engine has. */
export interface EnsuredImage {
	readonly image: Image;
	/** Of the image that was asked for: of the base, where the devcontainer was built on one. */
	readonly record: ImageRecord;
}

/** Who follows what is done. */
export interface ImageEvents {
	/** Receives what is done, and what the engine says of it. */
	readonly onLine: (line: string) => void;
	/** Receives how many bytes of an image have arrived, of those that are known by now. */
	readonly onProgress: (done: number, total: number) => void;
	readonly signal?: AbortSignal | undefined;
}

/** What an engine does with images. */
export interface ImageCalls {
	readonly find: typeof findImage;
	readonly pull: typeof pullImage;
	readonly build: typeof buildImage;
	readonly remove: typeof removeUnnamed;
}

const OWN_CALLS: ImageCalls = { find: findImage, pull: pullImage, build: buildImage, remove: removeUnnamed };

/**
 * Sees to it that an engine has the image of a build. What was recorded with a digest is the one that is used; without a
 * record the image that is there, else the one that its registry has under the tag.
 * @param recorded What the lock has for the name.
 * @throws CpybuildError `toolchain/image-…`, `toolchain/engine-platform`.
 */
export async function ensureImage(
	engine: Engine,
	wish: ImageWish,
	recorded: ImageRecord | undefined,
	events: ImageEvents,
	calls = OWN_CALLS,
): Promise<EnsuredImage> {
	if (platformOf(engine) !== wish.platform) otherEngine(engine, platformOf(engine), wish.platform);
	const ensured = await ensureNamed(engine, wish, recorded, events, calls);
	if (platformOf(ensured.image) !== platformOf(engine)) {
		otherImage(wish.name, platformOf(ensured.image), platformOf(engine));
	}
	if (wish.kind === 'image') return ensured;
	return { ...ensured, image: await ensureDevcontainer(engine, wish, ensured, events, calls) };
}

async function ensureNamed(
	engine: Engine,
	{ name, offline, renew }: ImageWish,
	recorded: ImageRecord | undefined,
	events: ImageEvents,
	{ find, pull }: ImageCalls,
): Promise<EnsuredImage> {
	const { signal } = events;
	const known = renew ? undefined : recorded;
	const pinned = digestIn(name) ?? (known && 'digest' in known ? known.digest : undefined);
	const wanted = pinned === undefined ? name : `${repositoryOf(name)}@${pinned}`;
	const findOwn = async () => {
		const found = await find(engine, name, signal);
		return found && givenDigest(engine, found, name) === undefined ? found : undefined;
	};
	// What the user made or loaded under the name goes before a registry, which may have something else under it.
	const here = renew && pinned === undefined && !offline ? undefined : await find(engine, wanted, signal);
	const image = here ?? (wanted === name && !renew ? undefined : await findOwn());
	if (image) {
		const record = pinned === undefined ? known : { digest: pinned };
		return { image, record: record ?? recordOf(engine, image, name) };
	}
	if (offline) notHere(engine, wanted, 'offline');
	if (known && 'id' in known) notHere(engine, wanted, 'local');
	events.onLine(`pulling the image ${wanted}`);
	const onProgress = ({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }) =>
		events.onProgress(bytes, totalBytes);
	const pulled = await tellingWays(() => pull(engine, wanted, { onProgress, signal }));
	const digest = pinned ?? digestsOf(pulled, name)[0];
	return { image: pulled, record: digest === undefined ? { id: pulled.id } : { digest } };
}

/** The devcontainer on a base, built once for each base and each Dockerfile. */
async function ensureDevcontainer(
	engine: Engine,
	{ name, offline }: ImageWish,
	{ image: base }: EnsuredImage,
	events: ImageEvents,
	{ find, build, remove }: ImageCalls,
): Promise<Image> {
	const { signal } = events;
	const devcontainer = devcontainerImage(base.id);
	const here = await find(engine, devcontainer.tag, signal);
	if (here) return here;
	events.onLine(`building the image ${devcontainer.tag} on ${name}`);
	let finished: string | undefined;
	const onLine = (line: string) => {
		finished = /^(?: ---|--)> ([0-9a-f]{11,64})$/.exec(line)?.[1] ?? finished;
		events.onLine(line);
	};
	try {
		const files = await devcontainer.build();
		return await tellingWays(() => build(engine, { ...files, offline }, { onLine, signal }));
	} catch (error) {
		// The steps that went well stay on engines with a builder of their own, and nobody would know of them.
		if (finished !== undefined && !base.id.startsWith(`sha256:${finished}`)) {
			await remove(engine, finished).catch(() => {});
		}
		throw error;
	}
}

/** A digest that came with the image, if one did; else what it is called here. */
function recordOf(engine: Engine, image: Image, name: string): ImageRecord {
	const digest = givenDigest(engine, image, name);
	return digest === undefined ? { id: image.id } : { digest };
}

/**
 * The digest by which a registry gave an image. Podman, and a Docker whose ids are digests, have one for images that were
 * only made here, too: there only the name of a registry tells that an image came from one.
 */
function givenDigest({ kind }: Engine, image: Image, name: string): string | undefined {
	const isOfRegistry = /^[^/]+[.:][^/]*\//.test(name);
	return digestsOf(image, name).find((digest) => isOfRegistry || (kind === 'docker' && digest !== image.id));
}

/** The digests of an image under its own name; `localhost/` is where Podman keeps those without a registry. */
function digestsOf({ digests }: Image, name: string): readonly string[] {
	const repository = shortened(repositoryOf(name));
	return digests.flatMap((one) => {
		const digest = digestIn(one);
		return digest !== undefined && shortened(repositoryOf(one)) === repository ? [digest] : [];
	});
}

/** `sha256:…` of `name@sha256:…`. */
function digestIn(name: string): string | undefined {
	return name.split('@')[1];
}

/** A name without tag and digest; a port belongs to a registry, and stands before a slash. */
function repositoryOf(name: string): string {
	return name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/** As Docker shows names; Podman shows all of them. */
function shortened(repository: string): string {
	return repository.replace(/^docker\.io\//, '').replace(/^library\//, '');
}

/** Go's names of processors that are others in Node.js. */
const PROCESSORS: Readonly<Record<string, string>> = { amd64: 'x64', '386': 'ia32', ppc64le: 'ppc64' };

function platformOf({ os, architecture }: Pick<Image, 'os' | 'architecture'>): string {
	return `${os}-${PROCESSORS[architecture] ?? architecture}`;
}
