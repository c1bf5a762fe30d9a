import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { nearest } from '../../diagnostics/nearest.js';
import { keySpan, valueSpan } from '../locate.js';
import type { Rule } from '../rule.js';
import { parseToolchainChoice, parseWasiSdkVersion, TOOLCHAINS, WASI_SDK_PLATFORMS } from '../toolchain-choice.js';

const PATH = ['build', 'toolchain'];

/** The toolchain is a known one; a WASI-SDK of the manifest's own has a version, hashes and an address that can be right. */
export const toolchain: Rule = function* ({ input, source }) {
	const asked = input.build.toolchain;
	const span = (...path: string[]) => valueSpan(source, [...PATH, ...path]);
	if (typeof asked === 'string') {
		if (parseToolchainChoice(asked) === undefined) yield unknownToolchain(asked, span());
		return;
	}
	const version = String(asked['wasi-sdk']);
	if (parseWasiSdkVersion(version) === undefined) {
		yield {
			code: 'manifest/bad-value',
			message: `"${version}" is not the version of a WASI-SDK`,
			span: span('wasi-sdk'),
			hint: 'give its number: wasi-sdk: 25',
		};
	}
	if (typeof asked.sha256 === 'string') yield* badHash(asked.sha256, span('sha256'));
	else {
		for (const [platform, hash] of Object.entries(asked.sha256)) {
			if (!WASI_SDK_PLATFORMS.some((one) => one === platform)) {
				yield {
					code: 'manifest/bad-value',
					message: `"${platform}" is not a platform that WASI-SDKs are made for`,
					span: keySpan(source, [...PATH, 'sha256', platform]),
					hint: `platforms: ${WASI_SDK_PLATFORMS.join(', ')}`,
				};
			}
			yield* badHash(hash, span('sha256', platform));
		}
	}
	if (asked.url !== undefined && !/^https?:\/\/[^\s/]+\/\S+$/.test(asked.url)) {
		yield {
			code: 'manifest/bad-value',
			message: `"${asked.url}" is not the URL of a file`,
			span: span('url'),
			hint: 'give an http or https URL, or set WASI_SDK_PATH to a WASI-SDK on this machine',
		};
	}
};

function unknownToolchain(text: string, span: DiagnosticInit['span']): DiagnosticInit {
	const meant = nearest(text, TOOLCHAINS);
	const hint = text.startsWith('wasi-sdk@')
		? 'give its number: wasi-sdk@24'
		: meant === undefined
			? undefined
			: `did you mean "${meant}"?`;
	return {
		code: 'manifest/bad-value',
		message: `"toolchain" must be one of ${TOOLCHAINS.join(', ')}, not "${text}"`,
		...(span && { span }),
		...(hint !== undefined && { hint }),
	};
}

function* badHash(hash: string, span: DiagnosticInit['span']): Iterable<DiagnosticInit> {
	if (/^[0-9a-f]{64}$/i.test(hash)) return;
	yield {
		code: 'manifest/bad-value',
		message: `"${hash}" is not a SHA-256 hash`,
		...(span && { span }),
		hint: 'give 64 hex digits, as sha256sum prints them',
	};
}
