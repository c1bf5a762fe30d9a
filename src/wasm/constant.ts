import { readHeapType } from './read-types.js';
import type { Reader } from './reader.js';

type Operands = (reader: Reader) => unknown;

const end = 0x0b;
const none: Operands = () => undefined;
const index: Operands = (reader) => reader.u32();
const twoIndices: Operands = (reader) => [reader.u32(), reader.u32()];

/** The instructions that a constant may consist of, with what follows their code. */
const instructions: ReadonlyMap<number, Operands> = new Map([
	[0x23, index], // global.get
	[0x41, skipLeb], // i32.const
	[0x42, skipLeb], // i64.const
	[0x43, (reader) => reader.skip(4)], // f32.const
	[0x44, (reader) => reader.skip(8)], // f64.const
	[0x6a, none], // i32.add
	[0x6b, none], // i32.sub
	[0x6c, none], // i32.mul
	[0x7c, none], // i64.add
	[0x7d, none], // i64.sub
	[0x7e, none], // i64.mul
	[0xd0, readHeapType], // ref.null
	[0xd2, index], // ref.func
	[0xfb, (reader) => skipOperands(reader, gcInstructions, reader.u32())],
	[0xfd, (reader) => skipOperands(reader, vectorInstructions, reader.u32())],
]);

const gcInstructions: ReadonlyMap<number, Operands> = new Map([
	[0x00, index], // struct.new
	[0x01, index], // struct.new_default
	[0x06, index], // array.new
	[0x07, index], // array.new_default
	[0x08, twoIndices], // array.new_fixed
	[0x1a, none], // any.convert_extern
	[0x1b, none], // extern.convert_any
	[0x1c, none], // ref.i31
]);

const vectorInstructions: ReadonlyMap<number, Operands> = new Map([
	[0x0c, (reader) => reader.skip(16)], // v128.const
]);

/** Leaves out a constant expression (the initial value of a global or table), its end included. */
export function skipConstant(reader: Reader): void {
	for (let code = reader.byte(); code !== end; code = reader.byte()) skipOperands(reader, instructions, code);
}

function skipOperands(reader: Reader, known: ReadonlyMap<number, Operands>, code: number): void {
	const skip = known.get(code) ?? reader.refuse(`instruction 0x${code.toString(16)} may not stand in a constant`);
	skip(reader);
}

function skipLeb(reader: Reader): void {
	for (let left = 10; left > 0; left--) {
		if ((reader.byte() & 0x80) === 0) return;
	}
	reader.refuse('a number has more than 64 bits');
}
