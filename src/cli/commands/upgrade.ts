import type { Upgrade, UpgradeOptions } from '../../index.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import { openWarnings } from '../progress/warnings.js';
import type { Terminal } from '../terminal.js';

type UpgradeProject = (options: UpgradeOptions) => Promise<Upgrade>;

const ownUpgrade: UpgradeProject = async (options) => (await import('../../index.js')).upgrade(options);

/** `cpybuild upgrade`: locks anew, and shows what changes. */
export async function runUpgrade(
	{ operand, flags }: ArgumentsOf<'upgrade'>,
	terminal: Terminal,
	upgrade = ownUpgrade,
): Promise<number> {
	const warnings = openWarnings(terminal);
	const result = await upgrade({
		manifest: operand,
		...(flags['cache-dir'] !== undefined && { cacheDir: flags['cache-dir'] }),
		...(flags.machine !== undefined && { machine: flags.machine }),
		...(flags.image !== undefined && { image: flags.image }),
		...(flags.toolchain !== undefined && { toolchain: flags.toolchain }),
		...(flags.compiler !== undefined && { compiler: flags.compiler }),
		dryRun: flags['dry-run'],
		signal: terminal.signal,
		onEvent: (event) => {
			if (flags.json) return;
			if (event.type === 'warning') warnings.show(event.diagnostic);
			if (event.type === 'note') terminal.stderr.write(`${event.line}\n`);
		},
	});
	await warnings.finish();
	if (flags.json) writeJsonLine(terminal, { type: 'upgrade', ...result });
	else terminal.stdout.write(renderUpgrade(result));
	return 0;
}

function renderUpgrade({ lock, changes, wrote }: Upgrade): string {
	if (changes.length === 0) return `${lock} is current: nothing to upgrade\n`;
	const lines = changes.map(({ what, old, new: now }) => `${what}: ${old ?? 'none'} → ${now ?? 'none'}`);
	const end = wrote.length === 0 ? 'nothing was written' : `wrote ${wrote.join(' and ')}`;
	return [...lines, end, ''].join('\n');
}
