import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cpybuild } from '../helpers/cli.js';
import { VERSIONS } from '../helpers/dist.js';
import { openProject, type Project } from '../helpers/project.js';

const manifestFor = (version: string) => `python: "${version}"
wit: ./wit
modules:
  db:
    types: |
      use paint.{color as paint-color};

      /// What is asked for.
      record query {
        text: string,
        limit: option<u32>,
        color: paint-color,
      }

      variant db-error { closed, bad-query(string) }
      flags perms { read, write }
      type row = list<string>;

      resource cursor {
        constructor(q: query);
        next: func() -> option<row>;
        count: static func(of: borrow<cursor>) -> result<u32, db-error>;
      }
    functions:
      ask: "func(q: query, p: perms) -> result<cursor, db-error>"
  paint:
    types: "enum color { red, green }"
    functions:
      mix: "func(a: color) -> tuple<color, list<f64>>"
`;

const WIT = `package acme:log;

world python {
  import log: interface {
    variant level { debug, fault(u16) }
    write: func(%from: string, at: level) -> u64;
  }
}
`;

const HOST = `
class Cursor {
	at = 0;
	constructor(query) { this.query = query; }
	next() { return this.at++ < 1 ? [this.query.text, String(this.query.limit), this.query.color] : undefined; }
	static count(cursor) {
		if (cursor.at > 1) throw new DbErrorException({ tag: 'bad-query', val: 'too far' });
		return cursor.at;
	}
}
import { DbErrorException } from './dist/bindings.js';
export default {
	db: {
		Cursor,
		ask(query, perms) {
			if (perms.write) throw new DbErrorException({ tag: 'closed' });
			return new Cursor(query);
		},
	},
	paint: { mix: (color) => [color === 'red' ? 'green' : 'red', new Float64Array([0.5, 1])] },
	log: { write: (from, level) => BigInt(from.length) + BigInt(level.val ?? 0) },
};
`;

const PROGRAM = `
import db, log, paint
print(paint.mix(paint.Color.RED))
query = db.Query(text="a", limit=None, color=paint.Color.GREEN)
with db.ask(query, db.Perms.READ) as cursor:
    print(cursor.next(), db.Cursor.count(cursor), cursor.next())
    try:
        db.Cursor.count(cursor)
    except db.DbError.BadQuery as error:
        print(repr(error))
try:
    db.ask(query, db.Perms.READ | db.Perms.WRITE)
except db.DbError as error:
    print(repr(error))
print(db.Cursor(db.Query("b", 3, paint.Color.RED)).next())
print(log.write(from_="abc", at=log.Level.Fault(10)))
`;

let folder: string;
let project: Project;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cpybuild-types-'));
	project = await openProject(folder, {
		'project.yaml': manifestFor(VERSIONS[0]),
		'wit/log.wit': WIT,
		'host.mjs': HOST,
	});
	const { code, stderr } = await project.build();
	if (code !== 0) throw new Error(stderr);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([...VERSIONS].reverse())(
	'types that manifests and WIT files declare cross the boundary in %s',
	async (version) => {
		await project.write('project.yaml', manifestFor(version));
		expect((await project.build()).code).toBe(0);
		expect(await project.python(PROGRAM, { host: `${folder}/host.mjs` })).toEqual({
			code: 0,
			stderr: '',
			stdout: `(<Color.GREEN: 1>, array('d', [0.5, 1.0]))
['a', 'undefined', 'green'] 1 None
DbError.BadQuery('too far')
DbError.Closed()
['b', '3', 'red']
13`,
		});
	},
);

test('the contract in python.wasm is that of the manifest', async () => {
	expect(await cpybuild(['diff', 'dist/python.wasm', 'project.yaml'], { cwd: folder })).toEqual({
		code: 0,
		stderr: '',
		stdout: 'nothing that hosts or Python code can see has changed',
	});
});

test('a changed WIT file is built, a new one too', async () => {
	await project.write('wit/log.wit', WIT.replace('fault(u16)', 'fault(u32)'));
	expect((await cpybuild(['diff', 'dist/python.wasm', 'project.yaml'], { cwd: folder })).stdout).toBe(
		`log.level was changed, which breaks hosts
  - variant { debug, fault(u16) }
  + variant { debug, fault(u32) }

1 change: breaks hosts`,
	);
	expect((await project.build()).code).toBe(0);
	expect((await cpybuild(['diff', 'dist/python.wasm', 'project.yaml'], { cwd: folder })).code).toBe(0);
	await project.write('wit/more.wit', 'package acme:log;\nworld other {}\n');
	expect((await project.build()).code).toBe(2);
});
