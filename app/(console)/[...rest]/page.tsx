import { notFound } from 'next/navigation';

/** Matches every URL without a page, so that the not-found message appears inside the console. */
export default function Page(): never {
  notFound();
}
