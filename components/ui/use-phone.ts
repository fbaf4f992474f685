import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen is as narrow as a phone's, by the limit of the style sheets; false before hydration. */
export function usePhone(): boolean {
  return useMediaQuery('(max-width: 48em)', false);
}
