import { Sources } from '@/components/settings/sources';

export default function Page() {
  return <Sources />;
}
