import type { Command } from './command.js';
import { cacheFolder, json, manifest, storeFlags } from './shared-flags.js';

const { out: _, ...keyFlags } = storeFlags;

const archive = { name: 'file', description: 'the archive' } as const;

/** The commands for what lies in the cache. */
export const cacheCommands = {
	'cache path': {
		summary: 'Show where the cache is',
		about: [],
		flags: { ...cacheFolder, json },
		examples: [{ command: 'du -sh "$(cpybuild cache path)"', does: 'show how much space it takes' }],
	},
	'cache list': {
		summary: 'Show what is in the cache',
		about: ['Nothing is verified. With --json every entry is listed, what was not used for the longest time first.'],
		flags: { ...cacheFolder, json },
		examples: [{ command: 'cpybuild cache list', does: 'show kinds of entries, their sizes and last uses' }],
	},
	'cache verify': {
		summary: 'Read all of the cache, and remove what is damaged',
		about: [
			'Builds verify what they read; this reads everything, however long ago it was used. The exit code is 1 when something is damaged.',
		],
		flags: {
			...cacheFolder,
			keep: { kind: 'switch', description: 'leave what is damaged where it is' },
			json,
		},
		examples: [{ command: 'cpybuild cache verify', does: 'check every entry, blob and download' }],
	},
	'cache gc': {
		summary: 'Remove what was not used for the longest time',
		about: [
			'Builds do it by themselves, once in a while and for a short time. What running builds use stays.',
			'The limit is $CPYBUILD_CACHE_LIMIT, else 10GiB.',
		],
		flags: {
			...cacheFolder,
			'max-size': { kind: 'text', value: 'SIZE', description: 'shrink the cache to this size, for example 2GiB' },
			json,
		},
		examples: [
			{ command: 'cpybuild cache gc', does: 'shrink the cache to its limit' },
			{ command: 'cpybuild cache gc --max-size 0KiB', does: 'remove all that no build uses now' },
		],
	},
	'cache key': {
		summary: 'Print a key under which CI can keep the cache',
		about: [
			'It changes when anything changes that a build would make anew. Runs no step; with cpybuild.lock it looks for no toolchain.',
			'With --json also "restore", the beginning that all keys with the same CPython have, and the keys of all steps.',
		],
		operand: manifest,
		flags: { ...keyFlags, json },
		examples: [{ command: 'cpybuild cache key', does: 'print the key of project.yaml' }],
	},
	'cache export': {
		summary: 'Write what a build needs into an archive',
		about: [
			'With the archive a machine without network and compiler can build the same: "cpybuild cache import".',
			'The manifest has to be built before.',
		],
		operand: archive,
		second: manifest,
		flags: { ...keyFlags, json },
		examples: [{ command: 'cpybuild cache export build.tar', does: 'take along what project.yaml needs' }],
	},
	'cache import': {
		summary: 'Take entries from an archive into the cache',
		about: ['Every entry is verified. What the cache has already stays as it is.'],
		operand: archive,
		flags: { ...cacheFolder, json },
		examples: [{ command: 'cpybuild cache import build.tar', does: 'take what "cpybuild cache export" wrote' }],
	},
} as const satisfies Record<string, Command>;
