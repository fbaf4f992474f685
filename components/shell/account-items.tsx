'use client';

import { Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { chooseLanguage } from '@/lib/client/choose-language';
import { useSignOut } from '@/lib/client/use-session';
import { LOCALES, type Locale } from '@/lib/domain/locale';

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

/** The languages, as items of a menu. */
export function LanguageItems() {
  const { languages, choose } = useLanguages();
  return languages.map(({ locale, name, isChosen }) => (
    <Menu.Item
      key={locale}
      lang={locale}
      leftSection={<IconLanguage size={16} stroke={1.6} />}
      onClick={() => choose(locale)}
      aria-current={isChosen}
    >
      {name}
    </Menu.Item>
  ));
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

/** The other colours, as an item of a menu. */
export function SchemeItem() {
  const { label, isDark, change } = useOtherScheme();
  const Icon = isDark ? IconSun : IconMoon;
  return (
    <Menu.Item leftSection={<Icon size={16} stroke={1.6} />} onClick={change}>
      {label}
    </Menu.Item>
  );
}

/** The way out, as an item of a menu. */
export function SignOutItem() {
  const t = useTranslations('top');
  const signOut = useSignOut();
  return (
    <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => signOut.mutate()}>
      {t('signOut')}
    </Menu.Item>
  );
}
