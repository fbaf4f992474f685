import {
  IconAlertTriangle,
  IconGauge,
  IconMail,
  IconRefresh,
  IconSettings,
  IconStack2,
  IconUsersGroup,
} from '@tabler/icons-react';

/** The places of the console. Each thing has one; the letter goes there after `g`. */
export const PLACES = {
  overview: { href: '/overview', letter: 'o', Icon: IconGauge },
  messages: { href: '/messages', letter: 'm', Icon: IconMail },
  topics: { href: '/topics', letter: 't', Icon: IconStack2 },
  failures: { href: '/failures', letter: 'f', Icon: IconAlertTriangle },
  retries: { href: '/retries', letter: 'r', Icon: IconRefresh },
  groups: { href: '/groups', letter: 'g', Icon: IconUsersGroup },
  settings: { href: '/settings', letter: ',', Icon: IconSettings },
} as const;
export type Place = keyof typeof PLACES;

/** The navigation in order; a section without a heading is a single place. */
export const SECTIONS: readonly { heading: 'find' | 'rescue' | 'watch' | null; places: readonly Place[] }[] =
  [
    { heading: null, places: ['overview'] },
    { heading: 'find', places: ['messages', 'topics'] },
    { heading: 'rescue', places: ['failures', 'retries'] },
    { heading: 'watch', places: ['groups'] },
    { heading: null, places: ['settings'] },
  ];

/** Places in the phone's bottom bar, beside search and More. */
export const BOTTOM: readonly Place[] = ['overview', 'failures', 'groups'];
