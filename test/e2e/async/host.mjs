// The host of `cpybuild run`.
import { makeNet } from './net.mjs';

export default { net: makeNet() };
