import { localChainId, type PageConfig } from '../../config/config.ts'
import { announceWallet, type Provider } from '../discovery.ts'
import { createQuestions, type Questions } from './questions.ts'

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#a4501f"/>' +
  '<path d="M8 12h16v10H8zM8 12l12-4v4" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>'

const icon = `data:image/svg+xml,${encodeURIComponent(picture)}`

/** Prefix of the demo wallets' names for machines. */
export const demoRdns = 'local.sluice.demo'

/**
 * Introduces a wallet for each well-known test key, on a chain of one machine only. It asks its questions in the page.
 *
 * @returns the questions it asks
 */
export function announceDemoWallets(config: PageConfig): Questions {
  const questions = createQuestions()
  if (config.chainId !== localChainId) return questions
  for (const [index, key] of (config.demoKeys ?? []).entries()) {
    let loaded: Promise<Provider> | undefined
    const provider: Provider = {
      request: async (call) => {
        loaded ??= import('./provider.ts').then(({ createDemoProvider }) =>
          createDemoProvider({ key, config, questions }),
        )
        return (await loaded).request(call)
      },
      // It never changes its account or its chain.
      on: () => undefined,
      removeListener: () => undefined,
    }
    const number = String(index + 1)
    announceWallet({
      info: { uuid: crypto.randomUUID(), name: `Demo ${number}`, icon, rdns: `${demoRdns}${number}` },
      provider,
    })
  }
  return questions
}
