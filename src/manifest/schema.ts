import * as z from 'zod/mini';
import { DEFAULT_BASE } from './image-name.js';
import { TOOLCHAINS } from './toolchain-choice.js';

// zod/mini: what zod adds to each schema takes longer to make (8 ms) than a manifest takes to check.
// A process reads one manifest: code that is generated for each shape costs more (2 ms) than it saves.
z.config({ jitless: true });

/*
 * The format of project.yaml: the single truth for validation, the JSON Schema and docs/manifest.md. Only shapes are
 * checked here; whatever needs more than one field, a table or the disk is a rule (see rules.ts). Patterns are given
 * as metadata: editors use them, while the rules report the same mistakes in better words.
 */

/** Python's identifiers as the manifest takes them. */
const identifierPattern = '^[A-Za-z_][A-Za-z0-9_]*$';

const pythonIdentifier = z.string().register(z.globalRegistry, { pattern: identifierPattern });

const signatureText = z.string().register(z.globalRegistry, {
	description: 'A WIT function type. Parameter names are kebab-case, or snake_case as Python spells them.',
	examples: ['func(a: s32, b: s32) -> s32', 'func(url: string, max-bytes: u32) -> list<u8>'],
});

/*
 * Of any type here, since only the signature tells which one is right, and zod's numbers leave out infinity.
 */
const defaultValue = z.unknown().register(z.globalRegistry, {
	description: "A value of the parameter's type; bytes are a text (its UTF-8) or a list of numbers from 0 to 255.",
	type: ['boolean', 'number', 'string', 'array'],
	items: { type: 'number' },
});

const longFunction = z
	.strictObject({
		signature: signatureText,
		import_module: z.optional(z.string()).register(z.globalRegistry, {
			description: 'The module name of the core wasm import. Default: the name of the module.',
			examples: ['env'],
		}),
		import_name: z.optional(z.string()).register(z.globalRegistry, {
			description: 'The name of the core wasm import. Default: the name of the function.',
			examples: ['demo'],
		}),
		defaults: z.optional(z.record(z.string(), defaultValue)).register(z.globalRegistry, {
			description: 'Default values of the last parameters, by parameter name.',
			examples: [{ 'max-bytes': 65536 }],
		}),
		doc: z.optional(z.string()).register(z.globalRegistry, { description: "The function's docstring." }),
	})
	.register(z.globalRegistry, { description: 'A host function, the long form.' });

const hostFunctions = z.record(pythonIdentifier, z.union([signatureText, longFunction]));

const module_ = z
	.strictObject({
		doc: z.optional(z.string()).register(z.globalRegistry, { description: "The module's docstring." }),
		types: z.optional(z.string()).register(z.globalRegistry, {
			description:
				'Types that signatures can name, as WIT declares them in an interface: records, variants, enums, flags, ' +
				'resources, aliases, and `use other-module.{name};`. A doc comment (`///`) becomes a docstring.',
			examples: ['record point { x: f64, y: f64 }'],
		}),
		functions: z.optional(hostFunctions).register(z.globalRegistry, {
			description:
				'Functions that the host program implements, by their Python name: a signature, or a mapping with more. ' +
				'A module has either `functions` or `sources`.',
			examples: [{ bar: 'func(a: s32, b: s32) -> s32' }],
		}),
		sources: z.optional(z.array(z.string()).check(z.minLength(1))).register(z.globalRegistry, {
			description: 'C files of an extension module, relative to the manifest.',
			examples: [['native/fast.c']],
		}),
		include: z
			.optional(z.array(z.string()))
			.register(z.globalRegistry, { description: 'Include folders for the C files.' }),
		define: z
			.optional(
				z.record(
					z.string().register(z.globalRegistry, { pattern: identifierPattern }),
					z.union([z.string(), z.number(), z.literal(true)]),
				),
			)
			.register(z.globalRegistry, {
				description: 'Macros for the C files; `true` defines one as 1.',
				examples: [{ NDEBUG: true, VERSION: '"1.0"' }],
			}),
		cflags: z.optional(z.array(z.string())).register(z.globalRegistry, {
			description: 'Further compiler arguments for the C files.',
			examples: [['-Wno-unused-parameter']],
		}),
		libs: z.optional(z.array(z.string())).register(z.globalRegistry, {
			description: 'Static libraries (.a) that the C files need, built for wasm32-wasip1.',
			examples: [['native/libfast.a']],
		}),
		imports: z.optional(hostFunctions).register(z.globalRegistry, {
			description: 'Host functions that the C files may call through the generated header `<module>_imports.h`.',
			examples: [{ log: 'func(level: u8, text: string)' }],
		}),
	})
	.register(z.globalRegistry, { description: 'A Python module: host functions, or C files of your own.' });

const exportedFunction = z
	.strictObject({
		signature: signatureText,
		function: z.optional(z.string()).register(z.globalRegistry, {
			description: 'The Python function that implements it. Default: its own name.',
			examples: ['make_quote'],
		}),
		export_name: z.optional(z.string()).register(z.globalRegistry, {
			description: 'The name of the core wasm export. Default: the names of interface and function, with `#` between.',
			examples: ['acme:billing/quotes#quote'],
		}),
		doc: z
			.optional(z.string())
			.register(z.globalRegistry, { description: 'What the function is for, for programmers of hosts.' }),
	})
	.register(z.globalRegistry, { description: 'A function that Python code implements, the long form.' });

const exportedInterface = z
	.strictObject({
		doc: z
			.optional(z.string())
			.register(z.globalRegistry, { description: 'What the functions are for, for programmers of hosts.' }),
		module: z.optional(z.string()).register(z.globalRegistry, {
			description:
				'The Python module that has the functions; the first call imports it. Default: the name of the interface.',
			examples: ['acme.billing'],
		}),
		use: z.optional(z.array(z.string())).register(z.globalRegistry, {
			description: 'Modules under `modules` whose `types` the signatures can name.',
			examples: [['demo']],
		}),
		functions: z.record(pythonIdentifier, z.union([signatureText, exportedFunction])).register(z.globalRegistry, {
			description: 'Functions of the Python module, by name: a signature, or a mapping with more.',
			examples: [{ quote: 'func(item: string, count: u32) -> f64' }],
		}),
	})
	.register(z.globalRegistry, {
		description: 'Functions that Python code implements, for the host to call; see embedding.md.',
	});

const version = z.string().register(z.globalRegistry, {
	description: 'The full version of CPython, in quotes.',
	pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
	examples: ['3.13.5'],
});

const source = z
	.union([
		z.strictObject({
			path: z.string().register(z.globalRegistry, {
				description: 'A tarball or an unpacked source tree.',
				examples: ['vendor/Python-3.13.5'],
			}),
		}),
		z.strictObject({
			url: z
				.string()
				.register(z.globalRegistry, { description: 'Where to download the tarball.', pattern: '^https?://' }),
			sha256: z
				.string()
				.register(z.globalRegistry, { description: "The tarball's SHA-256, in hex.", pattern: '^[0-9A-Fa-f]{64}$' }),
		}),
	])
	.register(z.globalRegistry, { description: "Where CPython's source comes from, when it is not a pinned version." });

const python = z
	.union([version, z.strictObject({ version, source: z.optional(source) })])
	.register(z.globalRegistry, { description: 'Which CPython to build.', examples: ['3.13.5'] });

const size = z.union([z.string().register(z.globalRegistry, { pattern: '^[0-9]+(KiB|MiB|GiB)$' }), z.number()]);

const memory = z.strictObject({
	initial: z
		._default(size, '20MiB')
		.register(z.globalRegistry, { description: 'Memory at the start; a multiple of 64 KiB.' }),
	max: z
		._default(size, '1GiB')
		.register(z.globalRegistry, { description: 'The most that memory may grow to; at most 4GiB.' }),
});

const image = z.string().register(z.globalRegistry, { pattern: '^\\S+$' });

const container = z.strictObject({
	image: z.optional(image).register(z.globalRegistry, {
		description: 'An image that is used as it is, so it has a toolchain, make and Node.js. Not together with `base`.',
		examples: ['registry.example.com/team/wasi:1'],
	}),
	base: z.optional(image).register(z.globalRegistry, {
		description:
			"The image that cpybuild's devcontainer starts from; what it lacks is installed. " +
			`Default: \`${DEFAULT_BASE}\`, CPython's own.`,
		examples: ['debian:trixie'],
	}),
});

const toolchainName = z.string().register(z.globalRegistry, {
	anyOf: [{ enum: [...TOOLCHAINS] }, { type: 'string', pattern: '^wasi-sdk@[0-9]+(\\.0)?$' }],
});

const sha256 = z.string().register(z.globalRegistry, { pattern: '^[0-9A-Fa-f]{64}$' });

const wasiSdk = z
	.strictObject({
		'wasi-sdk': z
			.union([z.number(), z.string()])
			.register(z.globalRegistry, { description: 'The version.', examples: [25] }),
		sha256: z.union([sha256, z.record(z.string(), sha256)]).register(z.globalRegistry, {
			description: "The archive's SHA-256, in hex; for several platforms one of each.",
			examples: [{ 'x86_64-linux': '52640d…', 'arm64-macos': 'e1e529…' }],
		}),
		url: z.optional(z.string()).register(z.globalRegistry, {
			description:
				'Where the archive is. Default: among the releases. `{platform}` stands for `x86_64-linux` and so on.',
			pattern: '^https?://',
		}),
	})
	.register(z.globalRegistry, { description: 'A WASI-SDK that cpybuild has no hash of.' });

const buildSettings = z.strictObject({
	machine: z._default(z.enum(['native', 'container']), 'native').register(z.globalRegistry, {
		description: 'Where compilers run: on this machine, or in a container; see devcontainer.md.',
	}),
	container: z.prefault(container, {}).register(z.globalRegistry, { description: 'Which image a container has.' }),
	toolchain: z._default(z.union([toolchainName, wasiSdk]), 'auto').register(z.globalRegistry, {
		description:
			'Which compiler and C library to use; see toolchains.md. `auto` takes the first that works. `wasi-sdk` is the WASI-SDK that fits the version of CPython, `wasi-sdk@24` another one.',
	}),
	launcher: z._default(z.enum(['none', 'ccache', 'sccache', 'distcc', 'icecc']), 'none').register(z.globalRegistry, {
		description: 'What starts the compiler when CPython itself is compiled; see past-one-machine.md.',
	}),
	optimize: z
		._default(z.enum(['release', 'size', 'none']), 'release')
		.register(z.globalRegistry, { description: 'What to optimise for.' }),
	debug: z
		._default(z.boolean(), false)
		.register(z.globalRegistry, { description: 'Keep names and debug information in python.wasm.' }),
	pydebug: z
		._default(z.boolean(), false)
		.register(z.globalRegistry, { description: 'Build CPython with its own assertions (`--with-pydebug`).' }),
	component: z._default(z.boolean(), false).register(z.globalRegistry, {
		description:
			'Also make python.component.wasm, a component of WASI preview 2; needs @bytecodealliance/jco. See components.md.',
	}),
	memory: z
		.prefault(memory, {})
		.register(z.globalRegistry, { description: "The interpreter's memory, as `20MiB` or as a number of bytes." }),
	stack: z._default(size, '8MiB').register(z.globalRegistry, {
		description: 'The C stack, a part of the initial memory; a multiple of 16 bytes.',
	}),
});

const wit = z
	.union([
		z.string(),
		z.strictObject({
			path: z.string().register(z.globalRegistry, { description: 'The folder, or one file.', examples: ['./wit'] }),
			world: z.optional(z.string()).register(z.globalRegistry, {
				description: 'The world whose imports Python gets. Default: the only one.',
				examples: ['python'],
			}),
			features: z.optional(z.array(z.string())).register(z.globalRegistry, {
				description: 'Features that `@unstable` gates let through.',
				examples: [['retry']],
			}),
		}),
	])
	.register(z.globalRegistry, {
		description:
			'A folder of WIT files, with the packages that they use below `deps/`. Python gets a module for each interface ' +
			'that their world imports: `acme:billing/invoices` is `acme.billing.invoices`.',
		examples: ['./wit'],
	});

/** The schema of a manifest. */
export const manifestSchema = z
	.strictObject({
		python,
		modules: z.prefault(z.record(pythonIdentifier, module_), {}).register(z.globalRegistry, {
			description:
				'What Python can import beyond its standard library, by module name. Only with `wit` it may be left out.',
		}),
		wit: z.optional(wit),
		exports: z.optional(z.record(pythonIdentifier, exportedInterface)).register(z.globalRegistry, {
			description: 'What Python code implements for the host to call, by the name that the host knows it by.',
		}),
		build: z
			.prefault(buildSettings, {})
			.register(z.globalRegistry, { description: 'How to build. Every field has a default.' }),
	})
	.register(z.globalRegistry, {
		title: 'cpybuild manifest',
		description: 'Describes a CPython interpreter for WASI with typed host functions.',
	});

/** A manifest as its author wrote it, of the right shape, with defaults filled in. */
export type ManifestInput = z.output<typeof manifestSchema>;

/** A module as its author wrote it. */
export type ModuleInput = z.output<typeof module_>;

/** A host function as its author wrote it: only a signature, or more. */
export type FunctionInput = string | z.output<typeof longFunction>;
