'use client';

/** A boundary of its own inside the console's frame, so that a person may go elsewhere from a page that failed. */
export { default } from '../error';
