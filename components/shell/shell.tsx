'use client';

import { useHotkeys } from '@mantine/hooks';
import { useSearchParams } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { useGo } from './link';
import { clusterOf } from '@/lib/client/cluster';
import type { ClusterHead } from './cluster';
import { DemoSteps } from './demo-steps';
import { BottomNav, SideNav } from './nav';
import { Palette } from './palette';
import classes from './shell.module.css';
import { TopBar } from './top-bar';
import { useGoKeys } from './use-go-keys';

/** Navigation, top bar and palette around every page. Keys: `/` and ⌘K search, `g` and a letter go somewhere. */
export function Shell({
  operator,
  clusters,
  isDemo,
  children,
}: {
  operator: string;
  clusters: ClusterHead[];
  isDemo: boolean;
  children: ReactNode;
}) {
  const [searching, setSearching] = useState(false);
  const go = useGo();
  const named = clusterOf(useSearchParams());
  const cluster = clusters.find((one) => one.name === named) ?? clusters[0];
  useGoKeys(go);
  useHotkeys([
    ['mod+K', () => setSearching(true)],
    ['/', () => setSearching(true)],
  ]);
  return (
    <div className={classes.frame} data-environment={cluster?.environment}>
      <div className={classes.strip} />
      <SideNav />
      <TopBar operator={operator} cluster={cluster} clusters={clusters} onSearch={() => setSearching(true)} />
      {isDemo ? <DemoSteps /> : null}
      <main className={classes.main}>{children}</main>
      <BottomNav onSearch={() => setSearching(true)} />
      {searching ? <Palette onClose={() => setSearching(false)} /> : null}
    </div>
  );
}
