import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateBindings } from '../../../src/generate/bindings/index.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import type { Signature } from '../../../src/wit/type.js';
import { hostFunction, hostModule, manifestOf } from './manifests.js';

export type CoreValue = number | bigint;
type ImportFunction = (...values: readonly CoreValue[]) => CoreValue | undefined;

/** A generated module, as untyped JavaScript sees it. */
export interface GeneratedModule {
	createBindings(host: unknown): {
		readonly imports: Readonly<Record<string, Readonly<Record<string, ImportFunction>>>>;
		checkContract(module: object): void;
		attach(instance: { readonly exports: object }): void;
	};
	checkContract(module: object): void;
	readonly IMPORTS: readonly unknown[];
}

/** Runs the generated `bindings.js`. */
export async function load(manifest: Manifest): Promise<GeneratedModule> {
	const code = generateBindings(manifest).get('bindings.js') ?? '';
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-bindings-'));
	try {
		const file = join(folder, 'bindings.mjs');
		writeFileSync(file, code);
		return (await import(pathToFileURL(file).href)) as GeneratedModule;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

interface Memory {
	readonly buffer: ArrayBuffer;
	grow(pages: number): number;
}

/** The WebAssembly API as far as these tests use it; Node's types for version 20 do not declare it. */
export const wasm = (
	globalThis as unknown as {
		readonly WebAssembly: {
			readonly Memory: new (limits: { readonly initial: number }) => Memory;
			readonly Module: new (bytes: Uint8Array) => object;
			readonly Instance: new (
				module: object,
				imports: object,
			) => { readonly exports: Readonly<Record<string, unknown>> };
			readonly RuntimeError: new (message: string) => Error;
		};
	}
).WebAssembly;

/** An instance as the ABI describes it: memory, an allocator that knows what is in use, and a record of what was raised. */
export class FakeGuest {
	readonly memory = new wasm.Memory({ initial: 1 });
	/** What was raised: kind and message. */
	readonly raised: [kind: number, message: string][] = [];
	/** Makes every allocation grow the memory, which detaches all views of it. */
	growing = false;
	/** Where its memory ends and cannot grow. */
	room = 2 ** 32;
	/** The blocks in use: address and size. */
	readonly blocks = new Map<number, number>();
	readonly #messages: number[] = [];
	#top = 1024;

	readonly exports = {
		memory: this.memory,
		cabi_realloc: (old: number, oldSize: number, align: number, size: number): number => {
			if (oldSize > 0 && !this.blocks.delete(old)) throw new Error(`no block at ${old} to free`);
			if (size === 0) return align;
			const start = Math.ceil(this.#top / align) * align;
			this.#top = start + size;
			this.blocks.set(start, size);
			const lacking = Math.ceil((this.#top - this.memory.buffer.byteLength) / 65536);
			if (this.growing || lacking > 0) this.memory.grow(Math.max(lacking, 1));
			this.bytes.copyWithin(start, old, old + oldSize);
			return start;
		},
		/** Up to `room` addresses. */
		cpybuild_realloc: (old: number, oldSize: number, align: number, size: number): number =>
			this.#top + size > this.room ? 0 : this.exports.cabi_realloc(old, oldSize, align, size),
		cpybuild_raise: (kind: number, message: number, length: number): void => {
			this.raised.push([kind, this.text(message, length)]);
			if (length > 0) this.#messages.push(message);
		},
	};

	/** Frees a block as the guest itself would, who need not know its size. */
	free(start: number): void {
		if (!this.blocks.delete(start)) throw new Error(`no block at ${start} to free`);
	}

	/** Frees the messages of what was raised, which are the guest's; gives how many blocks are left. */
	takeMessages(): number {
		for (const message of this.#messages.splice(0)) this.free(message);
		return this.blocks.size;
	}

	get bytes(): Uint8Array {
		return new Uint8Array(this.memory.buffer);
	}

	get view(): DataView {
		return new DataView(this.memory.buffer);
	}

	/** Stores bytes as a compiled stub would: a pointer and a length. */
	put(bytes: Uint8Array, size = 1): [pointer: number, length: number] {
		const pointer = this.exports.cabi_realloc(0, 0, size, bytes.length);
		this.bytes.set(bytes, pointer);
		return [pointer, bytes.length / size];
	}

	putText(text: string): [pointer: number, length: number] {
		return this.put(new TextEncoder().encode(text));
	}

	text(pointer: number, length: number): string {
		return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes.slice(pointer, pointer + length));
	}

	/** The bytes that a return area at this address points at. */
	pointee(area: number): Uint8Array {
		const start = this.view.getUint32(area, true);
		return this.bytes.slice(start, start + this.view.getUint32(area + 4, true));
	}
}

/** A function `demo.f` of this signature, implemented by the host and bound to a fake guest with these exports. */
export async function bind(
	signature: Signature,
	f: unknown,
	exports: object = {},
): Promise<{ guest: FakeGuest; call: ImportFunction }> {
	const { createBindings } = await load(manifestOf(hostModule('demo', [hostFunction('demo', 'f', signature)])));
	const bindings = createBindings({ demo: { f } });
	const guest = new FakeGuest();
	bindings.attach({ exports: { ...guest.exports, ...exports } });
	const call = bindings.imports.demo?.f;
	if (call === undefined) throw new Error('no import demo.f');
	return { guest, call };
}

/** What the host function gets for these core values of one parameter. */
export async function lift(type: Signature, core: (guest: FakeGuest) => readonly CoreValue[]): Promise<unknown> {
	const got: unknown[] = [];
	const { guest, call } = await bind(type, (...values: unknown[]) => {
		got.push(...values);
	});
	call(...core(guest));
	return got.length === 1 ? got[0] : got;
}
