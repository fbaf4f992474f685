export interface SignInRequest {
  name: string;
  password: string;
}

/** When the caller's session ends. */
export interface CurrentSession {
  name: string;
  /** Where the person does nothing. */
  idleEndsAt: string;
  expiresAt: string;
}

export interface SessionView {
  id: string;
  createdAt: string;
  seenAt: string;
  expiresAt: string;
}
