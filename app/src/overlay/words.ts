const en = {
  title: 'Tips',
  tip: (amount: string) => `${amount} tip`,
  test: (amount: string) => `${amount} – a test, no money`,
  testMessage: 'This is how a tip looks.',
  recents: 'Recent tips',
  goal: (reached: string, target: string) => `${reached} of ${target}`,
  noSecret: 'This address lacks its secret. Copy it from the studio anew.',
  refused: 'This address is not good any more. Make another one in the studio.',
}

const de: typeof en = {
  title: 'Trinkgeld',
  tip: (amount) => `${amount} Trinkgeld`,
  test: (amount) => `${amount} – ein Test, kein Geld`,
  testMessage: 'So sieht ein Trinkgeld aus.',
  recents: 'Letzte Trinkgelder',
  goal: (reached, target) => `${reached} von ${target}`,
  noSecret: 'Dieser Adresse fehlt ihr Geheimnis. Kopiere sie noch einmal aus dem Studio.',
  refused: 'Diese Adresse gilt nicht mehr. Mach im Studio eine neue.',
}

/** Every word of the overlay. */
export const words = { en, de } as const
