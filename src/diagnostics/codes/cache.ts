import type { CodeTable } from './code-table.js';

/** Entries that are damaged, and the remote cache; nothing of it fails a build. */
export const cacheCodes: CodeTable<'cache'> = {
	'cache/damaged': {
		title: 'A cache entry is damaged',
		explanation:
			'A file of an entry is missing, has changed, or was added since it was stored; or its packed form is. The entry is dropped and made again, so the build is right.',
		remedy: 'Nothing, once. If it comes back, look for a program that writes to the cache folder, or check the disk.',
	},
	'cache/newer-format': {
		title: 'A cache entry of a newer cpybuild',
		explanation: 'The entry is packed in a way that this version does not know, so it is made again.',
		remedy: 'Use one version of cpybuild on all machines that share a cache.',
	},
	'cache/not-kept': {
		title: 'An entry could not be packed',
		explanation: 'The build has its output, but it was not packed for other machines.',
		remedy: 'The message says why; the next build tries it again.',
	},
	'cache/no-space': {
		title: 'The disk of the cache is full',
		explanation:
			'There is no room for the output of a step (an error), or only for its packed form (a warning; the build goes on).',
		remedy: 'Run `cpybuild cache gc`, or choose a folder on another disk with `--cache-dir`.',
	},
	'cache/unwritable': {
		title: 'The cache folder cannot be written to',
		explanation: 'Something that is not in the cache has to be made, and the folder or its disk is read-only.',
		remedy: 'Correct the permissions of the folder, or choose another one with `--cache-dir`.',
	},
	'cache/incomplete': {
		title: 'A build is not in the cache',
		explanation: 'Only the outputs of a build that has been made can be exported.',
		remedy: 'Build the manifest with the same options, then export.',
	},
	'cache/bad-archive': {
		title: 'An archive cannot be imported',
		explanation:
			'The file is not what `cpybuild cache export` writes, or it is damaged or cut off. It is verified as a whole before anything is taken.',
		remedy: 'Copy or export it again, with a cpybuild of the same version.',
	},
	'cache/remote-unreachable': {
		title: 'The remote cache cannot be reached',
		explanation:
			'The server refuses connections, stays silent, breaks off, or answers with errors of its own. The rest of the build does not ask it again.',
		remedy:
			'Check the URL, the network and the server. The details show the last attempt. For a certificate that the system does not know, set `NODE_EXTRA_CA_CERTS`.',
	},
	'cache/remote-refused': {
		title: 'The remote cache refuses',
		explanation:
			'The server answers, but does not let this build read, or write: mostly missing or wrong credentials, or a URL that is not the root of a cache.',
		remedy:
			'Check `CPYBUILD_REMOTE_CACHE_TOKEN`, or `…_USER` and `…_PASSWORD`. Where only some may write, leave `CPYBUILD_REMOTE_CACHE_MODE` at `read` for all others.',
	},
	'cache/remote-damaged': {
		title: 'The remote cache holds something wrong',
		explanation:
			'What the server sent is not what its name promises: damaged storage, an entry of another program, or a URL that is no cache.',
		remedy:
			'Nothing of it was used. A build with `read-write` sends the right bytes again; if the warning stays, clear the server.',
	},
};
