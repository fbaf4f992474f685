'use client';

import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { MenuEntry } from '@/components/ui/menu-shape';
import { chooseLanguage } from '@/lib/client/choose-language';
import { useSignOut } from '@/lib/client/use-session';
import { LOCALES, type Locale } from '@/lib/values/locale';

/** The languages, each by its own name. */
export function useLanguages(): {
  languages: { locale: Locale; name: string; isChosen: boolean }[];
  choose: (to: Locale) => void;
} {
  const chosen = useLocale();
  const router = useRouter();
  return {
    languages: LOCALES.map((locale) => ({
      locale,
      name: locale === 'en' ? 'English' : '简体中文',
      isChosen: locale === chosen,
    })),
    choose(to) {
      chooseLanguage(to);
      router.refresh();
    },
  };
}

/** The languages, as entries of a menu. */
export function useLanguageEntries(): MenuEntry[] {
  const { languages, choose } = useLanguages();
  return languages.map(({ locale, name, isChosen }) => ({
    key: locale,
    lang: locale,
    label: name,
    icon: <IconLanguage size={16} stroke={1.6} />,
    onPress: () => choose(locale),
    isCurrent: isChosen,
  }));
}

/** The other colours. */
export function useOtherScheme(): { label: string; isDark: boolean; change: () => void } {
  const t = useTranslations('top');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const isDark = useMounted() && scheme === 'dark';
  return {
    label: t(isDark ? 'toLight' : 'toDark'),
    isDark,
    change: () => setColorScheme(isDark ? 'light' : 'dark'),
  };
}

/** The other colours, as an entry of a menu. */
export function useSchemeEntry(): MenuEntry {
  const { label, isDark, change } = useOtherScheme();
  const Icon = isDark ? IconSun : IconMoon;
  return { key: 'scheme', label, icon: <Icon size={16} stroke={1.6} />, onPress: change };
}

/** The way out, as an entry of a menu. */
export function useSignOutEntry(): MenuEntry {
  const t = useTranslations('top');
  const signOut = useSignOut();
  return {
    key: 'sign out',
    label: t('signOut'),
    icon: <IconLogout size={16} stroke={1.6} />,
    onPress: () => signOut.mutate(),
  };
}
