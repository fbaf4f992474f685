import { notFound } from 'next/navigation';

/** Every address that no page has: the words for it stand inside the console. */
export default function Page(): never {
  notFound();
}
