// Generated from contract.ts by test/unit/bindings/fixed.test.ts.

/** A function of a contract. Its signature names definitions with their module in front: `func(q: demo.query)`. */
export interface ContractFunction {
	readonly module: string;
	readonly name: string;
	readonly python: string;
	readonly signature: string;
}

/** Throws what the contract of a wasm module needs and the bindings have not, or have otherwise. */
export function compareContracts(module, offered) {
	const needed = contractIn(module);
	if (needed === undefined) return;
	const differences = [...functionDifferences(needed, offered), ...typeDifferences(needed, offered)];
	if (differences.length === 0) return;
	const head = 'the wasm module and these bindings are not from the same build';
	throw new TypeError([`${head}:`, ...differences.map((one) => `  ${one}`)].join('\n'));
}

/** The contract of a compiled module, if it has one. */
export function contractIn(module) {
	const { WebAssembly } = globalThis;
	const [section] = WebAssembly.Module.customSections(module, 'cpybuild:contract');
	return section === undefined ? undefined : JSON.parse(new TextDecoder().decode(section));
}

/** The functions that are needed and missing, or have another signature. More of them than needed are fine. */
export function functionDifferences(needed, offered) {
	return needed.imports.flatMap(({ module, name, python, signature }) => {
		const found = offered.imports.find((one) => one.module === module && one.name === name);
		if (found === undefined) return [`${python}: the module needs ${signature}, and the bindings lack it`];
		if (found.signature === signature) return [];
		return [`${python}: the module needs ${signature}, and the bindings have ${found.signature}`];
	});
}

/** The definitions of needed functions that differ. */
export function typeDifferences(needed, offered) {
	const named = new Set();
	const texts = needed.imports.map(({ signature }) => signature);
	for (const text of texts) {
		for (const [name] of text.matchAll(/[\w-]+(?:\.[\w-]+)+/g)) {
			const definition = needed.types[name];
			if (definition === undefined || named.has(name)) continue;
			named.add(name);
			// What this definition names has its turn later.
			texts.push(definition);
		}
	}
	return [...named].flatMap((name) => {
		const found = offered.types[name];
		// One that is missing is also missing in the signatures that name it.
		if (found === undefined || found === needed.types[name]) return [];
		return [`${name}: the module has ${needed.types[name]}, and the bindings have ${found}`];
	});
}
