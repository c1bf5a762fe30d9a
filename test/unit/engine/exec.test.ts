import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import type { Container } from '../../../src/engine/containers.js';
import { openEngine } from '../../../src/engine/engine.js';
import { execute } from '../../../src/engine/exec.js';
import { DOCKER, engineThatIs, unixEndpoint } from './fake-engine.js';

const frame = (stream: 1 | 2, text: string) =>
	Buffer.concat([Buffer.of(stream, 0, 0, 0, 0, 0, 0, text.length), Buffer.from(text)]);

/** What an engine says of a command, as often as it is asked; the last answer holds. */
type Answers = readonly { readonly Running: boolean; readonly ExitCode: number | null }[];

/** Runs a command on an engine that never ends its output. */
async function executeForever(
	answers: Answers,
	whenAsked: (times: number, output: Duplex) => void = () => {},
	errors: readonly string[] = ['cpybuild 7\n'],
) {
	const folder = mkdtempSync(join(tmpdir(), 'engine-'));
	const path = join(folder, 'docker.sock');
	let asked = 0;
	let output: Duplex | undefined;
	const answer = engineThatIs(DOCKER, (request, response) => {
		const isQuestion = request.method === 'GET';
		const body = isQuestion ? (answers[asked] ?? answers.at(-1)) : { Id: 'e' };
		if (isQuestion && output) whenAsked(++asked, output);
		response.statusCode = isQuestion ? 200 : 201;
		response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
	});
	const server = createServer(answer).on('upgrade', (_, socket: Duplex) => {
		output = socket;
		socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
		for (const part of errors) socket.write(frame(2, part));
		socket.write(frame(1, 'one '));
	});
	await new Promise<void>((resolve) => server.listen(path, resolve));
	const engine = await openEngine(unixEndpoint(path));
	let stdout = '';
	let stderr = '';
	try {
		const onStdout = (bytes: Uint8Array) => {
			stdout += Buffer.from(bytes).toString();
		};
		const onStderr = (bytes: Uint8Array) => {
			stderr += Buffer.from(bytes).toString();
		};
		const container = { id: 'c', engine } as Container;
		const result = await execute(container, { argv: ['x'], cwd: '/', env: {} }, { onStdout, onStderr }, 10);
		return { result, stdout, stderr };
	} finally {
		engine.close();
		server.closeAllConnections();
		output?.destroy();
		server.close();
		rmSync(folder, { recursive: true });
	}
}

test('a command whose output the engine never ends is over when the engine has said so twice', async () => {
	expect(await executeForever([{ Running: false, ExitCode: 3 }])).toEqual({
		result: { kind: 'ended', exitCode: 3 },
		stdout: 'one ',
		stderr: '',
	});
});

test('a silent command that runs is waited for, and its last words are not lost', async () => {
	const running = { Running: true, ExitCode: null };
	const over = { Running: false, ExitCode: 0 };
	const speak = (times: number, output: Duplex) => {
		if (times === 3) output.write(frame(1, 'two'));
	};
	expect(await executeForever([running, running, over], speak)).toEqual({
		result: { kind: 'ended', exitCode: 0 },
		stdout: 'one two',
		stderr: '',
	});
});

test('what the engine says before the command has begun is no announcement, and is passed on', async () => {
	const over = [{ Running: false, ExitCode: 2 }];
	const errors = ['write pipe: broken', ' pipecpybu', 'ild 7\nits own', ' words\ncpybuild 8\n'];
	expect(await executeForever(over, undefined, errors)).toMatchObject({
		result: { kind: 'ended', exitCode: 2 },
		stderr: 'write pipe: broken pipeits own words\ncpybuild 8\n',
	});
	await expect(executeForever(over, undefined, ['no such folder\n'])).rejects.toThrow(
		'toolchain/engine-refused: the container engine at ',
	);
});
