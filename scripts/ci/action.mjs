/**
 * The steps of action.yml. Needs nothing but Node, since the action's own folder has no packages installed.
 *
 *     node action.mjs key      writes the outputs `key`, `restore`, `path` (what to keep) and `out`
 *     node action.mjs build    builds, with a summary of the job
 *     node action.mjs trim     shrinks the cache before it is kept
 *
 * Inputs come as variables: ACTION_MANIFEST, ACTION_WORKING_DIRECTORY, ACTION_OUT and so on.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const { env } = process;
const folder = resolve(env.ACTION_WORKING_DIRECTORY || '.');

/** The command line of the cpybuild that the project has installed, or is. */
function cpybuildPath() {
	try {
		const manifest = createRequire(join(folder, 'package.json')).resolve('cpybuild/package.json');
		return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.cpybuild);
	} catch {
		console.log(
			'::error::cpybuild is not installed: add it with "npm install --save-dev cpybuild", and run "npm ci" first',
		);
		process.exit(2);
	}
}

/** Runs cpybuild; what it says is seen in the job's log. Ends with its exit code when it fails. */
function cpybuild(args) {
	const { status } = start(args, 'inherit');
	if (status !== 0) process.exit(status ?? 1);
}

/** What cpybuild writes; when it fails it says why as it does for people. */
function outputOf(args, ...forPrograms) {
	const { status, stdout } = start([...args, ...forPrograms], 'pipe');
	if (status === 0) return stdout;
	cpybuild(args);
	process.exit(status ?? 1);
}

function start(args, output) {
	const stdio = ['ignore', output, output];
	return spawnSync(process.execPath, [cpybuildPath(), ...args], { cwd: folder, stdio, encoding: 'utf8' });
}

/** Writes an output of the step; its value may have several lines. */
function setOutput(name, value) {
	// Nobody can know it, so no value can end early and set another output.
	const end = randomUUID();
	appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
}

const manifest = env.ACTION_MANIFEST || 'project.yaml';
const frozen = env.ACTION_FROZEN === 'true' ? ['--frozen'] : [];
const option = (name, value) => (value ? [name, value] : []);

const steps = {
	key: () => {
		const { key, restore } = JSON.parse(outputOf(['cache', 'key', manifest, ...frozen], '--json'));
		const cache = outputOf(['cache', 'path']).trim();
		setOutput('key', key);
		setOutput('restore', restore);
		// Not `trees`: they are the same once more, and are made of these when they are needed.
		setOutput('path', ['ac', 'cas', 'downloads'].map((part) => join(cache, part)).join('\n'));
		setOutput('out', resolve(folder, env.ACTION_OUT || join(dirname(manifest), 'dist')));
	},
	build: () => {
		cpybuild([
			'build',
			manifest,
			...option('--out', env.ACTION_OUT),
			...frozen,
			...option('--remote-cache', env.ACTION_REMOTE_CACHE),
			...option('--remote-cache-mode', env.ACTION_REMOTE_CACHE_MODE),
			...option('--summary', env.GITHUB_STEP_SUMMARY),
		]);
	},
	trim: () => {
		cpybuild(['cache', 'gc', ...option('--max-size', env.ACTION_CACHE_SIZE)]);
	},
};

const step = steps[process.argv[2]];
if (!step) throw new Error(`action.mjs has no step "${process.argv[2]}"`);
step();
