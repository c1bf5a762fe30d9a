import { fail } from '../diagnostics/diagnostic.js';
import { describeLockChange, type LockChange } from './changes.js';

/**
 * For `--frozen`: refuses a build whose lock is missing or would change.
 * @param name The lock file as messages call it.
 * @throws CpybuildError `lock/frozen`, with every difference.
 */
export function requireFrozen(name: string, exists: boolean, changes: readonly LockChange[]): void {
	if (!exists) {
		fail({
			code: 'lock/frozen',
			message: `there is no "${name}", which --frozen asks for`,
			hint: 'build once without --frozen, and commit the file',
		});
	}
	if (changes.length === 0) return;
	fail({
		code: 'lock/frozen',
		message: `"${name}" does not record what this build would use`,
		hint: 'build without --frozen on such a machine, and commit the file',
		details: changes.map(describeLockChange),
	});
}
