import { type ChildProcessByStdio, spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { Way } from './endpoint.js';

type SshWay = Extract<Way, { readonly kind: 'ssh' }>;

/** A connection over ssh that ended with an error; `words` are the program's own. */
export class SshFailure extends Error {
	readonly words: readonly string[];

	constructor(message: string, words: readonly string[]) {
		super(message);
		this.words = words;
	}
}

/**
 * The command line that connects its input and output with the engine of another machine, as docker's own client has it:
 * so the user's ssh configuration, agent and known hosts hold. (docker/cli, cli/connhelper)
 */
function sshCommand({ host, user, port, path }: SshWay): readonly string[] {
	return [
		'ssh',
		...(user === undefined ? [] : ['-l', user]),
		...(port === undefined ? [] : ['-p', String(port)]),
		// Nobody could answer questions: the terminal is not theirs.
		...['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T', '--', host],
		'docker',
		...(path === undefined ? [] : [shellWord(`--host=unix://${path}`)]),
		...['system', 'dial-stdio'],
	];
}

/** The other side gives its command to a shell. */
function shellWord(text: string): string {
	return /^[\w/:=.@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Makes each connection of an `ssh` that it starts. */
export function sshAgent(way: SshWay): http.Agent {
	const agent = new http.Agent({ keepAlive: true });
	return Object.assign(agent, { createConnection: () => new SshSocket(sshCommand(way)) });
}

/** What is kept of the program's complaints. */
const MOST_WORDS = 4000;

/** A program's input and output as a connection; when the program fails, so does the connection. */
class SshSocket extends Duplex {
	readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

	constructor([program = '', ...args]: readonly string[]) {
		super();
		const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
		this.#child = child;
		let words = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			words = (words + text).slice(-MOST_WORDS);
		});
		child.stdout.on('data', (chunk: Buffer) => {
			if (!this.push(chunk)) child.stdout.pause();
		});
		// Failures of its input show as the program's end.
		child.stdin.on('error', () => {});
		child.once('error', ({ message }) => this.destroy(new SshFailure(message, [])));
		child.once('close', (code) => {
			const failed = code !== 0 && !this.destroyed;
			if (failed) this.destroy(new SshFailure(`ssh exited with ${code}`, words.trim().split(/\r?\n/)));
			else this.push(null);
		});
	}

	override _read(): void {
		this.#child.stdout.resume();
	}

	override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
		if (this.#child.stdin.write(chunk)) done();
		else this.#child.stdin.once('drain', done);
	}

	override _final(done: () => void): void {
		this.#child.stdin.end();
		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#child.kill();
		done(error);
	}

	// What an agent asks of the sockets that it keeps.
	setKeepAlive(): this {
		return this;
	}

	setNoDelay(): this {
		return this;
	}

	setTimeout(): this {
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}
