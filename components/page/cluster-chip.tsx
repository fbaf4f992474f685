import { useTranslations } from 'next-intl';
import { environmentOf, type ClusterHead } from './cluster';
import classes from './cluster-chip.module.css';

/** A cluster's environment, in words and in its colour, and its name. */
export function ClusterChip({ cluster }: { cluster: ClusterHead }) {
  const t = useTranslations('top.environment');
  const environment = environmentOf(cluster.environment);
  return (
    <>
      <span className={classes.environment} data-environment={environment}>
        {t(environment)}
      </span>
      <span className="mono">{cluster.name}</span>
    </>
  );
}
