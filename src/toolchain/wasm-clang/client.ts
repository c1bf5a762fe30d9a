/**
 * What configure and make call as `CC` and `AR` when clang is a WebAssembly module: loading that takes seconds,
 * so a pool keeps it loaded, and this small program hands it one call over a local socket.
 *
 *     node client.js <tool> <arguments…>
 */
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { SOCKET_VARIABLE, type ToolAnswer } from './protocol.js';

const [tool, ...args] = process.argv.slice(2);
const path = process.env[SOCKET_VARIABLE];
if (!path) {
	process.stderr.write('cpybuild: the pool of the wasm clang is not running\n');
	process.exit(70);
}
const input = args.includes('-') ? readFileSync(0, 'utf8') : '';
const socket = createConnection(path);
const chunks: Buffer[] = [];
socket.on('data', (chunk) => chunks.push(chunk));
socket.on('error', (error) => {
	process.stderr.write(`cpybuild: the pool of the wasm clang does not answer: ${error.message}\n`);
	process.exitCode = 70;
});
socket.on('end', () => {
	const text = Buffer.concat(chunks).toString();
	if (text === '') {
		process.exitCode = 70;
		return;
	}
	const answer: ToolAnswer = JSON.parse(text);
	const rest = answer.output.slice(answer.stdout.length);
	if (answer.output.startsWith(answer.stdout)) {
		process.stdout.write(answer.stdout);
		process.stderr.write(rest);
	} else {
		process.stderr.write(answer.output);
	}
	process.exitCode = answer.exitCode;
});
socket.end(JSON.stringify({ tool, args, cwd: process.cwd(), input }));
