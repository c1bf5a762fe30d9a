import { type Lowered, START } from './image.js';

/** How memory of a guest is made and filled. */
export interface GuestHeap {
	/** Gives 0 when memory is full. */
	allocate(size: number): number;
	free(pointer: number, size: number): void;
	/** All memory, as it is now. */
	memory(): ArrayBufferLike;
	raise(kind: number, pointer: number, length: number): void;
	/** In debug builds: where the host threw what is raised. */
	raiseStack(pointer: number, length: number): void;
}

/** What a host's lack of memory becomes in Python; the number belongs to the ABI. */
const MEMORY_ERROR = 4;

const encoder = new TextEncoder();

/**
 * Brings what was lowered into the memory of the guest; `area` is where it wants the result. Gives what the import
 * returns.
 */
export function applyLowered(guest: GuestHeap, name: string, lowered: Lowered, area: number): Lowered['core'] {
	const { core, bytes, area: size, spans, raised } = lowered;
	const moved = raised ? undefined : moveBlocks(guest, lowered, area);
	if (moved === undefined) {
		const message = `${name}: the host returned ${bytes.length} bytes, for which there is no memory`;
		raise(guest, raised ?? { kind: MEMORY_ERROR, message });
		return core;
	}
	if (size > 0) new Uint8Array(guest.memory(), area, size).set(bytes.subarray(0, size));
	if (spans.length > 0) moveSpans(new DataView(guest.memory()), spans, moved);
	return core;
}

function raise(guest: GuestHeap, { kind, message, stack }: NonNullable<Lowered['raised']>): void {
	const [pointer, length] = writeText(guest, message);
	guest.raise(pointer === 0 ? MEMORY_ERROR : kind, pointer, length);
	if (stack !== undefined) guest.raiseStack(...writeText(guest, stack));
}

function writeText(guest: GuestHeap, text: string): [pointer: number, length: number] {
	const bytes = encoder.encode(text);
	const pointer = guest.allocate(bytes.length);
	if (pointer === 0) return [0, 0];
	new Uint8Array(guest.memory(), pointer, bytes.length).set(bytes);
	return [pointer, bytes.length];
}

/** Copies all allocations; where each of them went, in the order of their addresses. Undefined when memory is full. */
function moveBlocks(
	guest: GuestHeap,
	{ bytes, blocks }: Lowered,
	area: number,
): ReadonlyMap<number, number> | undefined {
	const moved = new Map([[START, area]]);
	const taken: (readonly [pointer: number, size: number])[] = [];
	for (let index = 0; index < blocks.length; index += 2) {
		const start = blocks[index] ?? 0;
		const size = blocks[index + 1] ?? 0;
		const pointer = guest.allocate(size);
		if (pointer === 0) {
			for (const one of taken) guest.free(...one);
			return undefined;
		}
		new Uint8Array(guest.memory(), pointer, size).set(bytes.subarray(start - START, start - START + size));
		taken.push([pointer, size]);
		moved.set(start, pointer);
	}
	return moved;
}

/** Rewrites addresses of the image at their places in the guest. */
function moveSpans(view: DataView, spans: readonly number[], moved: ReadonlyMap<number, number>): void {
	const starts = [...moved.keys()];
	for (const span of spans) {
		const start = starts[lastUpTo(starts, span)] ?? START;
		const at = (moved.get(start) ?? 0) + span - start;
		// What is empty has no memory, and an address that is only aligned.
		const pointer = moved.get(view.getUint32(at, true));
		if (pointer !== undefined) view.setUint32(at, pointer, true);
	}
}

/** The index of the last of some rising numbers that is not above a limit. */
function lastUpTo(numbers: readonly number[], limit: number): number {
	let low = 0;
	let high = numbers.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((numbers[middle] ?? 0) <= limit) low = middle;
		else high = middle - 1;
	}
	return low;
}
