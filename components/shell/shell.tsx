'use client';

import { useHotkeys } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useState, type ReactNode } from 'react';
import { useGo } from './link';
import { clusterOf } from '@/lib/client/cluster';
import type { ClusterHead } from './cluster';
import { ClusterAway } from './cluster-away';
import { DemoSteps } from './demo-steps';
import { Help } from './help';
import { BottomNav, SideNav } from './nav';
import { Palette } from './palette';
import classes from './shell.module.css';
import { SignedOut } from './signed-out';
import { TopBar } from './top-bar';
import { useGoKeys } from './use-go-keys';

/** Navigation, top bar and palette around every page. Keys: `/` and ⌘K search, `g` and a letter go somewhere, `r` refreshes, `?` explains. */
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
  const [isHelping, setHelping] = useState(false);
  const client = useQueryClient();
  const go = useGo();
  const named = clusterOf(useSearchParams());
  const cluster = clusters.find((one) => one.name === named) ?? clusters[0];
  const onHelp = useCallback(() => setHelping(true), []);
  useGoKeys(go, onHelp);
  useHotkeys([
    ['mod+K', () => setSearching(true)],
    ['/', () => setSearching(true)],
    ['r', () => void client.invalidateQueries()],
  ]);
  return (
    <div className={classes.frame} data-environment={cluster?.environment}>
      <div className={classes.strip} />
      <SideNav />
      <TopBar
        operator={operator}
        cluster={cluster}
        clusters={clusters}
        onSearch={() => setSearching(true)}
        onHelp={onHelp}
      />
      {isDemo ? <DemoSteps /> : null}
      <main className={classes.main}>
        <ClusterAway />
        {children}
      </main>
      <BottomNav onSearch={() => setSearching(true)} />
      <SignedOut operator={operator} />
      {isHelping ? <Help onClose={() => setHelping(false)} /> : null}
      {searching ? <Palette onClose={() => setSearching(false)} /> : null}
    </div>
  );
}
