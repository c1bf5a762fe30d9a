/**
 * A process that keeps the wasm clang loaded and answers one call after the other. It is a process of its own,
 * and not a thread, because V8's choice of compiler (`--liftoff-only`) holds for a whole process.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commands, Exit, runLLVM, type Tree } from '@yowasp/clang';
import { HOST_ROOT, virtualCall } from './arguments.js';
import type { ToolAnswer, ToolCall } from './protocol.js';
import { SourceReader } from './sources.js';

const sources = new SourceReader();

async function answer(call: ToolCall): Promise<ToolAnswer> {
	const { args, files, includeFolders, libraryFolders, libraries } = virtualCall(call.tool, call.args, call.cwd);
	const archives = libraries.flatMap((name) => libraryFolders.map((folder) => join(folder, `lib${name}.a`)));
	const given = sources.collect([...files, ...archives.filter((path) => existsSync(path))], includeFolders);
	const tree: Tree = {};
	for (const [path, bytes] of given) plant(tree, HOST_ROOT + path, bytes);
	// Folders of outputs must exist as well.
	plant(tree, `${HOST_ROOT}${call.cwd}/.`, undefined);
	for (const path of files) plant(tree, `${HOST_ROOT}${dirname(path)}/.`, undefined);
	for (const [index, arg] of args.entries()) if (args[index - 1] === '-o') plant(tree, `${dirname(arg)}/.`, undefined);

	const stdout: string[] = [];
	const output: string[] = [];
	const listen = (streams: readonly string[][]) => {
		const decoder = new TextDecoder();
		return (bytes: Uint8Array | null) => {
			const text = bytes ? decoder.decode(bytes, { stream: true }) : '';
			for (const stream of streams) stream.push(text);
		};
	};
	let unread: Uint8Array | null = Buffer.from(call.input);
	const options = {
		stdin: () => {
			const all = unread;
			unread = null;
			return all;
		},
		stdout: listen([stdout, output]),
		stderr: listen([output]),
		decodeASCII: false,
		fetchProgress: () => {},
	};
	const tool = { clang: 'clang', 'wasm-ld': 'wasm-ld', 'llvm-ar': 'ar', 'llvm-ranlib': 'ranlib' }[call.tool];
	// Only a link needs the driver's second process, which the package's own clang command stands in for.
	const alone = call.tool !== 'clang' || ['-c', '-E', '-S', '--version', '-v'].some((flag) => args.includes(flag));
	let exitCode = 0;
	try {
		const result = await (alone ? runLLVM([tool, ...args], tree, options) : commands.clang([...args], tree, options));
		if (result) harvest(result, call.cwd, given);
	} catch (error) {
		if (!(error instanceof Exit)) throw error;
		exitCode = error.code || 1;
	}
	const onMachine = (chunks: readonly string[]) => chunks.join('').replaceAll(`${HOST_ROOT}/`, '/');
	return { id: call.id, exitCode, stdout: onMachine(stdout), output: onMachine(output) };
}

/** Puts a file, or an empty folder for a path that ends in `.`, into the tree. */
function plant(tree: Tree, path: string, bytes: Uint8Array | undefined): void {
	const names = path.split('/').filter((name) => name !== '');
	const last = names.pop() ?? '';
	let folder = tree;
	for (const name of names) folder = (folder[name] ??= {}) as Tree;
	if (bytes) folder[last] = bytes;
}

/** Writes what the tool made: every file whose content is not one that it was given. */
function harvest(result: Tree, cwd: string, given: ReadonlyMap<string, Uint8Array>): void {
	const visit = (tree: Tree, path: string) => {
		for (const [name, entry] of Object.entries(tree)) {
			const here = `${path}/${name}`;
			if (typeof entry !== 'string' && !(entry instanceof Uint8Array)) {
				if (here !== '/tmp' && here !== '/usr') visit(entry, here);
				continue;
			}
			const target = here.startsWith(`${HOST_ROOT}/`) ? here.slice(HOST_ROOT.length) : join(cwd, here);
			if (given.get(target) !== entry) write(target, entry);
		}
	};
	visit(result, '');
}

function write(target: string, content: string | Uint8Array): void {
	if (target === '/dev/null') return;
	mkdirSync(dirname(target), { recursive: true });
	const arriving = `${target}.${process.pid}.tmp`;
	writeFileSync(arriving, content);
	renameSync(arriving, target);
}

process.on('message', (call: ToolCall) => {
	answer(call)
		.catch((error: unknown) => ({ id: call.id, exitCode: 70, stdout: '', output: String(error) }))
		.then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit());
