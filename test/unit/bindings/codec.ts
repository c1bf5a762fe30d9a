import { layoutOf, layoutRecord, layoutVariant } from '../../../src/generate/abi/layout.js';
import { type Structure, structureOf } from '../../../src/generate/bindings/structure.js';
import type { Primitive, WitType } from '../../../src/wit/type.js';
import type { CoreValue, FakeGuest } from './guest.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The guest's side of the Canonical ABI, type by type and value by value: it stores and loads, in the guest's memory,
 * the JavaScript values that hosts see. Slow and plain, to compare generated code with.
 */
export class Codec {
	readonly #guest: FakeGuest;

	constructor(guest: FakeGuest) {
		this.#guest = guest;
	}

	/** The core values as which the guest passes a value. */
	lower(type: WitType, value: unknown): CoreValue[] {
		const { flat, size, alignment } = layoutOf(type);
		const structure = structureOf(type);
		switch (structure.kind) {
			case 'record':
				return structure.fields.flatMap((field) => this.lower(field.type, (value as Fields)[field.member]));
			case 'tuple':
				return structure.items.flatMap((item, index) => this.lower(item, (value as readonly unknown[])[index]));
			case 'option':
			case 'union': {
				const { index, payload, types } = caseOf(structure, value);
				const type = types[index];
				const own = type === undefined ? [] : this.lower(type, payload);
				const ownFlat = type === undefined ? [] : layoutOf(type).flat;
				const shared = flat.slice(1).map((wanted, at): CoreValue => {
					const one = own[at];
					if (one === undefined) return wanted === 'i64' ? 0n : 0;
					return widen(one, ownFlat[at] ?? wanted, wanted);
				});
				return [index, ...shared];
			}
			default: {
				const place = this.#guest.exports.cabi_realloc(0, 0, alignment, size);
				this.store(type, value, place);
				return flat.map((core, index) => this.#read(core, structure, place + index * 4, size));
			}
		}
	}

	#read(core: string, structure: Structure, place: number, size: number): CoreValue {
		const { view } = this.#guest;
		if (core === 'i64') return view.getBigInt64(place, true);
		if (core === 'f64') return view.getFloat64(place, true);
		if (core === 'f32') return view.getFloat32(place, true);
		const signed = structure.kind === 'primitive' && structure.primitive.startsWith('s');
		if (size === 1) return signed ? view.getInt8(place) : view.getUint8(place);
		if (size === 2) return signed ? view.getInt16(place, true) : view.getUint16(place, true);
		return view.getInt32(place, true);
	}

	/** Stores a value in memory. */
	store(type: WitType, value: unknown, place: number): void {
		const structure = structureOf(type);
		switch (structure.kind) {
			case 'primitive':
				this.#storePrimitive(structure.primitive, value, place);
				break;
			case 'numbers': {
				const numbers = value as Uint8Array;
				const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
				this.#storeSpan(place, this.#allocate(bytes, numbers.BYTES_PER_ELEMENT), numbers.length);
				break;
			}
			case 'list': {
				const items = value as readonly unknown[];
				const { size, alignment } = layoutOf(structure.element);
				const start = this.#guest.exports.cabi_realloc(0, 0, alignment, items.length * size);
				for (const [index, item] of items.entries()) this.store(structure.element, item, start + index * size);
				this.#storeSpan(place, start, items.length);
				break;
			}
			case 'record': {
				const { offsets } = layoutRecord(structure.fields.map((field) => field.type));
				for (const [index, field] of structure.fields.entries()) {
					this.store(field.type, (value as Fields)[field.member], place + (offsets[index] ?? 0));
				}
				break;
			}
			case 'tuple': {
				const { offsets } = layoutRecord(structure.items);
				for (const [index, item] of structure.items.entries()) {
					this.store(item, (value as readonly unknown[])[index], place + (offsets[index] ?? 0));
				}
				break;
			}
			case 'option':
			case 'union': {
				const { index, payload, types } = caseOf(structure, value);
				const { discriminantSize, payloadOffset } = layoutVariant(types);
				this.#storeNumber(place, discriminantSize, index);
				const type = types[index];
				if (type !== undefined) this.store(type, payload, place + payloadOffset);
				break;
			}
			case 'enum':
				this.#storeNumber(
					place,
					layoutOf(type).size,
					structure.labels.findIndex(({ name }) => name === value),
				);
				break;
			case 'flags': {
				const bits = structure.flags.reduce(
					(sum, { member }, index) => sum + ((value as Fields)[member] === true ? 2 ** index : 0),
					0,
				);
				this.#storeNumber(place, layoutOf(type).size, bits);
				break;
			}
			case 'handle':
				this.#storeNumber(place, 4, value as number);
		}
	}

	#storePrimitive(primitive: Primitive, value: unknown, place: number): void {
		if (primitive === 'string') {
			const bytes = new TextEncoder().encode(value as string);
			this.#storeSpan(place, this.#allocate(bytes, 1), bytes.length);
			return;
		}
		const { view } = this.#guest;
		if (primitive === 'f32') view.setFloat32(place, value as number, true);
		else if (primitive === 'f64') view.setFloat64(place, value as number, true);
		else if (typeof value === 'bigint') view.setBigInt64(place, value, true);
		else {
			const number = typeof value === 'string' ? (value.codePointAt(0) ?? 0) : Number(value);
			this.#storeNumber(place, layoutOf({ kind: primitive }).size, number);
		}
	}

	#allocate(bytes: Uint8Array, alignment: number): number {
		const start = this.#guest.exports.cabi_realloc(0, 0, alignment, bytes.length);
		this.#guest.bytes.set(bytes, start);
		return start;
	}

	#storeSpan(place: number, start: number, length: number): void {
		this.#storeNumber(place, 4, start);
		this.#storeNumber(place + 4, 4, length);
	}

	#storeNumber(place: number, size: number, value: number): void {
		const { view } = this.#guest;
		if (size === 1) view.setUint8(place, value);
		else if (size === 2) view.setUint16(place, value, true);
		else view.setUint32(place, value, true);
	}

	/** Loads a value from memory, and frees what it points at. */
	load(type: WitType, place: number): unknown {
		const structure = structureOf(type);
		switch (structure.kind) {
			case 'primitive':
				return this.#loadPrimitive(structure.primitive, place);
			case 'numbers': {
				const arrays = globalThis as unknown as Readonly<Record<string, typeof Uint8Array>>;
				const type = arrays[structure.array] ?? Uint8Array;
				const [start, length] = this.#span(place, type.BYTES_PER_ELEMENT);
				const copy = this.#guest.bytes.slice(start, start + length * type.BYTES_PER_ELEMENT);
				this.#free(start, copy.length);
				return new type(copy.buffer);
			}
			case 'list': {
				const { size, alignment } = layoutOf(structure.element);
				const [start, length] = this.#span(place, alignment);
				const items = Array.from({ length }, (_, index) => this.load(structure.element, start + index * size));
				this.#free(start, length * size);
				return items;
			}
			case 'record': {
				const { offsets } = layoutRecord(structure.fields.map((field) => field.type));
				return Object.fromEntries(
					structure.fields.map(({ member, type }, index) => [member, this.load(type, place + (offsets[index] ?? 0))]),
				);
			}
			case 'tuple': {
				const { offsets } = layoutRecord(structure.items);
				return structure.items.map((item, index) => this.load(item, place + (offsets[index] ?? 0)));
			}
			case 'option': {
				const { payloadOffset } = layoutVariant([undefined, structure.some]);
				return this.#number(place, 1) === 0 ? undefined : this.load(structure.some, place + payloadOffset);
			}
			case 'union': {
				const { discriminantSize, payloadOffset } = layoutVariant(structure.cases.map((one) => one.type));
				const one = structure.cases[this.#number(place, discriminantSize)];
				if (one?.type === undefined) return { tag: one?.tag };
				return { tag: one.tag, val: this.load(one.type, place + payloadOffset) };
			}
			case 'enum':
				return structure.labels[this.#number(place, layoutOf(type).size)]?.name;
			case 'flags': {
				const bits = BigInt(this.#number(place, layoutOf(type).size));
				return Object.fromEntries(
					structure.flags.map(({ member }, index) => [member, ((bits >> BigInt(index)) & 1n) === 1n]),
				);
			}
			case 'handle':
				return this.#number(place, 4);
		}
	}

	#loadPrimitive(primitive: Primitive, place: number): unknown {
		const { view } = this.#guest;
		switch (primitive) {
			case 'bool':
				return view.getUint8(place) !== 0;
			case 's8':
				return view.getInt8(place);
			case 's16':
				return view.getInt16(place, true);
			case 's32':
				return view.getInt32(place, true);
			case 's64':
				return view.getBigInt64(place, true);
			case 'u64':
				return view.getBigUint64(place, true);
			case 'f32':
				return view.getFloat32(place, true);
			case 'f64':
				return view.getFloat64(place, true);
			case 'char':
				return String.fromCodePoint(view.getUint32(place, true));
			case 'string': {
				const [start, length] = this.#span(place, 1);
				const text = this.#guest.text(start, length);
				this.#free(start, length);
				return text;
			}
			default:
				return this.#number(place, layoutOf({ kind: primitive }).size);
		}
	}

	#span(place: number, alignment: number): [start: number, length: number] {
		const start = this.#number(place, 4);
		if (start % alignment !== 0) throw new Error(`${start} is not aligned to ${alignment}`);
		return [start, this.#number(place + 4, 4)];
	}

	#free(start: number, size: number): void {
		// The block may be larger: what is freed is what is there.
		if (size > 0) this.#guest.free(start);
	}

	#number(place: number, size: number): number {
		const { view } = this.#guest;
		if (size === 1) return view.getUint8(place);
		return size === 2 ? view.getUint16(place, true) : view.getUint32(place, true);
	}
}

function caseOf(
	structure: Extract<Structure, { readonly kind: 'option' | 'union' }>,
	value: unknown,
): { readonly index: number; readonly payload: unknown; readonly types: readonly (WitType | undefined)[] } {
	if (structure.kind === 'option') {
		return { index: value === undefined ? 0 : 1, payload: value, types: [undefined, structure.some] };
	}
	const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
	const types = structure.cases.map(({ type }) => type);
	return { index: structure.cases.findIndex((one) => one.tag === tag), payload: val, types };
}

/** A core value as the wider one that several cases share. */
function widen(value: CoreValue, own: string, wanted: string): CoreValue {
	if (own === wanted) return value;
	const view = new DataView(new ArrayBuffer(8));
	if (own === 'f32') view.setFloat32(0, value as number, true);
	else if (own === 'f64') view.setFloat64(0, value as number, true);
	else view.setInt32(0, value as number, true);
	return wanted === 'i64' ? view.getBigInt64(0, true) : view.getInt32(0, true);
}
