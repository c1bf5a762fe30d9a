import { expect, test } from 'vitest';
import { addToInittab } from '../../../src/generate/inittab.js';

const configC = `extern PyObject* PyInit_time(void);

/* -- ADDMODULE MARKER 1 -- */

struct _inittab _PyImport_Inittab[] = {
    {"time", PyInit_time},

/* -- ADDMODULE MARKER 2 -- */

    {0, 0}
};
`;

test('modules are declared and entered before the markers', () => {
	expect(addToInittab(configC, ['_cpybuild', 'demo'])).toBe(`extern PyObject* PyInit_time(void);

extern PyObject* PyInit__cpybuild(void);
extern PyObject* PyInit_demo(void);
/* -- ADDMODULE MARKER 1 -- */

struct _inittab _PyImport_Inittab[] = {
    {"time", PyInit_time},

    {"_cpybuild", PyInit__cpybuild},
    {"demo", PyInit_demo},
/* -- ADDMODULE MARKER 2 -- */

    {0, 0}
};
`);
});

test('without modules nothing changes', () => {
	expect(addToInittab(configC, [])).toBe(configC);
});

test('a text that is no config.c is refused', () => {
	expect(() => addToInittab('int x;\n', ['demo'])).toThrow('config.c has no line with "ADDMODULE MARKER 1"');
});
