import type { WorldNode } from './model.js';
import type { Reporter } from './reporter.js';
import { measure } from './size.js';
import { checkNames, checkTotal, validateFunction, validateType } from './validate.js';

/** Reports what a component could not have as its world, though WIT's grammar can say it. */
export function validateWorld(node: WorldNode, reporter: Reporter): void {
	for (const items of [node.imports, node.exports]) {
		checkNames(
			[...items].map(([key, { at }]) => ({ name: key.replace(/^\//, ''), at })),
			reporter,
		);
		for (const item of items.values()) {
			if (item.kind === 'type' && item.type.owner === node) validateType(item.type, reporter);
			if (item.kind === 'function' && item.function.owner === node) validateFunction(item.function, reporter);
		}
	}
	const interfaces = [...node.imports.values(), ...node.exports.values()].flatMap((item) =>
		item.kind === 'interface' ? [...item.interface.types.values()].filter(({ isExcluded }) => !isExcluded) : [],
	);
	const sizes = [...interfaces, ...node.types.values()].map(
		(type) => measure({ kind: 'named', type, isOwn: false }).size,
	);
	checkTotal(node, sizes, reporter);
}
