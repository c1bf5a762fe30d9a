import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../src/generate/abi/layout.js';
import { withoutAlias } from '../../../src/wit/parts.js';
import type { WitType } from '../../../src/wit/type.js';
import { Codec } from './codec.js';
import { type CoreValue, FakeGuest, load } from './guest.js';
import { hostFunction, hostModule, manifestOf } from './manifests.js';
import { randomType, randomValue } from './random-types.js';
import { func, result } from './types.js';

/** Set `CPYBUILD_SEED` to run the same types and values again. */
const seed = Number(process.env.CPYBUILD_SEED ?? Date.now() % 2 ** 31);

/** Enough small parameters that all of them are spilled to memory. */
const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`p${index}`, 'u8' as const]));

/** A guest with its host: functions of a type, in both directions. */
async function connect(types: readonly WitType[]) {
	const functions = types.flatMap((type, index) => [
		hostFunction('demo', `take${index}`, func({ a: type })),
		hostFunction('demo', `spill${index}`, func({ ...many, a: type })),
		hostFunction('demo', `give${index}`, func({}, type)),
		hostFunction('demo', `find${index}`, func({}, result(type, type))),
	]);
	const taken: unknown[] = [];
	const given: { value: unknown; fails: boolean } = { value: undefined, fails: false };
	const give = (type: WitType) => (): unknown => {
		// A result is what the function returns, or throws.
		if (withoutAlias(type).kind !== 'result') return given.value;
		const { tag, val } = given.value as { readonly tag: string; readonly val: unknown };
		if (tag === 'err') throw Object.assign(new Error(), { payload: val });
		return val;
	};
	const find = (): unknown => {
		if (given.fails) throw Object.assign(new Error(), { payload: given.value });
		return given.value;
	};
	const takeLast = (...values: readonly unknown[]): void => void taken.push(values.at(-1));
	const host = types.flatMap((type, index) => [
		[`take${index}`, takeLast],
		[`spill${index}`, takeLast],
		[`give${index}`, give(type)],
		[`find${index}`, find],
	]);
	const { createBindings } = await load(manifestOf(hostModule('demo', functions)));
	const bindings = createBindings({ demo: Object.fromEntries(host) });
	const guest = new FakeGuest();
	bindings.attach(guest);
	const call = (name: string, ...values: readonly CoreValue[]): CoreValue | undefined =>
		bindings.imports.demo?.[name]?.(...values);
	return { guest, call, taken, given, codec: new Codec(guest) };
}

type Connection = Awaited<ReturnType<typeof connect>>;

/** What the host gets for a value that the guest passes. */
function passIn({ codec, call, taken, guest }: Connection, type: WitType, index: number, value: unknown): unknown[] {
	const core = codec.lower(type, value);
	if (core.length <= 16) call(`take${index}`, ...core);
	else {
		const { size, alignment } = layoutOf(type);
		const place = guest.exports.cabi_realloc(0, 0, alignment, size);
		codec.store(type, value, place);
		call(`take${index}`, place);
	}
	const { alignment, size } = layoutOf(type);
	const offset = Math.ceil(17 / alignment) * alignment;
	const record = guest.exports.cabi_realloc(0, 0, 8, offset + size);
	codec.store(type, value, record + offset);
	call(`spill${index}`, record);
	return taken.splice(0);
}

/** What the guest gets of a result. */
function getBack({ codec, call, guest }: Connection, type: WitType, name: string): unknown {
	guest.blocks.clear();
	const { size, alignment, flat } = layoutOf(type);
	const area = guest.exports.cabi_realloc(0, 0, alignment, size);
	if (flat.length > 1) call(name, area);
	else storeCore(guest, area, size, flat[0] ?? '', call(name) ?? 0);
	expect(guest.raised).toEqual([]);
	const value = codec.load(type, area);
	guest.free(area);
	expect([...guest.blocks]).toEqual([]);
	return value;
}

function storeCore({ view }: FakeGuest, place: number, size: number, core: string, value: CoreValue): void {
	if (core === 'f32') view.setFloat32(place, Number(value), true);
	else if (core === 'f64') view.setFloat64(place, Number(value), true);
	else if (typeof value === 'bigint') view.setBigInt64(place, value, true);
	else if (size === 1) view.setUint8(place, value);
	else if (size === 2) view.setUint16(place, value, true);
	else view.setUint32(place, value, true);
}

test(`values of random types cross in both directions and are the same (seed ${seed})`, async () => {
	const types = fc.array(randomType, { minLength: 4, maxLength: 6 });
	await fc.assert(
		fc.asyncProperty(types, fc.gen(), async (all, gen) => {
			const connection = await connect(all);
			for (const [index, type] of all.entries()) {
				for (let round = 0; round < 5; round++) {
					const value = gen(randomValue, type);
					expect(passIn(connection, type, index, value)).toEqual([value, value]);
					Object.assign(connection.given, { value, fails: false });
					expect(getBack(connection, type, `give${index}`)).toEqual(value);
					expect(getBack(connection, result(type, type), `find${index}`)).toEqual({ tag: 'ok', val: value });
					connection.given.fails = true;
					expect(getBack(connection, result(type, type), `find${index}`)).toEqual({ tag: 'err', val: value });
				}
			}
		}),
		{ seed, numRuns: 10, endOnFailure: true },
	);
});
