import type { Source } from '../model/state.ts'

/** Every word of the studio in English; other languages have the same shape. */
export const en = {
  title: 'Studio',
  door: 'Your studio',
  doorHint:
    'Sign in with the wallet your stream pays. You sign a sentence; it moves no money and costs nothing.',
  connecting: 'Your wallet asks whether this page may see your address.',
  signing: 'Your wallet asks you to sign in. Read what it shows, then sign.',
  signOut: 'Sign out',
  reconnecting: 'The server does not answer. What you see is from before; it is tried again by itself.',
  live: 'Picture',
  onAir: 'live',
  offAir: 'off the air',
  preview: 'What you send',
  goLive: 'Go live from this page',
  sources: { camera: 'Go live with the camera', screen: 'Show the screen', card: 'Test card' } as Readonly<
    Record<Source, string>
  >,
  sending: {
    camera: 'Your camera is on the air.',
    screen: 'Your screen is on the air.',
    card: 'The test card is on the air.',
  } as Readonly<Record<Source, string>>,
  sendingSoon: 'Connecting.',
  endLive: 'End the stream',
  liveElsewhere: 'On the air from elsewhere, such as OBS or another tab. Going live here takes its place.',
  liveHint: 'Keep this tab open while you stream from it. Viewers pay only while they see you.',
  obs: 'Stream with OBS',
  obsHint: 'In OBS: Settings, Stream, service “WHIP”. Paste both. Set the keyframe interval to one second.',
  whip: 'Server',
  key: 'Bearer token (your stream key)',
  reveal: 'Show',
  renewHint: 'Whoever has the key can stream in your place. With a new one the old one is worth nothing.',
  renew: 'Make a new key',
  stream: 'Name and price',
  name: 'Name of the stream',
  price: { second: 'Price a minute', byte: 'Price a byte', request: 'Price a request' },
  anHour: (amount: string, fiat: string | undefined) =>
    `${amount} an hour from each viewer${fiat === undefined ? '' : `, ${fiat}`}`,
  token: 'Paid in another token',
  tokenHint: 'Address of the token; 0x and forty zeros is the chain’s own coin',
  save: 'Save',
  saved: 'Saved.',
  priceHint:
    'It holds for viewers who come from now on. Who watches already goes on at the old price; who comes back later starts anew.',
  delegation: 'Who is paid, and who signs',
  payee: 'Receives: your wallet',
  operator: 'Signs: the server’s key',
  sameKey: 'the same key',
  delegated:
    'The server’s key signs receipts and settles for you, so that your wallet need not be here. It cannot receive anything: the worst it could do is to give viewers back what they owe you. Every channel names both. To end that, stop the server.',
  notDelegated:
    'One key receives and signs, and it lies on the server. Better: a wallet of yours receives, and the server has a key that can only sign. Set it up with “sluice init --payee”.',
  money: 'Money',
  viewers: (count: number, paying: number) =>
    `${String(count)} ${count === 1 ? 'viewer' : 'viewers'}, ${String(paying)} paying now`,
  earned: 'earned',
  settled: 'on the chain',
  unsettled: 'not settled yet',
  gas: (cost: string, channels: number, percent: number | undefined) =>
    `Settling ${String(channels)} ${channels === 1 ? 'channel' : 'channels'} now takes about ${cost} ETH of gas${
      percent === undefined ? '' : `, ${String(percent)} % of what it brings`
    }.`,
  gasUnknown: 'What gas costs is not known yet.',
  nothingToSettle: 'Nothing can be settled now.',
  poor: (balance: string) => `The server’s key has ${balance} ETH, too little for that. Send it some.`,
  settleAll: 'Settle all',
  settlingNow: 'Settling',
  underWay: (count: number) =>
    `${String(count)} ${count === 1 ? 'transaction is' : 'transactions are'} on the way.`,
  outcome: (sent: number, skipped: number, failed: number) =>
    [
      `${String(sent)} sent`,
      ...(skipped > 0 ? [`${String(skipped)} not due yet`] : []),
      ...(failed > 0 ? [`${String(failed)} refused`] : []),
    ].join(', '),
  income: 'Income',
  spanLabel: 'How far back',
  spans: { hour: 'Hour', day: 'Day', month: 'Month' },
  noIncome: 'Nothing came in during this time.',
  incomeSum: (amount: string) => `${amount} in all during this time.`,
  chartLabel: 'Bars of what came in, step by step',
  chart: { earned: 'earned', tipped: 'of which tips' },
  tips: 'Tips',
  noTips: 'Tips stand here as soon as they are paid for.',
  hide: 'Hide',
  show: 'Show',
  replay: 'Replay',
  goal: 'Goal',
  goalTitle: 'What for',
  goalTarget: 'How much',
  setGoal: 'Collect',
  endGoal: 'End the goal',
  of: (reached: string, target: string) => `${reached} of ${target}`,
  overlays: 'Overlay',
  overlaysHint:
    'A page for OBS (a browser source) that shows tips over your picture, each only after it is paid for. Whoever has the address sees them too.',
  overlayName: 'A name for you',
  makeOverlay: 'Make an address',
  newOverlay: 'Address of the overlay',
  onceHint: 'It is shown this once: copy it into OBS now.',
  revoke: 'Revoke',
  testAlert: 'Send a test alert',
  tested: (count: number) =>
    count === 0
      ? 'No overlay is connected.'
      : `Shown on ${String(count)} ${count === 1 ? 'overlay' : 'overlays'}.`,
  /** By code; others are told in the server's own words. */
  errors: {} as Readonly<Record<string, string>>,
}

type Widen<Value> = Value extends string
  ? string
  : Value extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : { readonly [Name in keyof Value]: Widen<Value[Name]> }

/** The shape of a language. */
export type StudioText = Widen<typeof en>
