import { useEffect, useState } from 'react';

const EVENT = 'courier-signed-out';

/** Notifies the page that its session has ended. The user can sign in on top of the page and loses nothing. */
export function announceSignedOut(): void {
  window.dispatchEvent(new Event(EVENT));
}

/** Returns whether the session has ended, and a function that marks it as restored. */
export function useSignedOut(): [boolean, () => void] {
  const [isOut, setOut] = useState(false);
  useEffect(() => {
    const onOut = () => setOut(true);
    window.addEventListener(EVENT, onOut);
    return () => window.removeEventListener(EVENT, onOut);
  }, []);
  return [isOut, () => setOut(false)];
}
