import { nativeModule } from './native.js';

/** A project whose C code asks for everything that a machine could put into it. */
export function trapProject(version: string, build = '{}'): Readonly<Record<string, string>> {
	return {
		'project.yaml': `python: "${version}"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32, b: string) -> list<u8>" }
  traps:
    sources: [traps.c]
build: ${build}
`,
		'traps.c': nativeModule(
			'traps',
			'    assert(PyErr_Occurred() == NULL);\n    return PyUnicode_FromString(__FILE__ " " __DATE__ " " __TIME__ " " __TIMESTAMP__);',
			'#undef NDEBUG\n#include <assert.h>',
		),
	};
}
