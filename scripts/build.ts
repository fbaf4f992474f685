// Builds the console as `courier start` would, and marks what it was built from, so that neither builds it again.
import { ensureBuild } from '../lib/cli/build';

await ensureBuild((line) => console.log(line));
