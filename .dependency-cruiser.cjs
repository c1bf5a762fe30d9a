/** Which folder of `src` may import which: arrows go down only. Run by `npm run check`. */
const may = {
	diagnostics: [],
	wit: ['diagnostics'],
	wasm: ['diagnostics'],
	machine: ['diagnostics', 'engine'],
	cache: ['diagnostics'],
	engine: ['diagnostics', 'cache'],
	manifest: ['diagnostics', 'wit'],
	contract: ['diagnostics', 'wit', 'cache', 'manifest'],
	component: ['diagnostics', 'cache', 'manifest', 'contract', 'wasm'],
	cpython: ['diagnostics', 'manifest'],
	generate: ['diagnostics', 'wit', 'manifest', 'contract', 'cpython'],
	source: ['diagnostics', 'cache', 'machine', 'cpython'],
	toolchain: ['diagnostics', 'cache', 'machine', 'manifest', 'cpython', 'source'],
	lock: ['diagnostics', 'cache', 'machine', 'manifest', 'cpython', 'toolchain'],
	sbom: ['cache', 'toolchain'],
	steps: ['diagnostics', 'cache', 'machine', 'manifest', 'cpython', 'contract', 'component', 'generate', 'source', 'toolchain', 'wasm', 'wit', 'hostrunner', 'sbom'],
	hostrunner: [],
	host: ['diagnostics'],
};

/** One package, one door: who wants what a library does asks the folder that knows it. */
const doors = {
	yaml: 'src/manifest/',
	zod: 'src/manifest/',
	listr2: 'src/cli/',
	diff: 'src/(generate|steps)/',
	jiti: 'src/host/',
	pbf: 'src/cache/action-result',
	'modern-tar': 'src/(source|toolchain|cache|machine)/',
	'xz-decompress': 'src/source/',
	'@yowasp/clang': 'src/toolchain/',
	'string-width': 'src/(diagnostics|cli)/',
	picocolors: 'src/(diagnostics|cli)/',
	dockerode: 'src/engine/',
};

const layers = Object.entries(may).map(([folder, below]) => ({
	name: `layer-${folder}`,
	comment: `src/${folder} may import ${below.join(', ') || 'nothing else of src'}: arrows go down only. Move the code, or pass the value in.`,
	severity: 'error',
	from: { path: `^src/${folder}/` },
	to: { path: '^src/', pathNot: `^src/(${[folder, ...below].join('|')})/|^src/(webassembly|own-files)\\.ts$` },
}));

const packages = Object.entries(doors).map(([name, door]) => ({
	name: `door-${name.replace(/\W/g, '')}`,
	comment: `${name} is imported in ${door} only.`,
	severity: 'error',
	from: { path: '^(src|runtime)/', pathNot: `^${door}` },
	to: { path: `(^|node_modules/)${name}(/|$)` },
}));

module.exports = {
	forbidden: [
		...layers,
		...packages,
		{
			name: 'no-circular',
			comment: 'Two files that need each other are one noun, or hide a third.',
			severity: 'error',
			from: { path: '^(src|runtime)/' },
			to: { circular: true },
		},
		{
			name: 'runtime-stands-alone',
			comment: 'The runtime goes into browsers: it imports nothing of src, and Node only in runtime/node.',
			severity: 'error',
			from: { path: '^runtime/' },
			to: { path: '^src/' },
		},
		{
			name: 'runtime-without-node',
			comment: 'The core of the runtime runs in browsers: Node modules belong in runtime/node.',
			severity: 'error',
			from: { path: '^runtime/', pathNot: '^runtime/node/' },
			to: { dependencyTypes: ['core'] },
		},
		{
			name: 'cli-through-the-door',
			comment: 'Commands are thin; nothing below imports them.',
			severity: 'error',
			from: { path: '^src/', pathNot: '^src/cli/' },
			to: { path: '^src/cli/' },
		},
		{
			name: 'generate-without-processes',
			comment: 'Generation is a pure function; it reads templates and nothing else.',
			severity: 'error',
			from: { path: '^src/generate/', pathNot: '^src/generate/(template|output)' },
			to: { path: '^node:|^(fs|child_process|net|http)$', pathNot: 'path|url' },
		},
	],
	options: {
		tsPreCompilationDeps: true,
		parser: 'swc',
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], mainFields: ['module', 'main', 'types'], conditionNames: ['import', 'types', 'default'] },
	},
};
