import { writeFileSync } from 'node:fs';
import { describeApi } from './api/describe-api';

const { openapi, page, problems } = await describeApi();
writeFileSync('lib/contract/openapi.json', openapi);
writeFileSync('docs/api.md', page);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
