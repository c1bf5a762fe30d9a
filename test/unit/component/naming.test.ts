import { describe, expect, test } from 'vitest';
import { componentNaming } from '../../../src/component/naming.js';
import { readManifest } from '../../../src/manifest/read.js';
import { corpusCases } from '../../helpers/wit/corpus.js';
import { corpusProject } from '../../helpers/wit/corpus-project.js';

/** How a world of the corpus becomes a component. */
async function namingOf(name: string) {
	const found = corpusCases('right').find((one) => one.name === name);
	const { manifest, said } = found ? await corpusProject(found) : { manifest: undefined, said: 'no such world' };
	if (manifest === undefined) return expect.unreachable(said);
	return componentNaming(manifest);
}

/** The world of a WIT text. */
function worldIn(wit: string): string | undefined {
	return /^world python \{\n.*?\n\}$/ms.exec(wit)?.[0];
}

describe('a component', () => {
	test('imports and exports what its world has by itself', async () => {
		const { wit, imports, exports } = await namingOf('world-items');
		expect(worldIn(wit)).toMatchInlineSnapshot(`
			"world python {
			  use corpus:world-items/shared.{row};
			  enum level {
			    debug,
			    info,
			  }
			  record entry {
			    level: level,
			    text: string,
			  }
			  resource counter {
			    constructor(start: u32);
			    next: func() -> u32;
			  }
			  import tools: interface {
			    flags mode {
			      read,
			      write,
			    }

			    open: func(path: string, mode: mode) -> u32;
			  }
			  import corpus:world-items/shared;
			  import rows: interface {
			    use corpus:world-items/shared.{row};

			    next: func() -> option<row>;
			  }
			  import now: func() -> u64;
			  import record-entry: func(entry: entry, row: option<row>) -> result<_, level>;
			  import count: func(counter: borrow<counter>) -> counter;
			  import write-log: func(line: string);
			  export run-row: func(row: row) -> u8;
			}"
		`);
		// The core names are the component model's from the start.
		expect([
			imports.filter(({ from, to }) => from.join() !== to.join()),
			exports.filter((one) => one.from !== one.to),
		]).toEqual([[], []]);
		expect(imports.map(({ to }) => to.join(' '))).toEqual([
			'tools open',
			'rows next',
			'$root [constructor]counter',
			'$root [method]counter.next',
			'$root [resource-drop]counter',
			'$root now',
			'$root record-entry',
			'$root count',
			'$root write-log',
		]);
		expect(exports.map(({ to }) => to)).toEqual(['run-row', 'cabi_post_run-row']);
	});

	test('exports interfaces of the world itself, and functions with the types of the world', async () => {
		const { wit, exports } = await namingOf('exports-of-types');
		expect(worldIn(wit)).toMatchInlineSnapshot(`
			"world python {
			  record start-options {
			    arguments: list<string>,
			  }
			  import corpus:exports-of-types/handler@1.0.0;
			  import corpus:exports-of-types/store@1.0.0;
			  export corpus:exports-of-types/handler@1.0.0;
			  export corpus:exports-of-types/rows@1.0.0;
			  export corpus:exports-of-types/reports@1.0.0;
			  export corpus:exports-of-types/scans@1.0.0;
			  export settings: interface {
			    use corpus:exports-of-types/rows@1.0.0.{state};

			    record setting {
			      name: string,
			      value: option<option<string>>,
			      state: state,
			    }

			    set: func(setting: setting) -> result<setting, setting>;
			  }
			  export start: func(options: start-options) -> result<u32, start-options>;
			}"
		`);
		expect(exports.map(({ to }) => to).slice(-4)).toEqual([
			'settings#set',
			'cabi_post_settings#set',
			'start',
			'cabi_post_start',
		]);
	});

	test('has an interface for each module of a manifest', async () => {
		const { imports, exports } = componentNaming(await readManifest('test/golden/cases/exports/project.yaml'));
		expect(imports.map(({ from, to }) => [from.join(' '), to.join(' ')])).toMatchInlineSnapshot(`
			[
			  [
			    "demo ask",
			    "cpybuild:project/demo ask",
			  ],
			]
		`);
		expect(exports.filter(({ from }) => !from.startsWith('cabi_'))).toMatchInlineSnapshot(`
			[
			  {
			    "from": "billing#quote",
			    "to": "cpybuild:project/billing#quote",
			  },
			  {
			    "from": "billing#reset",
			    "to": "cpybuild:project/billing#reset",
			  },
			  {
			    "from": "acme:billing/pages@1.0.0#render",
			    "to": "cpybuild:project/billing#render",
			  },
			  {
			    "from": "billing#describe",
			    "to": "cpybuild:project/billing#describe",
			  },
			  {
			    "from": "every_type#scalars",
			    "to": "cpybuild:project/every-type#scalars",
			  },
			  {
			    "from": "every_type#many",
			    "to": "cpybuild:project/every-type#many",
			  },
			  {
			    "from": "every_type#truth",
			    "to": "cpybuild:project/every-type#truth",
			  },
			  {
			    "from": "every_type#small",
			    "to": "cpybuild:project/every-type#small",
			  },
			  {
			    "from": "every_type#int",
			    "to": "cpybuild:project/every-type#int",
			  },
			]
		`);
	});
});
