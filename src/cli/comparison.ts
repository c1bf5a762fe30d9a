import type { ComparedContracts } from '../compared-contracts.js';
import type { Broken, ContractChange } from '../contract/compare.js';
import { formatCount } from './format.js';

/** What changed between two contracts, as text: a paragraph for each change, and what it comes to. */
export function renderComparison({ changes, breaksHosts, breaksPython }: ComparedContracts): string {
	if (changes.length === 0) return 'nothing that hosts or Python code can see has changed\n';
	const broken = [...(breaksHosts ? (['hosts'] as const) : []), ...(breaksPython ? (['python'] as const) : [])];
	const verdict = broken.length === 0 ? 'nothing breaks' : `breaks ${list(broken)}`;
	return `${[...changes.map(paragraph), `${formatCount(changes.length, 'change')}: ${verdict}`].join('\n\n')}\n`;
}

function paragraph({ kind, subject, was, is, breaks }: ContractChange): string {
	return [
		`${subject} was ${kind}${breaks.length === 0 ? '' : `, which breaks ${list(breaks)}`}`,
		...(was === undefined ? [] : [`  - ${was}`]),
		...(is === undefined ? [] : [`  + ${is}`]),
	].join('\n');
}

const shown: Readonly<Record<Broken, string>> = { hosts: 'hosts', python: 'Python code' };

function list(broken: readonly Broken[]): string {
	return broken.map((one) => shown[one]).join(' and ');
}
