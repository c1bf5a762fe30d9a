// Runs crossing.py in a component through jco: in-jco.mjs DIST

import { withComponent } from '../programs/open-component.mjs';
import { demo } from './host.mjs';

const [dist = ''] = process.argv.slice(2);
const options = {
	args: ['python', '/program/crossing.py'],
	env: { PYTHONHOME: '/' },
	folders: { '/program': import.meta.dirname },
	imports: { 'cpybuild:project/demo': demo },
};
await withComponent(dist, options, (python) => python.run.run());
