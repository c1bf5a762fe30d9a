import { request } from 'node:http';

/** Whether an engine answers at a socket. */
export function answers(socketPath: string): Promise<boolean> {
	return new Promise((resolve) => {
		const asked = request({ socketPath, path: '/_ping' }, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		});
		asked.on('error', () => resolve(false)).end();
	});
}
