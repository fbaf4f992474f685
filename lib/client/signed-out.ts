import { useEffect, useState } from 'react';

const EVENT = 'courier-signed-out';

/** Tells the page that its session has ended: whoever sits there may sign in over it, and loses nothing. */
export function announceSignedOut(): void {
  window.dispatchEvent(new Event(EVENT));
}

/** Whether the session has ended, and how to say that there is one again. */
export function useSignedOut(): [boolean, () => void] {
  const [isOut, setOut] = useState(false);
  useEffect(() => {
    const onOut = () => setOut(true);
    window.addEventListener(EVENT, onOut);
    return () => window.removeEventListener(EVENT, onOut);
  }, []);
  return [isOut, () => setOut(false)];
}
