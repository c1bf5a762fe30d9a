import { expect, test } from 'vitest';
import { runExplain } from '../../../src/cli/commands/explain.js';
import { parseCommandLine } from '../../../src/cli/parse.js';
import type { Explanation } from '../../../src/index.js';
import { fakeTerminal } from '../cli/fake-terminal.js';

const HASH = '0123456789abcdef'.repeat(4);
const OTHER = 'fedcba9876543210'.repeat(4);

/** What `cpybuild explain` writes about an explanation. */
async function explain(explanation: Explanation, ...argv: string[]): Promise<string> {
	const invocation = parseCommandLine(['explain', ...argv]);
	if (invocation.kind !== 'command' || invocation.command !== 'explain') throw new Error('no explain');
	const { terminal, stdout, stderr } = fakeTerminal();
	const args = invocation.args as Parameters<typeof runExplain>[0];
	expect(await runExplain(args, terminal, async () => explanation)).toBe(0);
	expect(stderr()).toBe('');
	return stdout();
}

const same = (id: string, status: Explanation['steps'][number]['status'] = 'cached') =>
	({ id, kind: 'same', status, inputs: [], needs: [] }) as const;

const changed: Explanation = {
	out: '/project/dist',
	known: true,
	steps: [
		same('source'),
		{
			id: 'base',
			kind: 'changed',
			status: 'runs',
			inputs: [
				{ name: 'configure', old: ['--prefix=/', '--a'], new: ['--prefix=/', '--with-pydebug'] },
				{ name: 'epoch', old: 1, new: 2 },
				{ name: 'seed', old: null, new: HASH },
				{ name: 'toolchain.programs.clang', old: HASH, new: OTHER },
			],
			needs: [],
		},
		{ id: 'compile:extra', kind: 'new', status: 'runs', inputs: [], needs: [] },
		{ id: 'compile:kept', kind: 'new', status: 'cached', inputs: [], needs: [] },
		{
			id: 'compile:fast',
			kind: 'changed',
			status: 'cached',
			inputs: [
				{ name: 'files["fast.h"]', new: HASH },
				{ name: 'files["old.h"]', old: HASH },
				{ name: 'flags', old: ['-Ia', '-Ib'], new: ['-Ib', '-Ia'] },
				{ name: 'sources', old: [], new: ['-Ib', ''] },
			],
			needs: ['base'],
		},
		{
			id: 'link',
			kind: 'changed',
			status: 'unneeded',
			inputs: [
				{
					name: 'libraries',
					old: [{ path: 'a.a', sha256: HASH }],
					new: [
						{ path: 'a.a', sha256: OTHER },
						{ path: 'a.a', sha256: HASH },
					],
				},
			],
			needs: ['base', 'compile:fast'],
		},
		{ id: 'compile:old', kind: 'gone', status: 'gone', inputs: [], needs: [] },
	],
};

test('every step that differs is shown with what differs, hashes short and flags whole', async () => {
	expect(await explain(changed)).toBe(`base runs
  configure: - --a
  configure: + --with-pydebug
  epoch: 1 → 2
  seed: none → 0123456789ab
  toolchain.programs.clang: 0123456789ab → fedcba987654
compile:extra is new, and runs
compile:kept is new
compile:fast differs, and is in the cache
  files["fast.h"]: none → 0123456789ab
  files["old.h"]: 0123456789ab → none
  flags: -Ia -Ib → -Ib -Ia
  sources: + -Ib
  sources: + ""
  base differs
link differs, and is not needed
  libraries: + path a.a, sha256 fedcba987654
  base differs
  compile:fast differs
compile:old is no longer a step
`);
});

test('JSON has the whole values', async () => {
	expect(JSON.parse(await explain(changed, '--json'))).toEqual({ type: 'explanation', ...changed });
});

test('when nothing differs, it says so', async () => {
	const explanation: Explanation = {
		out: '/project/dist',
		known: true,
		steps: [same('base'), same('link', 'unneeded')],
	};
	expect(await explain(explanation)).toBe('nothing differs from the last build of dist\n');
});

test('a step that is the same runs when the cache has lost it', async () => {
	const explanation: Explanation = { out: '/project/dist', known: true, steps: [same('base'), same('link', 'runs')] };
	expect(await explain(explanation)).toBe('link runs\n  its output is not in the cache\n');
});

test('without an earlier build it says so, and what would run', async () => {
	const explanation: Explanation = {
		out: '/elsewhere',
		known: false,
		steps: [same('base'), same('link', 'runs'), same('verify', 'runs')],
	};
	const cached: Explanation = { ...explanation, steps: [same('base')] };
	expect(await explain(cached)).toBe('no earlier build of /elsewhere is known\n');
	expect(await explain(explanation)).toBe('no earlier build of /elsewhere is known\nlink, verify would run\n');
});
