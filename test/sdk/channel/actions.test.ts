import { expect } from 'chai'
import { zeroAddress } from 'viem'
import { sluiceActions } from '../../../sdk/dist/client.js'
import { createWorld, failure, signVoucher, type World } from './world.js'

describe('sdk sluiceActions', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  after(() => world.stop())

  it('gives a viem wallet client every action, with the contract bound', async () => {
    const payer = await world.person()
    const wallet = payer.wallet.extend(sluiceActions({ contract: world.contract }))
    const payee = world.payee.local.extend(sluiceActions({ contract: world.contract }))
    const channel = world.terms(payer.address, zeroAddress)

    expect((await wallet.planDeposit({ channel, amount: 9n })).prompts).to.equal(1)
    const { channelId, blockNumber } = await wallet.deposit({ channel, amount: 9n })
    const types: string[] = []
    const told = new Promise<void>((resolve) => {
      const stop: () => void = wallet.watchChannel({
        channelId,
        fromBlock: blockNumber,
        onEvent: ({ type }) => {
          types.push(type)
          if (type !== 'closed') return
          stop()
          resolve()
        },
      })
    })
    expect((await wallet.topUp({ channel, amount: 1n })).deposited).to.equal(10n)
    const signature = await signVoucher(payer, world, channelId, 4n)
    const voucher = { cumulativeAmount: 4n, signature }
    expect((await payee.claim({ claims: [{ channel, voucher }] })).transactions[0]?.paid).to.equal(4n)
    const { withdrawableAt } = await wallet.requestClose({ channel })
    expect((await wallet.getChannel({ channel })).withdrawableAt).to.equal(withdrawableAt)
    expect(await failure(wallet.withdraw({ channel }))).to.include({ code: 'grace-not-over' })
    const closed = await payee.close({ channel, cumulativeAmount: 0n, capturedAmount: 0n })
    expect(closed).to.include({ captured: 4n, refunded: 6n })
    const { channels } = await wallet.findChannels({ account: payer.address })
    expect(channels.map(({ status }) => status)).to.deep.equal(['closed'])
    await wallet.ensureChain()
    await told
    expect(types).to.deep.equal(['opened', 'deposited', 'claimed', 'close-requested', 'closed'])
  })
})
