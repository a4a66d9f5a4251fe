import type { RTCIceServer } from 'werift'

/** How peers reach this machine. */
export type Network = {
  /** STUN and TURN servers; none are needed where the server has a public address. */
  readonly iceServers: RTCIceServer[]
  /** Addresses this machine is known by outside, such as behind a cloud's translation. */
  readonly iceAdditionalHostAddresses?: string[]
  /** UDP ports, lowest and highest; default: any free one. */
  readonly icePortRange?: [number, number]
}
