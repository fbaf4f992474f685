import { z } from 'zod';
import { settings } from './config';

/** `docs/configuration.md`, made from the schema of the settings; a test fails when file and schema differ. */
export function configurationPage(): string {
  const schema = z.toJSONSchema(settings, { io: 'input' });
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const {
      description = '',
      default: fallback,
      enum: allowed,
      minimum,
      maximum,
    } = property as {
      description?: string;
      default?: unknown;
      enum?: string[];
      minimum?: number;
      maximum?: number;
    };
    const range = allowed
      ? allowed.map((item) => `\`${item}\``).join(', ')
      : minimum === undefined
        ? ''
        : `${minimum} to ${maximum ?? ''}`;
    const value = typeof fallback === 'string' || typeof fallback === 'number' ? `\`${fallback}\`` : 'unset';
    return `| \`${name}\` | ${description} | ${range} | ${value} |`;
  });
  return `# Configuration

Made from \`lib/config.ts\` by \`npm run docs:configuration\`. Settings are environment variables; a wrong one is refused at
start with its name, its value and what is allowed.

| variable | what it is | allowed | default |
|---|---|---|---|
${rows.join('\n')}

Services that use the SDK read \`COURIER_INTAKE_URL\` and \`COURIER_TOKEN\`; see \`lib/sdk/README.md\`.
`;
}
