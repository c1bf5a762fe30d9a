import { PbfReader, PbfWriter } from 'pbf';

/** Names the bytes of a blob. */
export interface Digest {
	/** Of exactly these bytes, in hexadecimal. */
	readonly sha256: string;
	readonly bytes: number;
}

/** The path that the blob has as the only output file of the action. */
const OUTPUT_PATH = 'entry.tar';

// Numbers of the fields, from build/bazel/remote/execution/v2/remote_execution.proto.
const OUTPUT_FILES = 2;
const FILE_PATH = 1;
const FILE_DIGEST = 2;
const DIGEST_HASH = 1;
const DIGEST_BYTES = 2;
const EXIT_CODE = 4;

// How values are written: see the encoding of Protocol Buffers.
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * Which blob holds an entry, as servers with the Bazel protocol know it: the `ActionResult` of the Remote Execution
 * API v2, with one output file. Its exit code is 0, which protobuf writes by leaving it out.
 */
export function encodeActionResult(blob: Digest): Uint8Array {
	const writer = new PbfWriter();
	writer.writeMessage(OUTPUT_FILES, writeFile, blob);
	return writer.finish();
}

function writeFile(blob: Digest, writer: PbfWriter): void {
	writer.writeStringField(FILE_PATH, OUTPUT_PATH);
	writer.writeMessage(FILE_DIGEST, writeDigest, blob);
}

function writeDigest(blob: Digest, writer: PbfWriter): void {
	writer.writeStringField(DIGEST_HASH, blob.sha256);
	writer.writeVarintField(DIGEST_BYTES, blob.bytes);
}

/**
 * The blob that an `ActionResult` names, whatever else a server has added to it; nothing for bytes that are no such
 * message, or one that no cpybuild wrote.
 */
export function decodeActionResult(bytes: Uint8Array): Digest | undefined {
	try {
		return readActionResult(new PbfReader(bytes));
	} catch {
		return undefined;
	}
}

function readActionResult(reader: PbfReader): Digest | undefined {
	const files: { path: string; digest: Digest | undefined }[] = [];
	let exitCode = 0;
	readFields(reader, reader.length, {
		[OUTPUT_FILES]: () => files.push(readFile(reader)),
		[EXIT_CODE]: () => {
			exitCode = readNumber(reader);
		},
	});
	const [file, ...others] = files;
	return exitCode === 0 && file?.path === OUTPUT_PATH && others.length === 0 ? file.digest : undefined;
}

function readFile(reader: PbfReader): { path: string; digest: Digest | undefined } {
	let path = '';
	let digest: Digest | undefined;
	readMessage(reader, {
		[FILE_PATH]: () => {
			path = readText(reader);
		},
		[FILE_DIGEST]: () => {
			digest = readDigest(reader);
		},
	});
	return { path, digest };
}

function readDigest(reader: PbfReader): Digest | undefined {
	let sha256 = '';
	let bytes = 0;
	readMessage(reader, {
		[DIGEST_HASH]: () => {
			sha256 = readText(reader);
		},
		[DIGEST_BYTES]: () => {
			bytes = readNumber(reader);
		},
	});
	return /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(bytes) && bytes >= 0 ? { sha256, bytes } : undefined;
}

/** Reads the fields that a message may have, by number; others are skipped. */
type FieldReaders = Readonly<Record<number, () => void>>;

function readMessage(reader: PbfReader, fields: FieldReaders): void {
	requireType(reader, LENGTH_DELIMITED);
	const bytes = reader.readVarint();
	readFields(reader, reader.pos + bytes, fields);
}

/** The library reads on behind the end of a message, so it has to end where it says. */
function readFields(reader: PbfReader, end: number, fields: FieldReaders): void {
	if (end > reader.length) throw new RangeError('a message is longer than what holds it');
	reader.readFields((field) => fields[field]?.(), undefined, end);
	if (reader.pos !== end) throw new RangeError('a message ends inside of a field');
}

function readText(reader: PbfReader): string {
	requireType(reader, LENGTH_DELIMITED);
	return reader.readString();
}

function readNumber(reader: PbfReader): number {
	requireType(reader, VARINT);
	return reader.readVarint(true);
}

function requireType(reader: PbfReader, type: number): void {
	if (reader.type !== type) throw new TypeError(`wire type ${reader.type} where ${type} belongs`);
}
