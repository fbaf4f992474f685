/** A path of this console to go on to; anything that could lead elsewhere becomes the first page. */
export function safePath(to: string | undefined): string {
  if (!to || !/^\/(?![/\\])[^\\\s]*$/.test(to)) return '/overview';
  return to === '/' ? '/overview' : to;
}
