import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type ExpressionContext, evaluate, fill, isTrue } from './action-expression.js';

/** A composite action as it is written. */
export interface Action {
	readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
	readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
	readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

/** A step of a composite action. */
export interface ActionStep {
	readonly id?: string;
	readonly name?: string;
	readonly if?: string;
	readonly shell?: string;
	readonly run?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly uses?: string;
	readonly with?: Readonly<Record<string, string>>;
}

/** Where a job runs, and what GitHub offers it. */
export interface Job {
	/** The checkout, in which the job's commands start. */
	readonly workspace: string;
	/** The folder of the action. */
	readonly action: string;
	/** Stands in for GitHub: `caches/` and `artifacts/`. */
	readonly github: string;
	/** Environment of the job, over that of the tests. */
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a run of an action ended. */
export interface ActionRun {
	readonly status: 'success' | 'failure';
	/** Names of the steps that ran. */
	readonly ran: readonly string[];
	readonly outputs: Readonly<Record<string, string>>;
	readonly summary: string;
	/** What the steps wrote. */
	readonly log: string;
}

/** Reads an action of a folder. */
export async function readAction(folder: string): Promise<Action> {
	return parse(await readFile(join(folder, 'action.yml'), 'utf8'));
}

/**
 * Runs a composite action as GitHub does: really executes its `run:` lines, and stands in for the actions that it uses.
 * What this does not know fails.
 */
export async function runAction(job: Job, given: Readonly<Record<string, string>>): Promise<ActionRun> {
	const action = await readAction(job.action);
	const unknown = Object.keys(given).find((name) => !(name in action.inputs));
	if (unknown !== undefined) throw new Error(`the action has no input "${unknown}"`);
	const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
	const inputs: Record<string, string> = { ...Object.fromEntries(defaults), ...given };
	const steps: Record<string, Readonly<Record<string, string>>> = {};
	const context: ExpressionContext = { inputs, steps };
	const files = await mkdtemp(join(job.github, 'run-'));
	const ran: string[] = [];
	let path = '';
	let log = '';
	let status: ActionRun['status'] = 'success';
	for (const [index, step] of action.runs.steps.entries()) {
		// Without a function of its own a condition means "when all went well".
		if (status === 'failure' || (step.if !== undefined && !isTrue(evaluate(step.if, context)))) {
			if (step.id) steps[step.id] = {};
			continue;
		}
		const filled = (values: Readonly<Record<string, string>> = {}) =>
			Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(String(value), context)]));
		ran.push(step.name ?? step.uses ?? '');
		let outputs: Readonly<Record<string, string>>;
		if (step.uses !== undefined) {
			outputs = await useAction(step.uses, filled(step.with), job);
		} else {
			if (step.shell !== 'bash' || step.run === undefined) throw new Error(`step ${index} is not understood`);
			const file = (name: string) => join(files, `${name}-${index}`);
			for (const name of ['output', 'path']) await writeFile(file(name), '');
			const ended = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run, context)], {
				cwd: job.workspace,
				env: {
					...job.env,
					...filled(step.env),
					PATH: `${path}${job.env.PATH ?? process.env.PATH ?? ''}`,
					GITHUB_ACTION_PATH: job.action,
					GITHUB_WORKSPACE: job.workspace,
					GITHUB_OUTPUT: file('output'),
					GITHUB_PATH: file('path'),
					GITHUB_STEP_SUMMARY: join(files, 'summary'),
				},
				all: true,
				reject: false,
			});
			log += `${ended.all}\n`;
			if (ended.exitCode !== 0) status = 'failure';
			outputs = parseOutputs(await readFile(file('output'), 'utf8'));
			path += (await readFile(file('path'), 'utf8')).replaceAll('\n', ':');
		}
		if (step.id) steps[step.id] = outputs;
	}
	const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value, context)]);
	const summary = join(files, 'summary');
	return {
		status,
		ran,
		outputs: Object.fromEntries(outputs),
		summary: existsSync(summary) ? await readFile(summary, 'utf8') : '',
		log,
	};
}

/** The outputs in a file of `name=value` lines and `name<<END … END` blocks. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
	const outputs: Record<string, string> = {};
	const lines = text.split('\n');
	for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
		if (line === '') continue;
		const [, name = '', sign, rest = ''] = /^([\w-]+)(=|<<)(.*)$/.exec(line) ?? [];
		if (sign === undefined) throw new Error(`"${line}" sets no output`);
		outputs[name] =
			sign === '='
				? rest
				: lines
						.splice(0, lines.indexOf(rest) + 1)
						.slice(0, -1)
						.join('\n');
	}
	return outputs;
}

type StandIn = (values: Readonly<Record<string, string>>, job: Job) => Promise<Readonly<Record<string, string>>>;

/** The actions of others that are known here, with the inputs that they may be given. */
const STAND_INS: Readonly<Record<string, { readonly takes: readonly string[]; readonly run: StandIn }>> = {
	'actions/cache/restore': { takes: ['path', 'key', 'restore-keys'], run: restoreCache },
	'actions/cache/save': { takes: ['path', 'key'], run: saveCache },
	'actions/upload-artifact': { takes: ['name', 'path', 'if-no-files-found'], run: uploadArtifact },
};

async function useAction(
	uses: string,
	values: Readonly<Record<string, string>>,
	job: Job,
): Promise<Readonly<Record<string, string>>> {
	const standIn = STAND_INS[uses.split('@')[0] ?? ''];
	if (!standIn) throw new Error(`nothing stands in for ${uses}`);
	const unknown = Object.keys(values).find((name) => !standIn.takes.includes(name));
	if (unknown !== undefined) throw new Error(`${uses} is not known to take "${unknown}"`);
	return standIn.run(values, job);
}

const lines = (text = '') => text.split('\n').filter((line) => line !== '');

/** Takes the cache of the key, else the newest whose key begins with one of `restore-keys`. */
async function restoreCache(values: Readonly<Record<string, string>>, job: Job): Promise<Record<string, string>> {
	const { key = '' } = values;
	const caches = join(job.github, 'caches');
	const names = existsSync(caches) ? readdirSync(caches).sort() : [];
	const saved = names.map((name) => ({ name, key: name.slice(name.indexOf('-') + 1) })).reverse();
	const prefixes = lines(values['restore-keys']);
	const found =
		saved.find((one) => one.key === key) ??
		prefixes.map((prefix) => saved.find((one) => one.key.startsWith(prefix))).find((one) => one !== undefined);
	if (!found) return {};
	const paths = lines(values.path);
	const kept: unknown = JSON.parse(await readFile(join(caches, found.name, 'paths.json'), 'utf8'));
	// A cache of other paths is another cache.
	if (JSON.stringify(kept) !== JSON.stringify(paths)) return {};
	for (const [index, path] of paths.entries()) {
		const from = join(caches, found.name, String(index));
		if (existsSync(from)) await cp(from, resolve(job.workspace, path), { recursive: true, preserveTimestamps: true });
	}
	return { 'cache-hit': String(found.key === key), 'cache-matched-key': found.key };
}

async function saveCache(values: Readonly<Record<string, string>>, job: Job): Promise<Record<string, string>> {
	const { key = '' } = values;
	const caches = join(job.github, 'caches');
	await mkdir(caches, { recursive: true });
	const names = readdirSync(caches);
	// As in GitHub, what is saved stays.
	if (names.some((name) => name.endsWith(`-${key}`) && name.slice(name.indexOf('-') + 1) === key)) return {};
	const arriving = await mkdtemp(join(job.github, 'saving-'));
	const paths = lines(values.path);
	for (const [index, path] of paths.entries()) {
		const from = resolve(job.workspace, path);
		const options = { recursive: true, preserveTimestamps: true, dereference: true };
		if (existsSync(from)) await cp(from, join(arriving, String(index)), options);
	}
	await writeFile(join(arriving, 'paths.json'), JSON.stringify(paths));
	await rename(arriving, join(caches, `${String(names.length).padStart(4, '0')}-${key}`));
	return {};
}

async function uploadArtifact(values: Readonly<Record<string, string>>, job: Job): Promise<Record<string, string>> {
	const { name = '', path = '' } = values;
	const from = resolve(job.workspace, path);
	const isThere = existsSync(from) && readdirSync(from).length > 0;
	if (!isThere && values['if-no-files-found'] === 'error') throw new Error(`there is nothing at ${path}`);
	const to = join(job.github, 'artifacts', name);
	if (existsSync(to)) throw new Error(`the artifact ${name} is there already`);
	await mkdir(dirname(to), { recursive: true });
	await cp(from, to, { recursive: true });
	return {};
}
