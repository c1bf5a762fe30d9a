import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cases = join(import.meta.dirname, '../golden/cases');

const right = `import demo
import defaults
import kinds

number: int = demo.bar(1, b=2)
page: bytes = demo.fetch_page("url")
text: str = defaults.texts(d=bytearray(b"x"), e=True)
kinds.take_bytes(memoryview(b"x"))
kinds.take_f64(1)
kinds.take_nothing()
`;

/** Each line is an error. */
const wrong = [
	'demo.bar(1)',
	'demo.bar(1, "2")',
	'demo.bar(1.5, 2)',
	'demo.bar(1, 2, c=3)',
	'demo.fetch_page(b"url")',
	'kinds.take_bytes("x")',
	'kinds.take_bool(None)',
	'text: str = demo.bar(1, 2)',
];

let scratch: string;
let tools: string;
beforeAll(async () => {
	scratch = mkdtempSync(join(tmpdir(), 'cpybuild-pyi-'));
	tools = join(scratch, 'venv/bin');
	await execa('python3', ['-m', 'venv', join(scratch, 'venv')]);
	await execa(join(tools, 'pip'), ['install', '--quiet', '--disable-pip-version-check', 'mypy', 'pyright']);
	mkdirSync(join(scratch, 'typings'));
	for (const name of readdirSync(cases)) {
		const typings = join(cases, name, 'expected/typings');
		cpSync(typings, join(scratch, 'typings'), { recursive: true });
	}
	writeFileSync(join(scratch, 'right.py'), right);
	writeFileSync(join(scratch, 'wrong.py'), `import demo\nimport kinds\n${wrong.join('\n')}\n`);
	const settings = { include: ['typings', 'right.py', 'wrong.py'], stubPath: 'typings', typeCheckingMode: 'strict' };
	writeFileSync(join(scratch, 'pyrightconfig.json'), JSON.stringify(settings));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const allWrong = wrong.map((_, index) => `wrong.py:${index + 3}`);

test('mypy accepts the stub files and right calls, and refuses each wrong call', async () => {
	const options = [
		'--strict',
		'--no-error-summary',
		'--cache-dir',
		join(scratch, 'mypy'),
		'--python-executable',
		join(tools, 'python'),
	];
	const stubs = readdirSync(join(scratch, 'typings')).map((name) => join('typings', name));
	const { stdout } = await execa(join(tools, 'mypy'), [...options, ...stubs, 'right.py', 'wrong.py'], {
		cwd: scratch,
		reject: false,
	});
	const places = stdout.split('\n').map((line) => /^(.*:\d+): error/.exec(line)?.[1]);
	expect([...new Set(places.filter((place) => place !== undefined))], stdout).toEqual(allWrong);
});

test('pyright in strict mode accepts and refuses the same', async () => {
	const { stdout } = await execa(join(tools, 'pyright'), ['--outputjson'], { cwd: scratch, reject: false });
	const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
		readonly generalDiagnostics: readonly {
			readonly file: string;
			readonly severity: string;
			readonly range: { readonly start: { readonly line: number } };
		}[];
	};
	const errors = report.generalDiagnostics.filter((one) => one.severity === 'error');
	const places = errors.map((one) => `${one.file.slice(scratch.length + 1)}:${one.range.start.line + 1}`);
	expect([...new Set(places)], stdout).toEqual(allWrong);
});
