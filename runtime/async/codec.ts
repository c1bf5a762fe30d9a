/** Tags of encoded values. */
const Tag = {
	UNDEFINED: 0,
	NULL: 1,
	FALSE: 2,
	TRUE: 3,
	NUMBER: 4,
	BIGINT: 5,
	STRING: 6,
	ARRAY: 7,
	OBJECT: 8,
	NUMBERS: 9,
	FUNCTION: 10,
	SYMBOL: 11,
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The typed arrays, by number. */
const ARRAYS = [
	Uint8Array,
	Int8Array,
	Uint16Array,
	Int16Array,
	Uint32Array,
	Int32Array,
	Float32Array,
	Float64Array,
	BigInt64Array,
	BigUint64Array,
	Uint8ClampedArray,
] as const;

/**
 * A value as bytes, for a thread that waits and so gets no message. Of an object, all properties that can be read are
 * kept, those of its class too, and the name of its class, which messages show.
 */
export function encode(value: unknown): Encoded {
	const writer = new Writer();
	writer.write(value);
	return { bytes: writer.bytes(), objects: writer.objects };
}

/** The value that was encoded. */
export function decode(bytes: Uint8Array): Decoded {
	const reader = new Reader(bytes);
	return { value: reader.read(), objects: reader.objects };
}

/** A value as bytes, and all objects in it: `decode` gives their copies in the same order. */
export interface Encoded {
	readonly bytes: Uint8Array;
	readonly objects: readonly object[];
}

/** A value with all objects in it. */
export interface Decoded {
	readonly value: unknown;
	readonly objects: readonly object[];
}

class Writer {
	readonly objects: object[] = [];
	#bytes = new Uint8Array(256);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;
	/** The objects that the one which is written is in: within themselves they are left out. */
	readonly #around = new Set<object>();

	bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	write(value: unknown): void {
		if (value === undefined) this.#byte(Tag.UNDEFINED);
		else if (value === null) this.#byte(Tag.NULL);
		else if (typeof value === 'boolean') this.#byte(value ? Tag.TRUE : Tag.FALSE);
		else if (typeof value === 'number') {
			this.#byte(Tag.NUMBER);
			const at = this.#room(8);
			this.#view.setFloat64(at, value);
		} else if (typeof value === 'bigint') {
			this.#byte(Tag.BIGINT);
			this.#text(String(value));
		} else if (typeof value === 'string') {
			this.#byte(Tag.STRING);
			this.#units(value);
		} else if (typeof value === 'function') this.#byte(Tag.FUNCTION);
		else if (typeof value === 'symbol') {
			this.#byte(Tag.SYMBOL);
			this.#text(value.description ?? '');
		} else if (ArrayBuffer.isView(value)) this.#numbers(value);
		else if (this.#around.has(value)) this.#byte(Tag.UNDEFINED);
		else {
			this.#around.add(value);
			this.objects.push(value);
			if (Array.isArray(value)) this.#array(value);
			else this.#object(value);
			this.#around.delete(value);
		}
	}

	#array(array: readonly unknown[]): void {
		this.#byte(Tag.ARRAY);
		this.#count(array.length);
		// Holes count too.
		for (let index = 0; index < array.length; index++) this.write(array[index]);
	}

	#numbers(array: ArrayBufferView): void {
		const name = Object.prototype.toString.call(array).slice(8, -1);
		const type = ARRAYS.findIndex((one) => one.name === name);
		this.objects.push(array);
		if (type < 0) this.#object(array);
		else {
			this.#byte(Tag.NUMBERS);
			this.#byte(type);
			this.#raw(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
		}
	}

	#object(object: object): void {
		this.#byte(Tag.OBJECT);
		this.#text(className(object));
		const names = propertyNames(object);
		this.#count(names.length);
		for (const name of names) {
			this.#text(name);
			this.write((object as Readonly<Record<string, unknown>>)[name]);
		}
	}

	/** A text as it is: one with a lone surrogate arrives with it, and is refused where it matters. */
	#units(text: string): void {
		const isWellFormed = !/\p{Surrogate}/u.test(text);
		this.#byte(isWellFormed ? 0 : 1);
		if (isWellFormed) this.#text(text);
		else this.#raw(new Uint8Array(Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).buffer));
	}

	#text(text: string): void {
		this.#raw(encoder.encode(text));
	}

	#raw(bytes: Uint8Array): void {
		this.#count(bytes.length);
		const at = this.#room(bytes.length);
		this.#bytes.set(bytes, at);
	}

	#byte(value: number): void {
		const at = this.#room(1);
		this.#bytes[at] = value;
	}

	#count(value: number): void {
		const at = this.#room(4);
		this.#view.setUint32(at, value);
	}

	#room(size: number): number {
		const at = this.#length;
		this.#length += size;
		if (this.#length > this.#bytes.length) {
			const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
			bytes.set(this.#bytes);
			this.#bytes = bytes;
			this.#view = new DataView(bytes.buffer);
		}
		return at;
	}
}

class Reader {
	readonly objects: object[] = [];
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	read(): unknown {
		switch (this.#byte()) {
			case Tag.UNDEFINED:
				return undefined;
			case Tag.NULL:
				return null;
			case Tag.FALSE:
				return false;
			case Tag.TRUE:
				return true;
			case Tag.NUMBER:
				this.#at += 8;
				return this.#view.getFloat64(this.#at - 8);
			case Tag.BIGINT:
				return BigInt(this.#text());
			case Tag.STRING:
				return this.#units();
			case Tag.ARRAY: {
				const array = this.#noted<unknown[]>([]);
				for (let count = this.#count(); count > 0; count--) array.push(this.read());
				return array;
			}
			case Tag.OBJECT:
				return this.#object();
			case Tag.NUMBERS: {
				const type = ARRAYS[this.#byte()] ?? Uint8Array;
				return this.#noted(new type(this.#raw().slice().buffer));
			}
			case Tag.FUNCTION:
				return () => {};
			default:
				return Symbol(this.#text());
		}
	}

	#object(): object {
		const name = this.#text();
		const count = this.#count();
		const object = this.#noted<Record<string, unknown>>({});
		for (let index = 0; index < count; index++) {
			const key = this.#text();
			const value = this.read();
			Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
		}
		if (name !== 'Object') Object.defineProperty(object, 'constructor', { value: { name } });
		return object;
	}

	#noted<T extends object>(object: T): T {
		this.objects.push(object);
		return object;
	}

	#units(): string {
		if (this.#byte() === 0) return this.#text();
		const units = new Uint16Array(this.#raw().slice().buffer);
		let text = '';
		for (let at = 0; at < units.length; at += 4096) text += String.fromCharCode(...units.subarray(at, at + 4096));
		return text;
	}

	#text(): string {
		return decoder.decode(this.#raw());
	}

	#raw(): Uint8Array {
		const length = this.#count();
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	#byte(): number {
		return this.#bytes[this.#at++] ?? 0;
	}

	#count(): number {
		this.#at += 4;
		return this.#view.getUint32(this.#at - 4);
	}
}

/** The properties of an object that can be read, in its own order; then those that its class computes, and its methods. */
function propertyNames(object: object): readonly string[] {
	const names = new Set(Object.keys(object));
	for (let level = Object.getPrototypeOf(object); level !== null && level !== Object.prototype; ) {
		const own: Readonly<Record<string, PropertyDescriptor>> = Object.getOwnPropertyDescriptors(level);
		for (const [name, { get, value }] of Object.entries(own)) {
			const isMember = get !== undefined || typeof value === 'function';
			if (isMember && name !== '__proto__' && name !== 'constructor') names.add(name);
		}
		level = Object.getPrototypeOf(level);
	}
	return [...names];
}

function className(object: object): string {
	try {
		const name: unknown = object.constructor.name;
		return typeof name === 'string' && name !== '' ? name : 'Object';
	} catch {
		return 'Object';
	}
}
