import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Words } from '@/app/words';
import { SettingsFrame } from '@/components/settings/settings-frame';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settings'))('title') };
}

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Words of={['settings', 'connection', 'trouble']}>
      <SettingsFrame>{children}</SettingsFrame>
    </Words>
  );
}
