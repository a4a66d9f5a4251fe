import type { LocalAccount } from 'viem'
import { createSignatureVerifier, SluiceError, type Hex } from '@sluice/sdk'
import { loadNodeCrypto } from '@sluice/sdk/node'
import { systemClock } from '@sluice/sdk/session'
import { applyChainState } from '../../chain/record.js'
import { createChainView } from '../../chain/reader.js'
import { isLocalChain } from '../../deploy/chains.js'
import { createSettler } from '../../settlement/settler.js'
import type { OutboxEntry } from '../../settlement/outbox.js'
import { openSqliteStore } from '../../store/sqlite.js'
import { connectChain, contractOn } from '../chain.js'
import type { LoadedConfig } from '../config.js'
import { createSettle } from './settling.js'
import type { Settle } from './events.js'

/** Milliseconds between looks at transactions under way. */
const everyMs = 500

/**
 * Settles without a server: opens the database for writing, so that no server may run, and follows what a former
 * process has sent before anything new is.
 *
 * @param config the settings
 * @param account pays the gas; best the operator
 * @throws SluiceError `store-failed` when a server uses the database
 */
export async function openLocalSettling(
  config: LoadedConfig,
  account: LocalAccount,
): Promise<{ readonly settle: Settle; readonly close: () => Promise<void> }> {
  const connection = await connectChain(config.rpc, config.chainId)
  const deployment = { chainId: config.chainId, contract: contractOn(config.contract) }
  const crypto = await loadNodeCrypto()
  const verifier = createSignatureVerifier(crypto, deployment)
  const store = openSqliteStore({ path: config.storePath, clock: systemClock })
  try {
    const chain = createChainView({ client: connection.client, deployment })
    const settler = createSettler({
      store,
      outbox: store.outbox,
      chain,
      deployment,
      account,
      publicClient: connection.client,
      normalizeVoucher: (signer, voucher) => verifier.normalizeVoucher(signer, voucher),
      clock: systemClock,
      // Nothing goes out but what was asked for.
      policy: { dust: () => 2n ** 96n, everyMs, confirmations: isLocalChain(config.chainId) ? 1 : 3 },
    })
    await settler.start()

    const close = async (channelId: Hex): Promise<OutboxEntry> => {
      const record = await store.load(channelId)
      if (record === undefined) throw unknownChannel(channelId)
      const { id } = await settler.closeChannel(record)
      const entry = await store.outbox.get(id)
      if (entry === undefined) throw unknownChannel(channelId)
      return entry
    }
    const settle = createSettle({ settler, close })
    return {
      async *settle(request) {
        yield* settle(request)
        // Without a server nobody else takes in what the chain says now.
        for (const channelId of request.channelIds) {
          const record = await store.load(channelId)
          if (record !== undefined)
            await store.save(applyChainState(record, await chain.channelState(channelId, 1)))
        }
      },
      close: async () => {
        await settler.stop()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

function unknownChannel(channelId: Hex): SluiceError {
  return new SluiceError({
    code: 'unknown-channel',
    message: 'The database does not hold this channel.',
    details: channelId,
  })
}
