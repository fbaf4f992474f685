import type { ReactNode } from 'react';
import classes from './ui.module.css';

/** Shown in place of missing content: what the state is, why, and the one next step. */
export function State({
  title,
  isPage = false,
  children,
  action,
}: {
  title: string;
  /** Whether it is all there is on the page, and so its first heading. */
  isPage?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <section className={classes.state} aria-live="polite">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children ? <div>{children}</div> : null}
      {action ? <div className={classes.stateAction}>{action}</div> : null}
    </section>
  );
}

/** Placeholder rows in the shape of the content that is loading. */
export function Skeletons({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className={classes.skeletons}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.skeleton} />
      ))}
    </div>
  );
}
