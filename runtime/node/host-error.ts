import { Errno, errnoOf, WasiError } from '../errno.js';

/** Runs an operation on the host; its failure is the guest's error number. */
export function onHost<T>(operation: () => T): T {
	try {
		return operation();
	} catch (error) {
		if (error instanceof WasiError || !(error instanceof Error) || !('code' in error)) throw error;
		throw new WasiError(numberOf(error.code));
	}
}

function numberOf(code: unknown) {
	if (typeof code !== 'string') return Errno.IO;
	// Node's own checks of arguments, for example of a text with NUL in it.
	if (code.startsWith('ERR_')) return Errno.INVAL;
	if (code === 'EOPNOTSUPP') return Errno.NOTSUP;
	return errnoOf(code);
}
