import type { WitProblem } from '../problem.js';
import type { InterfaceNode, WorldNode } from './model.js';
import { problemAt } from './reporter.js';
import { placeOf } from './structure.js';

/**
 * Definitions that a later `use` of the same name hides. wasm-tools accepts them, so resolving does; nobody can mean
 * them, so that whoever uses the interface should hear of it.
 */
export function hiddenIn({
	hidden,
	types,
	at,
}: Pick<InterfaceNode | WorldNode, 'hidden' | 'types' | 'at'>): readonly WitProblem[] {
	return hidden.map(({ name }) => {
		const use = types.get(name.text)?.at;
		return problemAt('wit/duplicate-name', placeOf(at.path, name), `a later "use" hides the type "${name.text}"`, {
			hint: 'rename one of them: use interface.{name as other-name};',
			note: use && { message: 'the "use" is here', at: use },
		});
	});
}
