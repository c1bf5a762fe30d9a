import { posix } from 'node:path';

/** Where files of the machine appear in the file system that the wasm clang sees; `/usr` is its own sysroot. */
export const HOST_ROOT = '/host';

/** A command line for the wasm clang, and which files of the machine it reads. */
export interface VirtualCall {
	/** The arguments with every path made absolute below `HOST_ROOT`. */
	readonly args: readonly string[];
	/** Files named on the command line, absolute paths of the machine. */
	readonly files: readonly string[];
	/** Include folders in search order, absolute paths of the machine. */
	readonly includeFolders: readonly string[];
	/** Library folders in search order, absolute paths of the machine. */
	readonly libraryFolders: readonly string[];
	/** Names given with `-l`. */
	readonly libraries: readonly string[];
}

const INCLUDE = ['-I', '-isystem', '-iquote', '-idirafter'];
const PATHS = [...INCLUDE, '-L', '-include', '-o', '-MF', '-T'];
/** Options whose value is the next argument and no path. */
const VALUES = [
	'-D',
	'-U',
	'-x',
	'-l',
	'-z',
	'-Xlinker',
	'-Xclang',
	'-mllvm',
	'-MT',
	'-MQ',
	'-m',
	'-target',
	'--target',
];

/** `-ffile-prefix-map=/old/=new` and its like: the old prefix is a path. */
const PREFIX_MAP = /^(-f(?:file|macro|debug)-prefix-map=)\//;

/** Translates a command line that was written for `cwd` on the machine. */
export function virtualCall(tool: string, args: readonly string[], cwd: string): VirtualCall {
	const files: string[] = [];
	const includeFolders: string[] = [];
	const libraryFolders: string[] = [];
	const libraries: string[] = [];
	const out: string[] = [];
	const visit = (option: string, value: string): string => {
		const path = posix.resolve(cwd, value);
		if (INCLUDE.includes(option)) includeFolders.push(path);
		else if (option === '-L') libraryFolders.push(path);
		else if (option === '-include' || option === '') files.push(path);
		return HOST_ROOT + path;
	};
	for (let index = 0; index < args.length; index++) {
		const arg = args[index] ?? '';
		const next = args[index + 1];
		const joined = PATHS.find((option) => arg.startsWith(option) && arg.length > option.length && option.length === 2);
		if (arg === '-' || (tool === 'llvm-ar' && index === 0)) out.push(arg);
		else if (PREFIX_MAP.test(arg)) out.push(arg.replace(PREFIX_MAP, `$1${HOST_ROOT}/`));
		else if (PATHS.includes(arg) && next !== undefined) out.push(arg, visit(arg, args[++index] ?? ''));
		else if (VALUES.includes(arg) && next !== undefined) {
			if (arg === '-l') libraries.push(next);
			out.push(arg, args[++index] ?? '');
		} else if (joined) out.push(joined + visit(joined, arg.slice(2)));
		else if (arg.startsWith('-l')) {
			libraries.push(arg.slice(2));
			out.push(arg);
		} else if (arg.startsWith('-')) out.push(arg);
		else out.push(visit('', arg));
	}
	return { args: out, files, includeFolders, libraryFolders, libraries };
}
