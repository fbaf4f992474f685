// Starts the shop. Node 20 does not read TypeScript; tsx does it while loading.
import { register } from 'tsx/esm/api';

register();
await import('./shop.ts');
