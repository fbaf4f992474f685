/** Header by which a page says that its person did something since it asked last. */
export const ACTIVE_HEADER = 'x-courier-active';
