/** Header in which a page reports that its user was active since its last request. */
export const ACTIVE_HEADER = 'x-courier-active';
