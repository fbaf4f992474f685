// Writes docs/configuration.md from the settings' own schema.
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../lib/configuration-page';

writeFileSync('docs/configuration.md', configurationPage());
