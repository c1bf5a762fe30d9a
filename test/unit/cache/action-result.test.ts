import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { describe, expect, test } from 'vitest';
import { decodeActionResult, encodeActionResult } from '../../../src/cache/action-result.js';

const SHA256 = '0123456789abcdef'.repeat(4);
const BLOB = { sha256: SHA256, bytes: 1_234_567 };

/** Writes a message as some other program might. */
function message(write: (writer: PbfWriter) => void): Uint8Array {
	const writer = new PbfWriter();
	write(writer);
	return writer.finish();
}

/** An `ActionResult` with one file and whatever `more` writes. */
function result(path: string, hash: string, bytes: number, more: (writer: PbfWriter) => void = () => {}): Uint8Array {
	return message((writer) => {
		writer.writeMessage(
			2,
			(_, file) => {
				file.writeStringField(1, path);
				file.writeMessage(
					2,
					(__, digest) => {
						digest.writeStringField(1, hash);
						digest.writeVarintField(2, bytes);
					},
					undefined,
				);
			},
			undefined,
		);
		more(writer);
	});
}

test('an entry is an ActionResult with one output file', () => {
	const text = Buffer.from(SHA256).toString('hex');
	// protoc --decode=build.bazel.remote.execution.v2.ActionResult shows output_files { path: "entry.tar" digest { … } }.
	expect(Buffer.from(encodeActionResult(BLOB)).toString('hex')).toBe(
		`1253${'0a09656e7472792e746172'}${'1246'}${`0a40${text}`}${'1087ad4b'}`,
	);
});

test('the digest comes back, whatever its size', () => {
	fc.assert(
		fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (bytes) => {
			expect(decodeActionResult(encodeActionResult({ sha256: SHA256, bytes }))).toEqual({ sha256: SHA256, bytes });
		}),
	);
});

test('what servers add is passed over', () => {
	const added = result('entry.tar', SHA256, 5, (writer) => {
		writer.writeBytesField(5, Buffer.from('stdout'));
		writer.writeMessage(9, (_, metadata) => metadata.writeStringField(1, 'worker-1'), undefined);
		writer.writeFixed64Field(1000, 7);
		writer.writeFixed32Field(1001, 7);
		writer.writeVarintField(1002, 2 ** 40);
	});
	expect(decodeActionResult(added)).toEqual({ sha256: SHA256, bytes: 5 });
});

describe('is none of ours:', () => {
	test.each<[string, Uint8Array]>([
		['nothing', new Uint8Array()],
		['text', Buffer.from('<!doctype html><title>Welcome</title>')],
		['a failed action', result('entry.tar', SHA256, 5, (writer) => writer.writeVarintField(4, 1))],
		['another file', result('main.o', SHA256, 5)],
		['a hash that is too short', result('entry.tar', SHA256.slice(1), 5)],
		['a hash in capitals', result('entry.tar', SHA256.toUpperCase(), 5)],
		['a path instead of a hash', result('entry.tar', `../../${SHA256.slice(6)}`, 5)],
		['a negative size', result('entry.tar', SHA256, -1)],
		['a size beyond exact numbers', result('entry.tar', SHA256, 2 ** 60)],
		[
			'a file without a digest',
			message((writer) => writer.writeMessage(2, (_, file) => file.writeStringField(1, 'entry.tar'), undefined)),
		],
		['a number where the file belongs', message((writer) => writer.writeVarintField(2, 7))],
		['two files', Buffer.concat([result('entry.tar', SHA256, 5), result('entry.tar', SHA256, 5)])],
		['a field of a type that is no more', Buffer.concat([result('entry.tar', SHA256, 5), Buffer.of(0x0b)])],
		['a field without a number', Buffer.concat([result('entry.tar', SHA256, 5), Buffer.of(0, 1)])],
	])('%s', (_, bytes) => {
		expect(decodeActionResult(bytes)).toBeUndefined();
	});

	test('a message that ends too early, anywhere', () => {
		const whole = encodeActionResult(BLOB);
		const cut = [...whole.keys()].map((end) => decodeActionResult(whole.subarray(0, end)));
		expect(new Set(cut)).toEqual(new Set([undefined]));
	});

	test('any other bytes', () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodeActionResult(bytes) === undefined));
	});
});
