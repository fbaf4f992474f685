import { randomInt } from 'node:crypto';
import { passPhrase } from '@/lib/domain/operators/password';
import { CourierError } from '@/lib/errors';
import { SYSTEM } from '@/lib/context/context';
import { createOperator } from '@/lib/operations/operators/create';
import { withContexts } from './with-context';

/** Makes an administrator with a pass phrase that is printed once. */
export async function setUp([name]: string[]): Promise<void> {
  if (!name) throw new CourierError('invalid_input', 'Name the administrator: courier setup <name>.');
  const password = passPhrase(randomInt);
  await withContexts('courier setup', ([context]) =>
    createOperator.call(context, SYSTEM, { name, password }),
  );
  console.log(`\n  ${name}   ${password}   (shown once)\n`);
}
