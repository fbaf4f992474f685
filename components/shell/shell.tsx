'use client';

import { useHotkeys, useMounted } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy } from '@/components/ui/lazy';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useGo } from '@/components/page/link';
import { clusterOf } from '@/lib/client/cluster';
import type { ClusterHead } from '@/components/page/cluster';
import { BottomNav, SideNav } from './nav';
import classes from './shell.module.css';
import { TopBar } from './top-bar';
import { useGoKeys } from './use-go-keys';
import { useTypedAhead } from '@/components/palette/use-typed-ahead';

// What opens over a page, or is seldom on it, comes once the page is there, so that the page itself comes sooner.
const loadPalette = () => import('@/components/palette/palette').then((module) => module.Palette);
const Palette = lazy(loadPalette);
const StoreAway = lazy(() => import('@/components/page/store-away').then((module) => module.StoreAway));
const Notices = lazy(() => import('@/components/page/notices').then((module) => module.Notices));
const DemoSteps = lazy(() => import('./demo-steps').then((module) => module.DemoSteps));
const Help = lazy(() => import('./help').then((module) => module.Help));
const SignedOut = lazy(() => import('./signed-out').then((module) => module.SignedOut));

/** Navigation, top bar and palette around every page. Keys: `/` and ⌘K search, `g` and a letter go somewhere, `r` refreshes, `?` explains. */
export function Shell({
  operator,
  clusters,
  isDemo,
  children,
}: {
  /** null: the store can't be queried, so the operator is unknown. */
  operator: string | null;
  clusters: ClusterHead[];
  isDemo: boolean;
  children: ReactNode;
}) {
  const [searching, setSearching] = useState(false);
  const [words, setWords] = useState('');
  const [isHelping, setHelping] = useState(false);
  // Before hydration a pressed button does nothing.
  const isAwake = useMounted();
  const client = useQueryClient();
  const go = useGo();
  const named = clusterOf(useSearchParams());
  const cluster = clusters.find((cluster) => cluster.name === named) ?? clusters[0];
  const onHelp = useCallback(() => setHelping(true), []);
  useGoKeys(go, onHelp);
  useTypedAhead(
    searching,
    useCallback((letter: string) => setWords((typed) => typed + letter), []),
  );
  const onSearched = () => {
    setSearching(false);
    setWords('');
  };
  useEffect(() => void loadPalette(), []);
  useHotkeys([
    ['mod+K', () => setSearching(true)],
    ['/', () => setSearching(true)],
    ['r', () => void client.invalidateQueries()],
  ]);
  return (
    <div className={classes.frame} data-environment={cluster?.environment ?? ''} aria-busy={!isAwake}>
      <div className={classes.strip} />
      <SideNav />
      <TopBar
        operator={operator ?? ''}
        cluster={cluster}
        clusters={clusters}
        onSearch={() => setSearching(true)}
        onHelp={onHelp}
      />
      {isDemo ? <DemoSteps /> : null}
      <main className={classes.main}>
        {operator === null ? <StoreAway /> : <Notices />}
        {operator === null ? null : children}
      </main>
      <BottomNav onSearch={() => setSearching(true)} onHelp={onHelp} />
      {operator === null ? null : <SignedOut operator={operator} />}
      {isHelping ? <Help onClose={() => setHelping(false)} /> : null}
      {searching ? <Palette text={words} onText={setWords} onClose={onSearched} onHelp={onHelp} /> : null}
    </div>
  );
}
