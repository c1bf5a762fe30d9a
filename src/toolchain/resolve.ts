import { type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { EMBEDDED_PACKAGE, embeddedToolchain } from './embedded.js';
import { debianToolchain, type Looking, wasiSdkToolchain } from './installed.js';
import type { Resolving } from './resolving.js';
import type { Toolchain } from './toolchain.js';

type Finder = (looking: Looking) => Promise<Toolchain | undefined>;

const FINDERS: Readonly<Record<Exclude<ToolchainChoice, 'auto'>, Finder>> = {
	embedded: embeddedToolchain,
	'wasi-sdk': wasiSdkToolchain,
	debian: debianToolchain,
};

/** How to get each toolchain. */
const REMEDIES: Readonly<Record<Exclude<ToolchainChoice, 'auto'>, string>> = {
	embedded: `npm install ${EMBEDDED_PACKAGE} (an optional dependency of cpybuild); with --compiler native also clang and lld 19 or newer`,
	'wasi-sdk': 'unpack a WASI-SDK below /opt, or set WASI_SDK_PATH to its folder',
	debian:
		'apt-get install clang lld llvm libclang-rt-dev-wasm32 wasi-libc (Debian 13 or newer; older ones have a wasi-libc that CPython 3.13 refuses)',
};

/**
 * Finds the toolchain that the manifest or the command line asks for. `auto` takes a WASI-SDK that
 * `WASI_SDK_PATH` names, else the embedded one, else any that is installed.
 * @param root Where systems install software.
 * @throws CpybuildError `toolchain/not-found`, with what is wrong with the places that were looked at.
 */
export async function resolveToolchain(choice: ToolchainChoice, resolving: Resolving, root = '/'): Promise<Toolchain> {
	const named = resolving.environment.WASI_SDK_PATH;
	const automatic = named
		? (['wasi-sdk', 'embedded', 'debian'] as const)
		: (['embedded', 'wasi-sdk', 'debian'] as const);
	const kinds = choice === 'auto' ? automatic : [choice];
	const refused: string[] = [];
	for (const kind of kinds) {
		const toolchain = await FINDERS[kind]({
			...resolving,
			root,
			refuse: (reason) => refused.push(`${kind}: ${reason}`),
		});
		if (toolchain) return toolchain;
		if (kind === 'wasi-sdk' && named && choice === 'auto') resolving.warn(brokenSdk(named, refused));
	}
	fail({
		code: 'toolchain/not-found',
		message: choice === 'auto' ? 'no toolchain for WASI was found' : `the toolchain "${choice}" was not found`,
		hint: kinds.map((kind) => `${kind}: ${REMEDIES[kind]}`).join('; '),
		details: refused,
	});
}

/** Who names a WASI-SDK and gets another toolchain has to know. */
function brokenSdk(named: string, refused: readonly string[]): Diagnostic {
	return diagnostic({
		code: 'toolchain/not-found',
		severity: 'warning',
		message: `WASI_SDK_PATH names "${named}", which is no WASI-SDK that works; another toolchain is taken`,
		hint: 'correct WASI_SDK_PATH, or unset it',
		details: [...refused],
	});
}
