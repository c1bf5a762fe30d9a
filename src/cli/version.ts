export { ownVersion } from '../own-files.js';
