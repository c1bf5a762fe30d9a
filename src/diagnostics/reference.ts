import { codes } from './codes.js';
import type { Phase } from './diagnostic.js';
import { exitCodeOfPhase } from './exit.js';

const phases: readonly (readonly [phase: Phase, introduction: string])[] = [
	['usage', 'The command line, or a file that it names, is wrong.'],
	['manifest', 'The manifest is wrong. All its mistakes are reported at once.'],
	['wit', 'A WIT file is wrong, or a type that the manifest declares.'],
	['toolchain', 'Something is missing on this machine or in the network.'],
	['lock', '`cpybuild.lock` and what it records do not go together.'],
	['build', 'A step of the build failed.'],
	[
		'cache',
		'Something is wrong with the cache on this machine or in the network. Mostly a warning: the build goes on without it.',
	],
	['verify', 'The build succeeded, but its result is not what the manifest says.'],
	['internal', 'A mistake of cpybuild itself.'],
];

/** The text of `docs/errors.md`. */
export function errorsReference(): string {
	const sections = phases.map(([phase, introduction]) => {
		const entries = Object.entries(codes).filter(([code]) => code.startsWith(`${phase}/`));
		const texts = entries.map(
			([code, { title, explanation, remedy }]) => `### ${code}\n\n**${title}.** ${explanation}\n\n${remedy}\n`,
		);
		return `## ${phase}\n\n${introduction} Exit code ${exitCodeOfPhase(phase)}.\n\n${texts.join('\n')}`;
	});
	return [
		'<!-- Generated from src/diagnostics/codes/ by scripts/generate-docs.mjs. Do not edit. -->\n',
		'# Errors\n',
		'Every problem has a code. The part before the slash is the phase, and it decides the exit code of the command;',
		'an interrupted command (`build/interrupted`) exits with 130. Warnings have codes too and do not change the exit code.\n',
		...sections,
	].join('\n');
}
