import { host } from './host.mjs';

export const { add, echo, take } = host;
