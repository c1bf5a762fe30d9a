import { inspectModule } from '../../inspect.js';
import { renderModule } from '../module-table.js';
import type { ArgumentsOf } from '../options.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild inspect`: shows what a wasm module declares. */
export async function runInspect({ operand, flags }: ArgumentsOf<'inspect'>, terminal: Terminal): Promise<number> {
	const module = await inspectModule(operand);
	terminal.stdout.write(flags.json ? `${JSON.stringify(module, undefined, 2)}\n` : renderModule(module, operand));
	return 0;
}
