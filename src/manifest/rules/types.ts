import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { suggestWitName } from '../../wit/name.js';
import type { WitProblem } from '../../wit/problem.js';
import { nameInComponents } from '../interface-name.js';
import { keySpan, textSpan } from '../locate.js';
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

/** In WIT, types and functions share their names; so do functions and the classes of types in Python. */
export const typeNames: Rule = function* (context) {
	for (const [module, { types }] of context.types.modules) {
		const functions = context.functions.filter(({ path }) => path[1] === module);
		for (const { name, path } of functions) {
			const spelled = nameInComponents(suggestWitName(name) ?? name);
			const same = types.find((type) => nameInComponents(type.name) === spelled);
			if (same !== undefined) yield collision(context, [module, name, same.name], keySpan(context.source, path));
		}
	}
};

function collision(
	{ source }: RuleContext,
	[module, name, type]: readonly [string, string, string],
	span: NonNullable<DiagnosticInit['span']>,
): DiagnosticInit {
	return {
		code: 'manifest/name-collision',
		message: `the function "${name}" and the type "${type}" are one name in WIT`,
		span,
		hint: 'rename one of them: case, hyphens and underscores make no difference',
		notes: [{ message: `"${type}" is declared here`, span: keySpan(source, ['modules', module, 'types']) }],
	};
}
