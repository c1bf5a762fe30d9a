import { testContainer } from '../machines.js';

// Opens a container, prints its id, and waits to be killed.
const machine = testContainer(process.argv[2] ?? '');
const { stdout } = await machine.run({ argv: ['cat', '/etc/hostname'], cwd: '/', env: {} });
process.stdout.write(stdout);
await machine.run({ argv: ['sleep', '600'], cwd: '/', env: {} });
