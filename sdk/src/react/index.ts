/** React hooks over wagmi, and components without looks: for each question its query options and its hook. */
export { Countdown } from './components/Countdown.js'
export { StreamGate } from './components/StreamGate.js'
export { StreamMeter, type MeterText } from './components/StreamMeter.js'
export type { Answer } from './hooks/useAnswer.js'
export { useActiveSubscription } from './hooks/useActiveSubscription.js'
export { useChannel } from './hooks/useChannel.js'
export { useChannels } from './hooks/useChannels.js'
export { useSecondsUntil } from './hooks/useSecondsUntil.js'
export { useSluice } from './hooks/useSluice.js'
export { useStreamSession } from './hooks/useStreamSession.js'
export { useSubscription } from './hooks/useSubscription.js'
export { useTournament } from './hooks/useTournament.js'
export { useTournamentPlayer } from './hooks/useTournamentPlayer.js'
export { channelQueryOptions, type ChannelQueryParameters } from './queries/channel.js'
export { channelsQueryOptions, type ChannelsQueryParameters } from './queries/channels.js'
export type { QueryOptions, QueryParameters, QueryTuning } from './queries/query.js'
export {
  activeSubscriptionQueryOptions,
  subscriptionQueryOptions,
  type SubscriptionQueryParameters,
} from './queries/subscription.js'
export {
  playerQueryOptions,
  tournamentQueryOptions,
  type PlayerQueryParameters,
  type TournamentQueryParameters,
} from './queries/tournament.js'
export {
  createStreamSession,
  type StreamSession,
  type StreamSessionState,
  type StreamSessionStatus,
} from './stream/streamSession.js'
