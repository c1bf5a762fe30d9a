export { type NodeMountOptions, nodeMount } from './node-mount.js';
export { hostInput, hostOutput } from './streams.js';
export { type NodeThreadOptions, nodeThread } from './thread.js';
