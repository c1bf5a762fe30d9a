import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import type { WitProblem } from '../../wit/problem.js';
import { witNames } from '../interface-name.js';
import { keySpan, textSpan } from '../locate.js';
import { pythonClass } from '../python-spelling.js';
import type { Rule, RuleContext } from '../rule.js';

/** Types are WIT declarations that this version carries. */
export const types: Rule = function* ({ source, types: { problems } }) {
	const place = ({ path = '', start, end }: Pick<WitProblem, 'path' | 'start' | 'end'>) =>
		textSpan(source, ['modules', path, 'types'], start, end);
	for (const { code, message, hint, note, ...at } of problems) {
		yield {
			code,
			message,
			span: place(at),
			...(hint === undefined ? {} : { hint }),
			...(note === undefined ? {} : { notes: [{ message: note.message, span: place(note) }] }),
		};
	}
};

/** In WIT, types and functions share their names; in Python, functions and the classes of types do. */
export const typeNames: Rule = function* (context) {
	for (const [module, { types }] of context.types.modules) {
		const functions = context.functions.filter(({ path }) => path[1] === module);
		const spelled = witNames(functions.map(({ name }) => name));
		for (const { name, path } of functions) {
			const inWit = types.find((type) => type.name === spelled.get(name));
			const inPython = types.find((type) => pythonClass(type.name) === name);
			const same = inPython ?? inWit;
			if (same === undefined) continue;
			const language = inPython === undefined ? `"${same.name}" in WIT` : `"${name}" in Python`;
			yield collision(context, [module, name, same.name], keySpan(context.source, path), language);
		}
	}
};

function collision(
	{ source }: RuleContext,
	[module, name, type]: readonly [string, string, string],
	span: NonNullable<DiagnosticInit['span']>,
	language: string,
): DiagnosticInit {
	return {
		code: 'manifest/name-collision',
		message: `the function "${name}" and the type "${type}" are both ${language}`,
		span,
		hint: 'rename one of them',
		notes: [{ message: `"${type}" is declared here`, span: keySpan(source, ['modules', module, 'types']) }],
	};
}
