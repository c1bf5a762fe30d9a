import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runNode } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { wasmtimePackages } from '../helpers/wasmtime.js';

const CROSSING = join(ROOT, 'test/e2e/crossing');

/** How calls end that do not only give back what they were given. */
const ENDS = [
	"gave Row(id=1, name='one', score=1.5, ok=True, class_=3)",
	"raised DbError.NotFound row 1 DbError.NotFound('row 1')",
	'raised DbError.Timeout  DbError.Timeout()',
	'gave None',
	'raised ResultError None None',
	"raised StringError no such cursor 'no such cursor'",
	"raised TypeError text() argument 'value' must be str, not int None",
	"raised TypeError one_shape() argument 'value' must be demo.Shape, not demo.Row None",
	"2 first second [Row(id=0, name='second0', score=0.0, ok=True, class_=0), Row(id=1, name='second1', score=0.5, ok=False, class_=1)]",
	'firstsecond 1',
	'firstsecond third 2',
	'raised the demo.Cursor was given away',
	'raised the demo.Cursor was given away',
	'0',
];

describe.each(VERSIONS)('the same calls from CPython %s', (version) => {
	let dist: string;
	/** What the program prints with cpybuild's own bindings; it compares the values that come back itself. */
	let lines: readonly string[];

	beforeAll(async () => {
		dist = await builtDist(version, 'crossing');
		const embed = join(ROOT, 'test/helpers/embed.mjs');
		const args = [embed, dist, join(CROSSING, 'host.mjs'), join(CROSSING, 'crossing.py')];
		const { code, stdout, stderr } = await runNode(args, { nodeOptions: ['--stack-size=3900'] });
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		lines = stdout.split('\n');
	});

	test('give what the host gave, in bindings', () => {
		expect(lines.slice(-ENDS.length)).toEqual(ENDS);
		expect(lines.length).toBeGreaterThan(80);
	});

	test('give the same in a component in jco', async () => {
		const { code, stdout, stderr } = await runNode([join(CROSSING, 'in-jco.mjs'), dist]);
		expect({ code, stderr, lines: stdout.split('\n') }).toEqual({ code: 0, stderr: '', lines });
	});

	test('give the same in a component in wasmtime', async () => {
		const env = { PYTHONPATH: await wasmtimePackages() };
		const { stdout, stderr } = await execa('python3', [join(CROSSING, 'in_wasmtime.py'), dist], { env });
		expect({ stderr, lines: stdout.split('\n') }).toEqual({ stderr: '', lines });
	});
});
