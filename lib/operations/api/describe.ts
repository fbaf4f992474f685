import { z } from 'zod';
import document from '@/lib/contract/openapi.json';
import { defineOperation } from '../operation';

/** The description of the API, as OpenAPI 3.1. */
export const describeApi = defineOperation({
  name: 'api.describe',
  permission: 'public',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  run: () => Promise.resolve<object>(document),
});
