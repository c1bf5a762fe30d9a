import type { Command, Operand } from './command.js';
import { flagDescription, flagUsage, operandPlaceholder, operandsOf, usageLine } from './help.js';
import { type CommandName, commands } from './options.js';

/** The text of `docs/cli.md`: every command with its options and examples. */
export function renderCliReference(): string {
	const names = Object.keys(commands) as CommandName[];
	return [
		'<!-- Generated from src/cli/options.ts by scripts/generate-docs.mjs. Do not edit. -->',
		'',
		'# Commands',
		'',
		'| command | does |',
		'|---|---|',
		...names.map(
			(name) => `| [\`${name}\`](#cpybuild-${name.replaceAll(' ', '-')}) | ${cell(commands[name].summary)} |`,
		),
		'',
		'`cpybuild --version` shows the version, `cpybuild <command> --help` what a command takes.',
		...names.flatMap((name) => ['', ...describeCommand(name)]),
		'',
		'## Exit codes',
		'',
		'| code | means |',
		'|---|---|',
		'| 0 | done |',
		'| 1 | a step of the build failed, or something in the cache is damaged |',
		'| 2 | the command line, the manifest or a generated file is wrong |',
		'| 3 | the toolchain: something must be installed or started |',
		'| 4 | python.wasm was built, but is not what the manifest asks for |',
		'| 70 | a bug of cpybuild |',
		'| 130 | interrupted |',
		'',
		"`cpybuild run` exits with Python's own code once Python has started.",
		'',
		'## JSON output',
		'',
		'With `--json`, standard output holds one JSON object per line, and standard error nothing. `inspect` writes a single indented object.',
		'',
		'| `type` | from | other members |',
		'|---|---|---|',
		'| `note` | `build` | `line`: what is done before the steps or beside them, such as fetching a toolchain |',
		'| `planned` | `build` | `steps`: all steps, with `id` and `title` |',
		'| `step-started`, `step-finished` | `build` | `id`, `title`; at the end `status` (`ran`, `cached`, `downloaded`, `failed`, `cancelled`) and `ms` |',
		'| `output` | `build` | `id`, `line` |',
		'| `progress` | `build` | `id`, `done`, `total` |',
		'| `warning` | `build` | `diagnostic` |',
		'| `report` | `build` | last line of a build that went well: `status` (`built`, `up-to-date`), `out`, `artifacts`, `imports`, `warnings` and more |',
		'| `watching` | `watch` | after each build: `files`, all that are followed, also where one was looked for in vain |',
		'| `checked` | `check` | `manifest`, `python`, `modules`, `imports` |',
		'| `plan` | `plan` | `steps`, with `id`, `title`, `status` (`cached`, `runs`, `unneeded`), `key`, `inputs`, and `needs` by id and key |',
		'| `explanation` | `explain` | `out`, `known` (whether there is a build to compare with), `steps`, with `id`, `status`, `kind` (`same`, `changed`, `new`, `gone`), `needs` that differ, and `inputs` with `name`, `old` and `new` |',
		'| `doctor` | `doctor` | `manifest`, `ready` (whether a build would work), `findings` and `fixed`; [doctor.md](doctor.md) tells more |',
		'| `upgrade` | `upgrade` | `manifest`, `lock`, `changes` with `what`, `old` and `new`, and `wrote`: the files that were written |',
		'| `cache-path` | `cache path` | `path`, `limit` |',
		'| `cache` | `cache list` | `path`, `limit`, `bytes`, `entries`, `blobs`, `downloads`; sizes in bytes, `lastUse` in milliseconds since 1970 |',
		'| `cache-verified` | `cache verify` | `path`, `entries`, `downloads`, `damaged` with `kind`, `key` and `what`, `removed` |',
		'| `cache-shrunk` | `cache gc` | `path`, `limit`, `removed` with `kind`, `key`, `bytes` and `lastUse`, `before`, `after` |',
		'| `cache-key` | `cache key` | `key`, `restore`, `steps`: the keys of all steps by id |',
		'| `cache-exported` | `cache export` | `file`, `entries` with `kind`, `key`, `sha256` and `bytes` |',
		'| `cache-imported` | `cache import` | `file`, `path`, `added`, `present` |',
		'| `failed` | all | last line of a command that failed: `exitCode`, `diagnostics` |',
		'',
		'A diagnostic has `code`, `severity` and `message`, and where they apply `file`, `line`, `column`, `endLine`, `endColumn` (counted from 1, ends ' +
			'exclusive), `hint`, `notes` and `details`.',
		'',
		'## Environment',
		'',
		'| variable | does |',
		'|---|---|',
		'| `NO_COLOR` | no colours |',
		'| `FORCE_COLOR` | colours even when the output is no terminal; `0` is the same as `NO_COLOR` |',
		'| `CI` | plain lines instead of a moving display; all that is made is packed for other machines at once |',
		'| `GITHUB_ACTIONS` | when `true`, problems are also written as annotations of the changed files |',
		'| `WASI_SDK_PATH` | the folder of a WASI-SDK; [toolchains.md](toolchains.md) tells when it is used |',
		'| `CPYBUILD_CPYTHON_MIRROR`, `CPYBUILD_WASI_SDK_MIRROR` | serve what is fetched from `https://www.python.org` and `https://github.com` in their place, with the same paths; without a slash at the end |',
		'| `CPYBUILD_CACHE_DIR` | where finished steps and downloads are kept |',
		'| `CPYBUILD_REMOTE_CACHE`, `CPYBUILD_REMOTE_CACHE_MODE` | as `--remote-cache` and `--remote-cache-mode` |',
		'| `CPYBUILD_REMOTE_CACHE_TOKEN` | sent to the remote cache as bearer token |',
		'| `CPYBUILD_REMOTE_CACHE_USER`, `CPYBUILD_REMOTE_CACHE_PASSWORD` | sent to it as basic authentication; [remote-cache.md](remote-cache.md) tells more |',
		'| `CPYBUILD_MACHINE`, `CPYBUILD_IMAGE` | as `--machine` and `--image`; the second one counts for builds in a container only, and [devcontainer.md](devcontainer.md) tells more |',
		'| `CPYBUILD_CONTAINER_PLATFORM` | what containers run on, where that is not the processor of this machine: `linux-x64`, `linux-arm64` |',
		'| `CPYBUILD_CACHE_LIMIT` | how much they may take, for example `2GiB` (default: `10GiB`) |',
		'',
	].join('\n');
}

function describeCommand(name: CommandName): string[] {
	const command: Command = commands[name];
	const { rest, flags, examples, about } = command;
	const defaultOf = (operand: Operand) => (operand.default === undefined ? '' : ` (default: \`${operand.default}\`)`);
	return [
		`## cpybuild ${name}`,
		'',
		`${command.summary}.`,
		...about.flatMap((paragraph) => ['', paragraph]),
		'',
		'```',
		usageLine(name),
		'```',
		'',
		'| argument or option | is |',
		'|---|---|',
		...operandsOf(command).map(
			(operand) => `| \`${operandPlaceholder(operand)}\` | ${cell(operand.description)}${defaultOf(operand)} |`,
		),
		...(rest ? [`| \`-- ${rest.name}\` | ${cell(rest.description)} |`] : []),
		...Object.entries(flags).map(
			([flag, kind]) => `| \`${cell(flagUsage(flag, kind))}\` | ${cell(flagDescription(kind))} |`,
		),
		'',
		'```sh',
		...examples.map((example) => `${example.command}  # ${example.does}`),
		'```',
	];
}

/** Text in a table's cell: a bar would end it. */
function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}
