import type { Courier } from '../lib/sdk';

/** Connects one of the shop's services; the shop closes them all when it stops. */
export type Connect = (service: string, release: string) => Courier;
