import { type Component, fileComponent, hashes, hashOf, spdx } from './component.js';

/** Where a component of the component model comes from. */
export interface ComponentFacts {
	/** Of the component itself. */
	readonly sha256: string;
	/** Version of the npm package with the adapter. */
	readonly jco: string;
	/** What of it is in the component: WASI preview 2 for programs of preview 1. */
	readonly adapter: { readonly path: string; readonly sha256: string };
	/** The wasm-tools that made it. */
	readonly tools: { readonly version: string; readonly files: Readonly<Record<string, string>> };
}

/** Names the adapter in a document. */
export const ADAPTER_REF = 'component/adapter';

/** The component, what is in it besides python.wasm, and what made it. */
export function componentParts({ sha256, jco, adapter, tools }: ComponentFacts): readonly Component[] {
	return [
		{
			...fileComponent('component', 'python.component.wasm', sha256),
			description: 'python.wasm as a component of WASI preview 2',
		},
		{
			type: 'library',
			'bom-ref': ADAPTER_REF,
			name: 'wasi_snapshot_preview1.command',
			version: jco,
			description:
				"Wasmtime's adapter from WASI preview 1 to preview 2, as jco brings it; in python.component.wasm only",
			scope: 'required',
			hashes: hashes(adapter.sha256),
			licenses: spdx('Apache-2.0 WITH LLVM-exception'),
			purl: `pkg:npm/%40bytecodealliance/jco@${jco}#${adapter.path}`,
			properties: hashOf(adapter.path),
		},
		{
			type: 'application',
			'bom-ref': 'component/tools',
			name: 'wasm-tools',
			version: tools.version,
			description: 'Made python.component.wasm; the version is that of the npm package',
			scope: 'excluded',
			licenses: spdx('Apache-2.0 WITH LLVM-exception'),
			purl: `pkg:npm/%40bytecodealliance/jco-transpile@${tools.version}`,
			components: Object.entries(tools.files)
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([file, hash]) => fileComponent('component/tools', file, hash)),
		},
	];
}
