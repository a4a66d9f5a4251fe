import * as z from 'zod/mini'

// Compiled checks need `eval`, which the content security policy forbids.
z.config({ jitless: true })

const address = z.pipe(
  z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/)),
  z.transform((text) => text as `0x${string}`),
)
const key = z.pipe(
  z.string().check(z.regex(/^0x[0-9a-fA-F]{64}$/)),
  z.transform((text) => text as `0x${string}`),
)

const pageConfig = z.object({
  chainId: z.number().check(z.int(), z.positive()),
  chainName: z.string().check(z.minLength(1)),
  rpcUrl: z.url(),
  /** Origin of the payee. */
  payee: z.url(),
  token: z.object({
    address,
    symbol: z.string().check(z.minLength(1), z.maxLength(20)),
    decimals: z.number().check(z.int(), z.nonnegative(), z.maximum(36)),
  }),
  /** Whether the payee sells a live stream with a picture. */
  stage: z._default(z.boolean(), false),
  /** What one token is worth in US dollars. */
  tokenPriceUsd: z.optional(z.string().check(z.regex(/^\d+(\.\d+)?$/))),
  /** Well-known keys of demo wallets; believed on a chain of one machine only. */
  demoKeys: z.optional(z.array(key)),
})

/** What a page is told by the server that serves it. */
export type PageConfig = z.infer<typeof pageConfig>

/** The chain of development nodes, where money is worth nothing. */
export const localChainId = 31337

const configPath = '/stage/config.json'

/**
 * Asks the server for what the pages need to know.
 *
 * @throws Error when there is no answer or it is not what it should be
 */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch(configPath, { cache: 'no-store' })
  if (!response.ok) throw new Error(`${configPath} answered ${String(response.status)}`)
  const config = pageConfig.parse(await response.json())
  if (config.demoKeys === undefined || config.chainId === localChainId) return config
  throw new Error(
    `${configPath} names demo keys on chain ${String(config.chainId)}: they belong to everybody`,
  )
}
