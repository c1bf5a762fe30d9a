import { execaSync } from 'execa';
import { ROOT } from './cli.js';

/** Compiles `lib/` once before the sets that run cpybuild as a process. */
export default function setup(): void {
	execaSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
}
