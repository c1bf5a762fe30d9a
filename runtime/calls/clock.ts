import { Errno } from '../errno.js';
import type { Calls, System } from './system.js';

/** The clocks. */
export function clockCalls({ memory, clocks }: System): Calls {
	return {
		clock_res_get(id: number, result: number) {
			memory.writeU64(result, clocks.resolution(id));
			return Errno.SUCCESS;
		},
		clock_time_get(id: number, _precision: bigint, result: number) {
			memory.writeU64(result, clocks.now(id));
			return Errno.SUCCESS;
		},
	};
}
