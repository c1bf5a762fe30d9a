import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { parseFile } from '../../../src/wit/parse-file.js';
import type { WitProblem } from '../../../src/wit/problem.js';
import { resolveWit } from '../../../src/wit/resolve.js';
import type { Attribute, FileSyntax, PackageName } from '../../../src/wit/syntax.js';

/** A text to judge, and the features that are enabled. */
export interface WitCase {
	readonly text: string;
	readonly features: readonly string[];
}

/** What somebody says of a text. */
export interface Verdict {
	readonly verdict: 'accepts' | 'rejects' | 'panics';
	readonly message?: string;
}

interface Question {
	/** The text, or a folder that has it. */
	readonly text?: string;
	readonly path?: string;
	readonly features: readonly string[];
	/** All that are to be looked at; with none, it is only asked whether the text resolves. */
	readonly worlds: readonly string[];
}

/** What cpybuild says of a text. That it does not carry something does not count: only WIT's own rules do. */
export function judgeOurselves({ text, features }: WitCase): Verdict & { readonly problems: readonly WitProblem[] } {
	const result = resolveWit(new Map([['component.wit', text]]), { features: new Set(features) });
	if (result.ok) return { verdict: 'accepts', problems: [] };
	const message = result.problems
		.map(({ code, message, start, end }) => `${code}: ${message} [${text.slice(start, end)}]`)
		.join('\n');
	return { verdict: 'rejects', message, problems: result.problems };
}

/** wasm-tools, in a thread. */
export class WasmTools {
	readonly #worker = new Worker(new URL('wasm-tools.mjs', import.meta.url), { stderr: true });

	/** What wasm-tools says of texts: whether it resolves them, and takes all their interfaces and worlds in components. */
	async judge(cases: readonly WitCase[]): Promise<readonly Verdict[]> {
		const resolved = await this.#ask(cases.map((one) => ({ ...one, worlds: [] })));
		const probes = cases.map((one, index) => (resolved[index]?.verdict === 'accepts' ? probe(one) : undefined));
		const answers = await this.#ask(probes.filter((one) => one !== undefined));
		const rest = answers.values();
		return probes.map((one, index) => {
			const answer = one === undefined ? resolved[index] : rest.next().value;
			if (answer === undefined) throw new Error('wasm-tools did not answer');
			return answer;
		});
	}

	/** What wasm-tools says of a folder, and of the worlds of its package. */
	async judgeFolder(path: string, worlds: readonly string[]): Promise<Verdict> {
		const [answer] = await this.#ask([{ path, worlds, features: [] }]);
		if (answer === undefined) throw new Error('wasm-tools did not answer');
		return answer;
	}

	/** Ends the thread. */
	async close(): Promise<void> {
		await this.#worker.terminate();
	}

	async #ask(questions: readonly Question[]): Promise<readonly Verdict[]> {
		this.#worker.postMessage(questions);
		const [answers] = await once(this.#worker, 'message');
		return answers;
	}
}

/**
 * The text with a world that imports all its interfaces, since wasm-tools looks only at what a world needs. A text that we
 * cannot read stays as it is, which is a disagreement.
 */
function probe({ text, features }: WitCase): Question | undefined {
	const parsed = parseFile(text);
	if (!parsed.ok) return undefined;
	const items = itemsOf(parsed.value, new Set(features));
	const imports = items.flatMap(({ kind, path }) => (kind === 'interface' ? [`import ${path};`] : []));
	const worlds = items.flatMap(({ kind, path }) => (kind === 'world' ? [path] : []));
	return {
		text: `${text}\npackage probe:all { world everything { ${imports.join(' ')} } }`,
		features,
		worlds: ['probe:all/everything', ...worlds],
	};
}

function itemsOf(
	{ package: own, items, nested }: FileSyntax,
	features: ReadonlySet<string>,
): readonly { readonly kind: string; readonly path: string }[] {
	const packages = [...(own === undefined ? [] : [{ name: own, items }]), ...nested];
	return packages.flatMap((one) =>
		one.items
			.filter(({ kind, attributes }) => kind !== 'file-use' && attributes.every((gate) => isOpen(gate, features)))
			.map((item) => ({ kind: item.kind, path: 'name' in item ? pathOf(one.name, item.name.text) : '' })),
	);
}

function isOpen(attribute: Attribute, features: ReadonlySet<string>): boolean {
	return attribute.kind !== 'unstable' || features.has(attribute.feature);
}

function pathOf({ namespace, name, version }: PackageName, item: string): string {
	return `%${namespace.text}:%${name.text}/%${item}${version === undefined ? '' : `@${version.text}`}`;
}
