import * as z from 'zod';
import { DEFAULT_BASE } from './image-name.js';
import { TOOLCHAINS } from './toolchain-choice.js';

// A process reads one manifest: code that is generated for each shape costs more (2 ms) than it saves.
z.config({ jitless: true });

/*
 * The format of project.yaml: the single truth for validation, the JSON Schema and docs/manifest.md. Only shapes are
 * checked here; whatever needs more than one field, a table or the disk is a rule (see rules.ts). Patterns are given
 * as metadata: editors use them, while the rules report the same mistakes in better words.
 */

/** Python's identifiers as the manifest takes them. */
const identifierPattern = '^[A-Za-z_][A-Za-z0-9_]*$';

const pythonIdentifier = z.string().meta({ pattern: identifierPattern });

const signatureText = z.string().meta({
	description: 'A WIT function type. Parameter names are kebab-case, or snake_case as Python spells them.',
	examples: ['func(a: s32, b: s32) -> s32', 'func(url: string, max-bytes: u32) -> list<u8>'],
});

/*
 * Of any type here, since only the signature tells which one is right, and zod's numbers leave out infinity.
 */
const defaultValue = z.unknown().meta({
	description: "A value of the parameter's type; bytes are a text (its UTF-8) or a list of numbers from 0 to 255.",
	type: ['boolean', 'number', 'string', 'array'],
	items: { type: 'number' },
});

const longFunction = z
	.strictObject({
		signature: signatureText,
		import_module: z
			.string()
			.optional()
			.meta({
				description: 'The module name of the core wasm import. Default: the name of the module.',
				examples: ['env'],
			}),
		import_name: z
			.string()
			.optional()
			.meta({
				description: 'The name of the core wasm import. Default: the name of the function.',
				examples: ['demo'],
			}),
		defaults: z
			.record(z.string(), defaultValue)
			.optional()
			.meta({
				description: 'Default values of the last parameters, by parameter name.',
				examples: [{ 'max-bytes': 65536 }],
			}),
		doc: z.string().optional().meta({ description: "The function's docstring." }),
	})
	.meta({ description: 'A host function, the long form.' });

const hostFunctions = z.record(pythonIdentifier, z.union([signatureText, longFunction]));

const module_ = z
	.strictObject({
		doc: z.string().optional().meta({ description: "The module's docstring." }),
		types: z
			.string()
			.optional()
			.meta({
				description:
					'Types that signatures can name, as WIT declares them in an interface: records, variants, enums, flags, ' +
					'resources, aliases, and `use other-module.{name};`. A doc comment (`///`) becomes a docstring.',
				examples: ['record point { x: f64, y: f64 }'],
			}),
		functions: hostFunctions.optional().meta({
			description:
				'Functions that the host program implements, by their Python name: a signature, or a mapping with more. ' +
				'A module has either `functions` or `sources`.',
			examples: [{ bar: 'func(a: s32, b: s32) -> s32' }],
		}),
		sources: z
			.array(z.string())
			.min(1)
			.optional()
			.meta({
				description: 'C files of an extension module, relative to the manifest.',
				examples: [['native/fast.c']],
			}),
		include: z.array(z.string()).optional().meta({ description: 'Include folders for the C files.' }),
		define: z
			.record(z.string().meta({ pattern: identifierPattern }), z.union([z.string(), z.number(), z.literal(true)]))
			.optional()
			.meta({
				description: 'Macros for the C files; `true` defines one as 1.',
				examples: [{ NDEBUG: true, VERSION: '"1.0"' }],
			}),
		cflags: z
			.array(z.string())
			.optional()
			.meta({
				description: 'Further compiler arguments for the C files.',
				examples: [['-Wno-unused-parameter']],
			}),
		libs: z
			.array(z.string())
			.optional()
			.meta({
				description: 'Static libraries (.a) that the C files need, built for wasm32-wasip1.',
				examples: [['native/libfast.a']],
			}),
		imports: hostFunctions.optional().meta({
			description: 'Host functions that the C files may call through the generated header `<module>_imports.h`.',
			examples: [{ log: 'func(level: u8, text: string)' }],
		}),
	})
	.meta({ description: 'A Python module: host functions, or C files of your own.' });

const exportedFunction = z
	.strictObject({
		signature: signatureText,
		function: z
			.string()
			.optional()
			.meta({
				description: 'The Python function that implements it. Default: its own name.',
				examples: ['make_quote'],
			}),
		export_name: z
			.string()
			.optional()
			.meta({
				description:
					'The name of the core wasm export. Default: the names of interface and function, with `#` between.',
				examples: ['acme:billing/quotes#quote'],
			}),
		doc: z.string().optional().meta({ description: 'What the function is for, for programmers of hosts.' }),
	})
	.meta({ description: 'A function that Python code implements, the long form.' });

const exportedInterface = z
	.strictObject({
		doc: z.string().optional().meta({ description: 'What the functions are for, for programmers of hosts.' }),
		module: z
			.string()
			.optional()
			.meta({
				description:
					'The Python module that has the functions; the first call imports it. Default: the name of the interface.',
				examples: ['acme.billing'],
			}),
		use: z
			.array(z.string())
			.optional()
			.meta({
				description: 'Modules under `modules` whose `types` the signatures can name.',
				examples: [['demo']],
			}),
		functions: z.record(pythonIdentifier, z.union([signatureText, exportedFunction])).meta({
			description: 'Functions of the Python module, by name: a signature, or a mapping with more.',
			examples: [{ quote: 'func(item: string, count: u32) -> f64' }],
		}),
	})
	.meta({ description: 'Functions that Python code implements, for the host to call; see embedding.md.' });

const version = z.string().meta({
	description: 'The full version of CPython, in quotes.',
	pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
	examples: ['3.13.5'],
});

const source = z
	.union([
		z.strictObject({
			path: z
				.string()
				.meta({ description: 'A tarball or an unpacked source tree.', examples: ['vendor/Python-3.13.5'] }),
		}),
		z.strictObject({
			url: z.string().meta({ description: 'Where to download the tarball.', pattern: '^https?://' }),
			sha256: z.string().meta({ description: "The tarball's SHA-256, in hex.", pattern: '^[0-9A-Fa-f]{64}$' }),
		}),
	])
	.meta({ description: "Where CPython's source comes from, when it is not a pinned version." });

const python = z
	.union([version, z.strictObject({ version, source: source.optional() })])
	.meta({ description: 'Which CPython to build.', examples: ['3.13.5'] });

const size = z.union([z.string().meta({ pattern: '^[0-9]+(KiB|MiB|GiB)$' }), z.number()]);

const memory = z.strictObject({
	initial: size.default('20MiB').meta({ description: 'Memory at the start; a multiple of 64 KiB.' }),
	max: size.default('1GiB').meta({ description: 'The most that memory may grow to; at most 4GiB.' }),
});

const image = z.string().meta({ pattern: '^\\S+$' });

const container = z.strictObject({
	image: image.optional().meta({
		description: 'An image that is used as it is, so it has a toolchain, make and Node.js. Not together with `base`.',
		examples: ['registry.example.com/team/wasi:1'],
	}),
	base: image.optional().meta({
		description:
			"The image that cpybuild's devcontainer starts from; what it lacks is installed. " +
			`Default: \`${DEFAULT_BASE}\`, CPython's own.`,
		examples: ['debian:trixie'],
	}),
});

const toolchainName = z
	.string()
	.meta({ anyOf: [{ enum: [...TOOLCHAINS] }, { type: 'string', pattern: '^wasi-sdk@[0-9]+(\\.0)?$' }] });

const sha256 = z.string().meta({ pattern: '^[0-9A-Fa-f]{64}$' });

const wasiSdk = z
	.strictObject({
		'wasi-sdk': z.union([z.number(), z.string()]).meta({ description: 'The version.', examples: [25] }),
		sha256: z.union([sha256, z.record(z.string(), sha256)]).meta({
			description: "The archive's SHA-256, in hex; for several platforms one of each.",
			examples: [{ 'x86_64-linux': '52640d…', 'arm64-macos': 'e1e529…' }],
		}),
		url: z.string().optional().meta({
			description:
				'Where the archive is. Default: among the releases. `{platform}` stands for `x86_64-linux` and so on.',
			pattern: '^https?://',
		}),
	})
	.meta({ description: 'A WASI-SDK that cpybuild has no hash of.' });

const buildSettings = z.strictObject({
	machine: z.enum(['native', 'container']).default('native').meta({
		description: 'Where compilers run: on this machine, or in a container; see devcontainer.md.',
	}),
	container: container.prefault({}).meta({ description: 'Which image a container has.' }),
	toolchain: z.union([toolchainName, wasiSdk]).default('auto').meta({
		description:
			'Which compiler and C library to use; see toolchains.md. `auto` takes the first that works. `wasi-sdk` is the WASI-SDK that fits the version of CPython, `wasi-sdk@24` another one.',
	}),
	launcher: z.enum(['none', 'ccache', 'sccache', 'distcc', 'icecc']).default('none').meta({
		description: 'What starts the compiler when CPython itself is compiled; see past-one-machine.md.',
	}),
	optimize: z.enum(['release', 'size', 'none']).default('release').meta({ description: 'What to optimise for.' }),
	debug: z.boolean().default(false).meta({ description: 'Keep names and debug information in python.wasm.' }),
	pydebug: z
		.boolean()
		.default(false)
		.meta({ description: 'Build CPython with its own assertions (`--with-pydebug`).' }),
	component: z.boolean().default(false).meta({
		description:
			'Also make python.component.wasm, a component of WASI preview 2; needs @bytecodealliance/jco. See components.md.',
	}),
	memory: memory.prefault({}).meta({ description: "The interpreter's memory, as `20MiB` or as a number of bytes." }),
	stack: size.default('8MiB').meta({
		description: 'The C stack, a part of the initial memory; a multiple of 16 bytes.',
	}),
});

const wit = z
	.union([
		z.string(),
		z.strictObject({
			path: z.string().meta({ description: 'The folder, or one file.', examples: ['./wit'] }),
			world: z
				.string()
				.optional()
				.meta({ description: 'The world whose imports Python gets. Default: the only one.', examples: ['python'] }),
			features: z
				.array(z.string())
				.optional()
				.meta({ description: 'Features that `@unstable` gates let through.', examples: [['retry']] }),
		}),
	])
	.meta({
		description:
			'A folder of WIT files, with the packages that they use below `deps/`. Python gets a module for each interface ' +
			'that their world imports: `acme:billing/invoices` is `acme.billing.invoices`.',
		examples: ['./wit'],
	});

/** The schema of a manifest. */
export const manifestSchema = z
	.strictObject({
		python,
		modules: z.record(pythonIdentifier, module_).prefault({}).meta({
			description:
				'What Python can import beyond its standard library, by module name. Only with `wit` it may be left out.',
		}),
		wit: wit.optional(),
		exports: z.record(pythonIdentifier, exportedInterface).optional().meta({
			description: 'What Python code implements for the host to call, by the name that the host knows it by.',
		}),
		build: buildSettings.prefault({}).meta({ description: 'How to build. Every field has a default.' }),
	})
	.meta({
		title: 'cpybuild manifest',
		description: 'Describes a CPython interpreter for WASI with typed host functions.',
	});

/** A manifest as its author wrote it, of the right shape, with defaults filled in. */
export type ManifestInput = z.output<typeof manifestSchema>;

/** A module as its author wrote it. */
export type ModuleInput = z.output<typeof module_>;

/** A host function as its author wrote it: only a signature, or more. */
export type FunctionInput = string | z.output<typeof longFunction>;
