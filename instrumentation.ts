/** Runs once when a web process starts. The web must not outlive the supervisor, however that ends. */
export function register(): void {
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.COURIER_PARENT_PIPE) {
    process.on('disconnect', () => process.exit(0));
  }
}
