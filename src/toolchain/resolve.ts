import { fail } from '../diagnostics/diagnostic.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { EMBEDDED_PACKAGE, embeddedToolchain } from './embedded.js';
import { debianToolchain, wasiSdkToolchain } from './installed.js';
import type { Resolving } from './resolving.js';
import type { Toolchain } from './toolchain.js';

type Finder = (resolving: Resolving) => Promise<Toolchain | undefined>;

const FINDERS: Readonly<Record<Exclude<ToolchainChoice, 'auto'>, Finder>> = {
	embedded: embeddedToolchain,
	'wasi-sdk': wasiSdkToolchain,
	debian: debianToolchain,
};

/** How to get each toolchain. */
const REMEDIES: Readonly<Record<Exclude<ToolchainChoice, 'auto'>, string>> = {
	embedded: `npm install ${EMBEDDED_PACKAGE} (an optional dependency of cpybuild); with --compiler native also clang and lld 19 or newer`,
	'wasi-sdk': 'unpack a WASI-SDK below /opt, or set WASI_SDK_PATH to its folder',
	debian: 'apt-get install clang lld llvm libclang-rt-dev-wasm32 wasi-libc',
};

/**
 * Finds the toolchain that the manifest or the command line asks for. `auto` takes a WASI-SDK that
 * `WASI_SDK_PATH` names, else the embedded one, else any that is installed.
 * @throws CpybuildError `toolchain/not-found`.
 */
export async function resolveToolchain(choice: ToolchainChoice, resolving: Resolving): Promise<Toolchain> {
	const named = resolving.environment.WASI_SDK_PATH !== undefined;
	const automatic = named
		? (['wasi-sdk', 'embedded', 'debian'] as const)
		: (['embedded', 'wasi-sdk', 'debian'] as const);
	const kinds = choice === 'auto' ? automatic : [choice];
	for (const kind of kinds) {
		const toolchain = await FINDERS[kind](resolving);
		if (toolchain) return toolchain;
	}
	fail({
		code: 'toolchain/not-found',
		message: choice === 'auto' ? 'no toolchain for WASI was found' : `the toolchain "${choice}" was not found`,
		hint: kinds.map((kind) => `${kind}: ${REMEDIES[kind]}`).join('; '),
	});
}
