/** What a client shows and expects in TLS. */
export interface Tls {
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
	/** Whether the server has to prove who it is. */
	readonly verify: boolean;
}

/** How an engine is reached. */
export type Way =
	| { readonly kind: 'unix'; readonly path: string }
	| { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: Tls }
	| {
			readonly kind: 'ssh';
			readonly host: string;
			readonly user?: string;
			readonly port?: number;
			/** The socket on the other machine, when it is not the one that its `docker` uses. */
			readonly path?: string;
	  };

/** Where an engine is, and who says so. */
export interface Endpoint {
	readonly way: Way;
	/** The address as people write it, for messages: `unix:///var/run/docker.sock`. */
	readonly url: string;
	/** What it was taken from, for messages: `DOCKER_HOST`, `the Docker context "build"`, `its usual place`. */
	readonly origin: string;
}
