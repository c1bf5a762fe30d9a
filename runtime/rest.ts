/** Lets the thread rest for a while without using the processor, where the platform allows that. */
export function rest(milliseconds: number): void {
	if (milliseconds <= 0) return;
	try {
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
	} catch {
		// A page's main thread may not wait, and a page without cross-origin isolation has no shared memory.
		const end = performance.now() + milliseconds;
		while (performance.now() < end);
	}
}
