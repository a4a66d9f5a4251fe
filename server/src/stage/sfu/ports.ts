/** What a viewer may be sent. */
export type Share = 'everything' | 'sound' | 'nothing'

/**
 * A media server elsewhere that forwards a live stream to its viewers. The payee does not see the packets: it says what each
 * viewer may be sent, and ends those who are gone.
 */
export type Sfu = {
  /** Takes effect for this viewer alone. Repeated: no more than a request in vain. */
  readonly share: (viewer: string, share: Share) => Promise<void>
  readonly remove: (viewer: string) => Promise<void>
}
