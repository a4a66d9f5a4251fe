import {
  account,
  amount,
  date,
  duration,
  hidden,
  optional,
  raw,
  severalCalls,
  share,
  token,
  withdrawOwed,
  type Description,
  type Field,
  type Wording,
} from './descriptor.ts'

/** The terms of a tournament: what it costs, who decides, until when. */
const terms: readonly Field[] = [
  account('terms.host', 'Host'),
  account('terms.referee', 'Referee'),
  amount('terms.stake', 'Stake of each player', 'terms.token'),
  date('terms.joinDeadline', 'Starts'),
  date('terms.resultDeadline', 'Result by'),
  share('terms.rake', "Host's share"),
  optional(amount('terms.bond', "Host's bond", 'terms.token')),
  optional(amount('terms.challengeBond', 'Bond for a dispute', 'terms.token')),
  optional(amount('terms.keeperReward', 'Reward for paying a winner', 'terms.token')),
  optional(raw('terms.minimumPlayers', 'Players at least')),
  optional(raw('terms.maximumPlayers', 'Players at most')),
  optional(duration('terms.challengeWindow', 'Time to dispute')),
  optional(duration('terms.rulingWindow', 'Time to decide a dispute')),
  optional(raw('terms.payouts', 'Prizes by rank, two bytes each')),
  optional(raw('terms.rulesHash', 'Hash of the rules')),
  optional(token('terms.token')),
  hidden('terms.salt', 'Number of the tournament'),
]

const payment = hidden('payment', 'How it is paid')

const about = (intent: string, ...fields: readonly Field[]): Wording => ({
  intent,
  fields: [...fields, ...terms],
})

const result: readonly Field[] = [
  account('result.players.[]', 'Player'),
  raw('result.ranks.[]', 'Rank (0: absent)'),
  optional(amount('result.total', 'All prizes, when worked out elsewhere', 'terms.token')),
  optional(raw('result.root', 'Root of prizes worked out elsewhere')),
]

export const tournaments: Description = {
  calls: {
    create: {
      ...about('Open a tournament', amount('terms.bond', 'You put in', 'terms.token'), payment),
      interpolatedIntent: 'Open a tournament with a stake of {terms.stake} and put in {terms.bond}',
    },
    sponsor: about('Add to the prizes', amount('amount', 'You add', 'terms.token'), payment),
    join: {
      ...about('Join a tournament', account('player', 'Player'), payment),
      interpolatedIntent: 'Enter {player} with a stake of {terms.stake}',
    },
    leave: about('Leave a tournament and take the stake back'),
    submitResult: about('Report the result', ...result),
    confirm: about(
      'Confirm a result for all players',
      account('players.[]', 'Player'),
      hidden('signatures.[]', "Player's consent"),
    ),
    challenge: {
      ...about('Dispute the result', amount('terms.challengeBond', 'You put in', 'terms.token'), payment),
      interpolatedIntent: 'Dispute the result and put in {terms.challengeBond}',
    },
    rule: about('Decide a dispute', ...result),
    annul: about('Declare a tournament void and return the stakes'),
    finalize: about('Make the result final'),
    payMany: about(
      'Pay winners',
      account('prizes.[].player', 'Winner'),
      amount('prizes.[].amount', 'Prize', 'terms.token'),
      hidden('prizes.[].proof.[]', 'Proof'),
    ),
    claim: about(
      'Take your prize',
      amount('amount', 'Prize', 'terms.token'),
      account('to', 'Send to'),
      hidden('proof.[]', 'Proof'),
    ),
    cancel: about('End a tournament and open the refunds'),
    refund: about('Send back what players and sponsors put in', account('accounts.[]', 'To')),
    withdrawOwed,
    multicall: severalCalls,
  },
  messages: {
    'Confirmation(bytes32 tournamentId,bytes32 root)': {
      intent: 'Agree to the result of a tournament',
      fields: [raw('tournamentId', 'Tournament'), raw('root', 'Root of the prizes')],
    },
  },
}
