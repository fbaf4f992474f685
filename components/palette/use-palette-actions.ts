import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useSignOut } from '@/lib/client/use-session';
import { useLanguages, useOtherScheme } from '@/components/sessions/use-account';
import type { PaletteLine } from './use-palette-rows';

/** What the palette does instead of leading somewhere, for who types a word of it. */
export function usePaletteActions(onHelp: () => void): (typed: string) => PaletteLine[] {
  const top = useTranslations('top');
  const help = useTranslations('help');
  const refresh = useTranslations('refresh');
  const client = useQueryClient();
  const scheme = useOtherScheme();
  const signOut = useSignOut();
  const { languages, choose } = useLanguages();
  const actions: PaletteLine[] = [
    { href: '#refresh', label: refresh('now'), act: () => void client.invalidateQueries() },
    { href: '#colours', label: scheme.label, act: scheme.change },
    ...languages
      .filter(({ isChosen }) => !isChosen)
      .map(({ locale, name }) => ({ href: `#${locale}`, label: name, act: () => choose(locale) })),
    { href: '#help', label: help('title'), act: onHelp },
    { href: '#sign-out', label: top('signOut'), act: () => signOut.mutate() },
  ];
  return (typed) => {
    const word = typed.toLowerCase();
    // A letter of the Latin alphabet is the begin of too much.
    if (/^[\u0000-\u024f]?$/.test(word)) return [];
    return actions.filter(
      ({ label }) =>
        label
          .toLowerCase()
          .split(/\s+/)
          .some((item) => item.startsWith(word)) || label.toLowerCase().startsWith(word),
    );
  };
}
