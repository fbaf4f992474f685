import { redirect } from 'next/navigation';

/** The first page is the answer: until the overview exists, that is the list of messages. */
export default function Home(): never {
  redirect('/messages');
}
