import { z } from 'zod';

type Form = 'number' | 'boolean' | 'list' | 'text';

/**
 * How the fields of an operation's input are written in a query: numbers and booleans as text, lists by repeating the
 * name or separated by commas.
 */
export function formsOf(schema: z.ZodType): ReadonlyMap<string, Form> {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return new Map(Object.entries(properties ?? {}).map(([name, property]) => [name, formOf(property)]));
}

/**
 * Reads a query as the input of an operation. A value that is not of its field's form stays text, so that the operation
 * refuses it by the name and value that were given; an empty value counts as absent.
 */
export function readQuery(
  query: URLSearchParams,
  forms: ReadonlyMap<string, Form>,
): Record<string, string | number | boolean | string[]> {
  const input: Record<string, string | number | boolean | string[]> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name).filter((value) => value !== '');
    const [first] = values;
    if (first === undefined) continue;
    input[name] =
      forms.get(name) === 'list' ? listOf(values) : valueOf(values.at(-1) ?? first, forms.get(name));
  }
  return input;
}

function listOf(values: string[]): string[] {
  return values.length > 1 ? values : (values[0] ?? '').split(',').filter(Boolean);
}

function valueOf(text: string, form: Form | undefined): string | number | boolean {
  if (form === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (form === 'number' && !Number.isNaN(Number(text))) return Number(text);
  return text;
}

function formOf(property: z.core.JSONSchema._JSONSchema): Form {
  if (typeof property === 'boolean') return 'text';
  const options = property.anyOf ?? [property];
  for (const option of options) {
    if (typeof option === 'boolean') continue;
    const types = [option.type].flat();
    if (types.includes('array')) return 'list';
    if (types.includes('boolean')) return 'boolean';
    if (types.includes('number') || types.includes('integer')) return 'number';
  }
  return 'text';
}
