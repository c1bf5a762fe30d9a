import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cases = join(import.meta.dirname, '../golden/cases');

const right = `import array
from typing import assert_never
import app
import client
import db
import demo
import defaults
import draw
import kinds
import paint
import store
from draw import Err, Line, Ok, Shape, Some

number: int = demo.bar(1, b=2)
page: bytes = demo.fetch_page("url")
text: str = defaults.texts(d=bytearray(b"x"), e=True)
kinds.take_bytes(memoryview(b"x"))
kinds.take_f64(1)
kinds.take_nothing()

point = paint.Point(x=1, y=2.5)
line = Line(1, point, None, (point,), paint.Color.HOT_PINK, paint.Effects.BOLD | paint.Effects.UNDER_LINE, b"x", True, "x")
x: float = line.from_.x
points: list[paint.Point] = line.points
numbers: "array.array[float]" = draw.numbers(array.array("b", [1]), b"abcd", [1, 2.5], (True, False))
shapes: list[Shape.Circle | Shape.Line | Shape.Text | Shape.None_] = draw.draw([Shape.Circle(1), Shape.None_()], at=point)
for shape in shapes:
    match shape:
        case Shape.Circle(radius):
            x = radius
        case Shape.Line(Line(id=number)):
            print(number)
        case Shape.Text((text, number)):
            print(text, number)
        case Shape.None_():
            pass
        case _:
            assert_never(shape)
some, result = draw.deep(Some(None), [Ok(Shape.None_()), Err("no")])
if some is not None:
    inner: int | None = some.value
match result:
    case Ok():
        pass
    case Err(number):
        print(number)
found: Line | None = draw.find(name="x")
with db.Cursor("select", None) as cursor:
    rows: list[db.Row] = cursor.fetch(count=5)
    print(app.run(cursor, rows[0]), cursor.merge(db.Cursor.open("x"), [cursor]))
try:
    lines: list[str] = store.query("")
except store.QueryError as query_error:
    print(query_error.code, query_error.payload.message)
try:
    client.copy("x")
except store.IoError.NotFound as missing:
    text = missing.value
except store.IoError as error:
    print(error)
except client.HostError as other:
    print(other)
try:
    client.chmod("x")
except store.ErrnoError as problem:
    print(problem.payload is store.Errno.ENOENT)
try:
    client.text()
except client.StringError as failed:
    text = failed.payload
`;

const imports = ['demo', 'kinds', 'db', 'draw', 'paint', 'store'].map((name) => `import ${name}\n`).join('');

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
	'draw.Line(1)',
	'draw.Shape()',
	'draw.Shape.Circle("x")',
	'draw.draw([1], paint.Point(1, 2))',
	'draw.paint(draw.Shape.None_(), "red", paint.Effects.BOLD)',
	'draw.effects().value.x',
	'db.Bare()',
	'db.Cursor("x")',
	'db.Token().fetch()',
	'paint.Point(1, 2).z',
	'store.QueryError(1)',
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
		// The first case that has a module of a name counts.
		cpSync(typings, join(scratch, 'typings'), { recursive: true, force: false });
	}
	writeFileSync(join(scratch, 'right.py'), right);
	writeFileSync(join(scratch, 'wrong.py'), `${imports}${wrong.join('\n')}\n`);
	const settings = { include: ['typings', 'right.py', 'wrong.py'], stubPath: 'typings', typeCheckingMode: 'strict' };
	writeFileSync(join(scratch, 'pyrightconfig.json'), JSON.stringify(settings));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const allWrong = wrong.map((_, index) => `wrong.py:${index + imports.split('\n').length}`);

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
