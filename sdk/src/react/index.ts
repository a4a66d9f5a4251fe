/** React hooks over wagmi, and components without looks: for each question its query options and its hook. */
export { Countdown } from './components/Countdown.js'
export { StreamGate } from './components/StreamGate.js'
export { StreamMeter, type MeterText } from './components/StreamMeter.js'
export { WalletPrompt } from './components/WalletPrompt.js'
export {
  useAuthorizeOrder,
  useChargeOrder,
  useCaptureOrder,
  useReleaseOrder,
  useReleaseMilestone,
  useVoidOrder,
  useReclaimOrder,
  useRefundOrder,
  useDisputeOrder,
  useRuleOrder,
  useResolveOrder,
  useSignSettlement,
  useSettleOrder,
} from './hooks/escrowSends.js'
export {
  useSubscribe,
  useCancelSubscription,
  usePauseSubscription,
  useResumeSubscription,
  useChangePlan,
  useFundSubscription,
  useWithdrawBalance,
} from './hooks/subscriptionSends.js'
export {
  useCreateTournament,
  useJoinTournament,
  useSponsorTournament,
  useLeaveTournament,
  useSubmitResult,
  useSignConfirmation,
  useConfirmResult,
  useChallengeResult,
  useRuleTournament,
  useAnnulTournament,
  useFinalizeTournament,
  useClaimPrize,
  usePayWinners,
  useCancelTournament,
  useRefundTournament,
} from './hooks/tournamentSends.js'
export type { Answer } from './hooks/useAnswer.js'
export { useActiveSubscription } from './hooks/useActiveSubscription.js'
export { useChannel } from './hooks/useChannel.js'
export { useChannels } from './hooks/useChannels.js'
export { useOrder } from './hooks/useOrder.js'
export { useSecondsUntil } from './hooks/useSecondsUntil.js'
export { useSend, type Send } from './hooks/useSend.js'
export { useSluice } from './hooks/useSluice.js'
export { useStreamSession } from './hooks/useStreamSession.js'
export { useSubscription } from './hooks/useSubscription.js'
export { useTournament } from './hooks/useTournament.js'
export { useTournamentPlayer } from './hooks/useTournamentPlayer.js'
export { channelQueryOptions, type ChannelQueryParameters } from './queries/channel.js'
export { channelsQueryOptions, type ChannelsQueryParameters } from './queries/channels.js'
export { orderQueryOptions, type OrderQueryParameters } from './queries/order.js'
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
  createSending,
  type Planned,
  type SendAction,
  type Sending,
  type SendState,
  type SendStatus,
} from './send/sending.js'
export {
  createStreamSession,
  type StreamSession,
  type StreamSessionState,
  type StreamSessionStatus,
} from './stream/streamSession.js'
