import type { StudioText } from './en.ts'

/** Every word of the studio in German. */
export const de: StudioText = {
  title: 'Studio',
  door: 'Dein Studio',
  doorHint:
    'Melde dich mit der Wallet an, die dein Stream bezahlt. Du unterschreibst einen Satz; das bewegt kein Geld und kostet nichts.',
  connecting: 'Deine Wallet fragt, ob diese Seite deine Adresse sehen darf.',
  signing: 'Deine Wallet fragt, ob du dich anmelden willst. Lies, was sie zeigt, und unterschreibe.',
  signOut: 'Abmelden',
  reconnecting:
    'Der Server antwortet nicht. Was du siehst, ist von vorhin; es wird von selbst wieder versucht.',
  live: 'Bild',
  onAir: 'live',
  offAir: 'nicht auf Sendung',
  preview: 'Was du sendest',
  goLive: 'Von dieser Seite senden',
  sources: { camera: 'Mit der Kamera senden', screen: 'Bildschirm zeigen', card: 'Testbild' },
  sending: {
    camera: 'Deine Kamera ist auf Sendung.',
    screen: 'Dein Bildschirm ist auf Sendung.',
    card: 'Das Testbild ist auf Sendung.',
  },
  sendingSoon: 'Die Verbindung entsteht.',
  endLive: 'Stream beenden',
  liveElsewhere:
    'Auf Sendung von anderswo, etwa aus OBS oder einem anderen Tab. Wenn du hier sendest, löst du es ab.',
  liveHint:
    'Lass diesen Tab offen, solange du von ihm sendest. Wer zusieht, zahlt nur, solange er dich sieht.',
  obs: 'Mit OBS senden',
  obsHint:
    'In OBS: Einstellungen, Stream, Plattform „WHIP“. Füge beides ein. Stelle den Keyframe-Abstand auf eine Sekunde.',
  whip: 'Server',
  key: 'Bearer-Token (dein Stream-Schlüssel)',
  reveal: 'Zeigen',
  renewHint:
    'Wer den Schlüssel hat, kann an deiner Stelle senden. Mit einem neuen ist der alte nichts mehr wert.',
  renew: 'Neuen Schlüssel machen',
  stream: 'Name und Preis',
  name: 'Name des Streams',
  price: { second: 'Preis pro Minute', byte: 'Preis pro Byte', request: 'Preis pro Abruf' },
  anHour: (amount, fiat) =>
    `${amount} pro Stunde von jedem, der zusieht${fiat === undefined ? '' : `, ${fiat}`}`,
  token: 'In anderem Token bezahlt',
  tokenHint: 'Adresse des Tokens; 0x und vierzig Nullen ist die Münze der Chain',
  save: 'Sichern',
  saved: 'Gesichert.',
  priceHint:
    'Gilt für alle, die ab jetzt kommen. Wer schon zusieht, bleibt beim alten Preis; wer später wiederkommt, beginnt neu.',
  delegation: 'Wer bezahlt wird und wer unterschreibt',
  payee: 'Empfängt: deine Wallet',
  operator: 'Unterschreibt: der Schlüssel des Servers',
  sameKey: 'derselbe Schlüssel',
  delegated:
    'Der Schlüssel des Servers unterschreibt Belege und rechnet für dich ab, damit deine Wallet nicht hier sein muss. Empfangen kann er nichts: schlimmstenfalls gibt er Zuschauern zurück, was sie dir schulden. Jeder Kanal nennt beide. Wenn du das beenden willst, stoppe den Server.',
  notDelegated:
    'Ein Schlüssel empfängt und unterschreibt, und er liegt auf dem Server. Besser: eine Wallet von dir empfängt, und der Server hat einen Schlüssel, der nur unterschreiben kann. Richte es ein mit „sluice init --payee“.',
  money: 'Geld',
  viewers: (count, paying) =>
    `${String(count)} Zuschauer, ${String(paying)} ${paying === 1 ? 'zahlt' : 'zahlen'} gerade`,
  earned: 'verdient',
  settled: 'auf der Chain',
  unsettled: 'noch nicht abgerechnet',
  gas: (cost, channels, percent) =>
    `${String(channels)} ${channels === 1 ? 'Kanal' : 'Kanäle'} jetzt abzurechnen braucht etwa ${cost} ETH Gas${
      percent === undefined ? '' : `, ${String(percent)} % von dem, was es bringt`
    }.`,
  gasUnknown: 'Was Gas kostet, ist noch nicht bekannt.',
  nothingToSettle: 'Jetzt lässt sich nichts abrechnen.',
  poor: (balance) =>
    `Der Schlüssel des Servers hat ${balance} ETH, das ist zu wenig dafür. Schick ihm etwas.`,
  settleAll: 'Alles abrechnen',
  settlingNow: 'Abrechnen',
  underWay: (count) =>
    `${String(count)} ${count === 1 ? 'Transaktion ist' : 'Transaktionen sind'} unterwegs.`,
  outcome: (sent, skipped, failed) =>
    [
      `${String(sent)} gesendet`,
      ...(skipped > 0 ? [`${String(skipped)} noch nicht fällig`] : []),
      ...(failed > 0 ? [`${String(failed)} abgelehnt`] : []),
    ].join(', '),
  income: 'Einnahmen',
  spanLabel: 'Wie weit zurück',
  spans: { hour: 'Stunde', day: 'Tag', month: 'Monat' },
  noIncome: 'In dieser Zeit kam nichts herein.',
  incomeSum: (amount) => `${amount} insgesamt in dieser Zeit.`,
  chartLabel: 'Balken dessen, was hereinkam, Schritt für Schritt',
  chart: { earned: 'verdient', tipped: 'davon Trinkgeld' },
  tips: 'Trinkgeld',
  noTips: 'Trinkgelder stehen hier, sobald sie bezahlt sind.',
  hide: 'Verbergen',
  show: 'Zeigen',
  replay: 'Noch einmal',
  goal: 'Ziel',
  goalTitle: 'Wofür',
  goalTarget: 'Wie viel',
  setGoal: 'Sammeln',
  endGoal: 'Ziel beenden',
  of: (reached, target) => `${reached} von ${target}`,
  overlays: 'Overlay',
  overlaysHint:
    'Eine Seite für OBS (als Browserquelle), die Trinkgeld über deinem Bild zeigt, jedes erst, wenn es bezahlt ist. Wer die Adresse hat, sieht es auch.',
  overlayName: 'Ein Name für dich',
  makeOverlay: 'Adresse machen',
  newOverlay: 'Adresse des Overlays',
  onceHint: 'Sie wird nur dieses eine Mal gezeigt: kopiere sie jetzt in OBS.',
  revoke: 'Widerrufen',
  testAlert: 'Testalarm senden',
  tested: (count) =>
    count === 0
      ? 'Kein Overlay ist verbunden.'
      : `Auf ${String(count)} ${count === 1 ? 'Overlay' : 'Overlays'} gezeigt.`,
  errors: {
    'wallet-rejected': 'Du hast abgebrochen. Es ist nichts geschehen.',
    'wallet-pending': 'Deine Wallet wartet auf dich.',
    'payee-offline': 'Der Server antwortet nicht.',
  },
}
