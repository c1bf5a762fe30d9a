import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';

/** A registry of images on this machine; engines here pull from it without TLS. */
export interface ImageRegistry {
	/** What names of its images begin with: `localhost:41234`. */
	readonly host: string;
	/** Requests, without those by which engines find out that there is no TLS. */
	readonly requests: readonly string[];
	/** Gives a tag to an image with one file; returns the digest. */
	put(name: string, tag: string, text: string, architecture: string): Promise<string>;
	close(): Promise<void>;
}

interface Blob {
	readonly type: string;
	readonly body: Buffer;
}

const TYPES = {
	manifest: 'application/vnd.docker.distribution.manifest.v2+json',
	config: 'application/vnd.docker.container.image.v1+json',
	layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** Starts a registry that can be read: https://distribution.github.io/distribution/spec/api/ */
export async function startImageRegistry(): Promise<ImageRegistry> {
	/** By path: `/v2/wasi/manifests/1`. */
	const blobs = new Map<string, Blob>();
	const requests: string[] = [];
	const server = createServer(({ method = '', url = '' }, response) => {
		if (url !== '/v2/') requests.push(`${method} ${url}`);
		const found = url === '/v2/' ? { type: 'application/json', body: Buffer.from('{}') } : blobs.get(url);
		if (!found)
			return response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
		const { type, body } = found;
		response.writeHead(200, {
			'content-type': type,
			'content-length': body.length,
			'docker-content-digest': digestOf(body),
			'docker-distribution-api-version': 'registry/2.0',
		});
		return response.end(method === 'HEAD' ? undefined : body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const add = (name: string, type: keyof typeof TYPES, body: Buffer) => {
		const place = type === 'manifest' ? 'manifests' : 'blobs';
		blobs.set(`/v2/${name}/${place}/${digestOf(body)}`, { type: TYPES[type], body });
		return { mediaType: TYPES[type], size: body.length, digest: digestOf(body) };
	};
	return {
		host: `localhost:${(server.address() as AddressInfo).port}`,
		requests,
		put: async (name, tag, text, architecture) => {
			const body = Buffer.from(text);
			const tar = Buffer.from(await packTar([{ header: { name: 'text', size: body.length }, body }]));
			const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] };
			const config = { architecture, os: 'linux', config: {}, rootfs, history: [{ created: '2026-01-01T00:00:00Z' }] };
			const manifest = Buffer.from(
				JSON.stringify({
					schemaVersion: 2,
					mediaType: TYPES.manifest,
					config: add(name, 'config', Buffer.from(JSON.stringify(config))),
					layers: [add(name, 'layer', gzipSync(tar))],
				}),
			);
			add(name, 'manifest', manifest);
			blobs.set(`/v2/${name}/manifests/${tag}`, { type: TYPES.manifest, body: manifest });
			return digestOf(manifest);
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function digestOf(bytes: Buffer): string {
	return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
