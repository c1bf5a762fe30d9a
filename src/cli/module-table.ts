import type { Contract } from '../contract/contract.js';
import type { InspectedModule } from '../inspect.js';
import type { Export, Import, Section } from '../wasm/module.js';
import { formatExternType, formatLimits } from '../wasm/types.js';
import { alignColumns, formatBytes, formatCount } from './format.js';

/** What a wasm module declares, as tables for people. */
export function renderModule(module: InspectedModule, file: string): string {
	return [
		`${file}: ${sizeText(module.bytes)}, ${formatCount(module.functions, 'function')}`,
		...paragraph(`Imports (${module.imports.length})`, importLines(module.imports)),
		...paragraph(`Exports (${module.exports.length})`, alignColumns(module.exports.map(exportRow))),
		...paragraph(
			'Memory',
			module.memories.map((memory) => formatLimits(memory, 'pages')),
		),
		...paragraph('Sections', sectionLines(module.sections)),
		...(module.contract ? contractParagraphs(module.contract) : []),
		'',
	].join('\n');
}

function paragraph(title: string, lines: readonly string[]): string[] {
	return lines.length === 0 ? ['', `${title}: none`] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function contractParagraphs({ hash, imports, exports, types }: Contract): string[] {
	return [
		'',
		`Contract ${hash}:`,
		...imports.map(({ python, signature }) => `  ${python}: ${signature}`),
		...exports.map(({ host, signature, python }) => `  exports.${host}: ${signature} by ${python}`),
		...Object.entries(types).map(([name, text]) => `  ${name} = ${text}`),
	];
}

/** Imports grouped by module, in the order in which the modules first appear. */
function importLines(imports: readonly Import[]): string[] {
	const groups = new Map<string, Import[]>();
	for (const one of imports) groups.set(one.module, [...(groups.get(one.module) ?? []), one]);
	return [...groups].flatMap(([module, members]) => [
		`${shownName(module)} (${members.length})`,
		...alignColumns(members.map(exportRow)).map((line) => `  ${line}`),
	]);
}

function exportRow({ name, type }: Export): string[] {
	return [shownName(name), type.kind, formatExternType(type)];
}

/** A name as it is, in quotes where it would be unreadable without. */
function shownName(name: string): string {
	return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(name) ? name : JSON.stringify(name);
}

function sectionLines(sections: readonly Section[]): string[] {
	return alignColumns(
		sections.map(({ kind, name, offset, size }) => [
			name === undefined ? kind : `${kind} ${shownName(name)}`,
			sizeText(size),
			`at ${offset}`,
		]),
	);
}

function sizeText(bytes: number): string {
	return bytes < 1024 ? `${bytes} bytes` : `${formatBytes(bytes)} (${bytes} bytes)`;
}
