import type { Sfu } from './ports.js'

/** What of a track is looked at. */
type Track = { readonly sid: string; readonly type: number }

/** The part of LiveKit's `RoomServiceClient` (`livekit-server-sdk`) that is used. */
export type LiveKitRooms = {
  readonly updateParticipant: (
    room: string,
    identity: string,
    options: {
      readonly permission: {
        readonly canSubscribe: boolean
        readonly canPublish: boolean
        readonly canPublishData: boolean
      }
    },
  ) => Promise<unknown>
  readonly updateSubscriptions: (
    room: string,
    identity: string,
    trackSids: string[],
    subscribe: boolean,
  ) => Promise<unknown>
  readonly removeParticipant: (room: string, identity: string) => Promise<unknown>
  readonly listParticipants: (
    room: string,
  ) => Promise<readonly { readonly identity: string; readonly tracks: readonly Track[] }[]>
}

/** As LiveKit's protocol numbers kinds of tracks. */
const videoTrack = 1

/**
 * A LiveKit room as the media server of a stage. A viewer's access token must say `canSubscribe: false`: the gate opens it.
 *
 * @param rooms a `RoomServiceClient`
 * @param room its name
 *
 * @example
 * ```ts
 * import { createLiveKitSfu, type LiveKitRooms } from '@sluice/server/stage'
 *
 * // import { RoomServiceClient } from 'livekit-server-sdk'
 * // const rooms = new RoomServiceClient('https://sfu.example', apiKey, apiSecret)
 * function sfuOf(rooms: LiveKitRooms) {
 *   return createLiveKitSfu(rooms, 'alice')
 * }
 * ```
 */
export function createLiveKitSfu(rooms: LiveKitRooms, room: string): Sfu {
  /** Tracks with a picture of everyone but the viewer. */
  async function pictures(viewer: string): Promise<string[]> {
    const others = (await rooms.listParticipants(room)).filter(({ identity }) => identity !== viewer)
    return others
      .flatMap(({ tracks }) => tracks)
      .flatMap(({ sid, type }) => (type === videoTrack ? [sid] : []))
  }

  return {
    share: async (viewer, share) => {
      const permission = { canSubscribe: share !== 'nothing', canPublish: false, canPublishData: false }
      // Whoever may subscribe again is subscribed to all at once; the picture is taken away afterwards.
      await rooms.updateParticipant(room, viewer, { permission })
      if (share === 'nothing') return
      const sids = await pictures(viewer)
      if (sids.length > 0) await rooms.updateSubscriptions(room, viewer, sids, share === 'everything')
    },
    remove: async (viewer) => {
      await rooms.removeParticipant(room, viewer)
    },
  }
}
