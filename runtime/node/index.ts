export { type NodeMountOptions, nodeMount } from './node-mount.js';
export { hostInput, hostOutput } from './streams.js';
