/** Something in the order of dependencies, or what keeps it from having one. */
export interface Ordered {
	readonly order: readonly string[];
	/** Those in a circle, or behind one, with one of them that each needs. */
	readonly stuck: ReadonlyMap<string, string>;
}

/**
 * Names so that each comes after those that it needs, else as they were given. The order decides what wasm-tools meets
 * first, and with that a few of its judgements. Needs that are not among the names do not count.
 */
export function orderByNeed(needs: ReadonlyMap<string, readonly string[]>): Ordered {
	const names = [...needs.keys()];
	const waiting = new Map(
		names.map((name) => [name, (needs.get(name) ?? []).filter((need) => needs.has(need)).length]),
	);
	const users = new Map<string, string[]>();
	for (const [name, list] of needs) for (const need of list) users.set(need, [...(users.get(need) ?? []), name]);
	const positions = new Map(names.map((name, index) => [name, index]));
	const ready = names.filter((name) => waiting.get(name) === 0);
	const order: string[] = [];
	while (ready.length > 0) {
		const name = ready.splice(firstOf(ready, positions), 1)[0] ?? '';
		order.push(name);
		for (const user of users.get(name) ?? []) {
			const left = (waiting.get(user) ?? 0) - 1;
			waiting.set(user, left);
			if (left === 0) ready.push(user);
		}
	}
	const done = new Set(order);
	const stuck = names.filter((name) => !done.has(name));
	const blocker = (name: string) => (needs.get(name) ?? []).find((need) => needs.has(need) && !done.has(need)) ?? name;
	return { order, stuck: new Map(stuck.map((name) => [name, blocker(name)])) };
}

function firstOf(ready: readonly string[], positions: ReadonlyMap<string, number>): number {
	let best = 0;
	for (const [index, name] of ready.entries()) {
		if ((positions.get(name) ?? 0) < (positions.get(ready[best] ?? '') ?? 0)) best = index;
	}
	return best;
}

/** The circles among the stuck: their names, the first one again at the end. */
export function circlesIn(stuck: ReadonlyMap<string, string>): readonly (readonly [string, ...string[]])[] {
	const seen = new Set<string>();
	return [...stuck.keys()].flatMap((start) => {
		const way: string[] = [];
		for (let name = start; !way.includes(name); name = stuck.get(name) ?? name) way.push(name);
		const first = stuck.get(way.at(-1) ?? start) ?? start;
		const circle = way.slice(way.indexOf(first));
		if (circle.some((name) => seen.has(name))) return [];
		for (const name of circle) seen.add(name);
		return [[first, ...circle.slice(1), first] as const];
	});
}
