// Generated from contract.ts by test/unit/bindings/fixed.test.ts.

/** A function of a contract. Its signature names definitions with their module in front: `func(q: demo.query)`. */
export interface ContractFunction {
	readonly module: string;
	readonly name: string;
	readonly python: string;
	readonly signature: string;
}

/** Throws what a wasm module and the bindings need of each other, and is missing or has another type. */
export function compareContracts(module, bindings) {
	const contract = contractIn(module);
	if (contract === undefined) return;
	const differences = [
		...importDifferences(contract, bindings),
		...exportDifferences(contract, bindings),
		...typeDifferences(contract, bindings),
	];
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

/** The functions that the module needs, and the bindings lack or have otherwise. More of them than needed are fine. */
export function importDifferences({ imports }, bindings) {
	return imports.flatMap(({ module, name, python, signature }) => {
		const found = bindings.imports.find((one) => one.module === module && one.name === name);
		if (found === undefined) return [`${python}: the module needs ${signature}, and the bindings lack it`];
		if (found.signature === signature) return [];
		return [`${python}: the module needs ${signature}, and the bindings have ${found.signature}`];
	});
}

/** The functions that the bindings call, and Python code does not implement so. More of them are fine here, too. */
export function exportDifferences({ exports }, bindings) {
	return bindings.exports.flatMap(({ name, host, signature }) => {
		const found = exports.find((one) => one.name === name);
		if (found === undefined) return [`exports.${host}: the bindings call ${signature}, and the module lacks it`];
		if (found.signature === signature) return [];
		return [`exports.${host}: the bindings call ${signature}, and the module has ${found.signature}`];
	});
}

/** The definitions that differ, of functions that the module needs or the bindings call. */
export function typeDifferences(contract, bindings) {
	const named = new Set();
	const texts = [...contract.imports, ...bindings.exports].map(({ signature }) => signature);
	for (const text of texts) {
		for (const [name] of text.matchAll(/[\w-]+(?:\.[\w-]+)+/g)) {
			if (named.has(name)) continue;
			named.add(name);
			// What this definition names has its turn later.
			texts.push(contract.types[name] ?? '', bindings.types[name] ?? '');
		}
	}
	return [...named].flatMap((name) => {
		const [own, other] = [contract.types[name], bindings.types[name]];
		// One that is missing is also missing in the signatures that name it.
		if (own === undefined || other === undefined || own === other) return [];
		return [`${name}: the module has ${own}, and the bindings have ${other}`];
	});
}
