/** A function of a contract. Its signature names definitions with their module in front: `func(q: demo.query)`. */
export interface ContractFunction {
	readonly module: string;
	readonly name: string;
	readonly python: string;
	readonly signature: string;
}

/** What a host and Python agree on, as far as they must. */
export interface Contract {
	readonly imports: readonly ContractFunction[];
	/** The definitions that signatures name. */
	readonly types: Readonly<Record<string, string>>;
}

/** Throws what the contract of a wasm module needs and the bindings have not, or have otherwise. */
export function compareContracts(module: object, offered: Contract): void {
	const needed = contractIn(module);
	if (needed === undefined) return;
	const differences = [...functionDifferences(needed, offered), ...typeDifferences(needed, offered)];
	if (differences.length === 0) return;
	const head = 'the wasm module and these bindings are not from the same build';
	throw new TypeError([`${head}:`, ...differences.map((one) => `  ${one}`)].join('\n'));
}

/** The contract of a compiled module, if it has one. */
export function contractIn(module: object): Contract | undefined {
	const { WebAssembly } = globalThis as unknown as {
		readonly WebAssembly: {
			readonly Module: { customSections(module: object, name: string): readonly ArrayBuffer[] };
		};
	};
	const [section] = WebAssembly.Module.customSections(module, 'cpybuild:contract');
	return section === undefined ? undefined : JSON.parse(new TextDecoder().decode(section));
}

/** The functions that are needed and missing, or have another signature. More of them than needed are fine. */
export function functionDifferences(needed: Contract, offered: Contract): string[] {
	return needed.imports.flatMap(({ module, name, python, signature }) => {
		const found = offered.imports.find((one) => one.module === module && one.name === name);
		if (found === undefined) return [`${python}: the module needs ${signature}, and the bindings lack it`];
		if (found.signature === signature) return [];
		return [`${python}: the module needs ${signature}, and the bindings have ${found.signature}`];
	});
}

/** The definitions of needed functions that differ. */
export function typeDifferences(needed: Contract, offered: Contract): string[] {
	const named = new Set<string>();
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
