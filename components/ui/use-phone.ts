import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen is as narrow as a phone's, as the style sheets have it; false until the page has woken up. */
export function usePhone(): boolean {
  return useMediaQuery('(max-width: 48em)', false);
}
