import { Errno, type ErrnoValue } from '../errno.js';
import type { Calls, System } from './system.js';

/** Sockets: there are none, so a descriptor is either not open or not a socket. */
export function socketCalls({ descriptors }: System): Calls {
	const refuse = (fd: number): ErrnoValue => {
		descriptors.get(fd);
		return Errno.NOTSOCK;
	};
	return { sock_accept: refuse, sock_recv: refuse, sock_send: refuse, sock_shutdown: refuse };
}
