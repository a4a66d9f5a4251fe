import { expect } from 'chai'
import { createWalletClient, custom, toFunctionSelector, zeroAddress, type Address } from 'viem'
import { deposit } from '../../../sdk/dist/channel/deposit.js'
import { planDeposit } from '../../../sdk/dist/channel/planDeposit.js'
import { topUp } from '../../../sdk/dist/channel/topUp.js'
import { getChannel } from '../../../sdk/dist/channel/getChannel.js'
import type { FundingMethod } from '../../../sdk/dist/payment/choose.js'
import type { Submitted } from '../../../sdk/dist/chain/transactionUnknown.js'
import { createWorld, permit2Address, type Person, type World } from './world.js'

const five = 5_000_000n

describe('sdk deposit: the fewest prompts', () => {
  let world: World
  let plain: Address
  let usdc: Address
  let permitToken: Address
  let usdt: Address

  before(async () => {
    world = await createWorld()
    plain = await world.deploy('PlainToken')
    usdc = await world.deploy('UsdcLikeToken')
    permitToken = await world.deploy('PermitToken')
    usdt = await world.deploy('UsdtLikeToken')
    await world.installPermit2()
  })
  after(() => world.stop())

  const viewer = async (token: Address, mood: Parameters<World['person']>[0] = {}): Promise<Person> => {
    const person = await world.person(mood)
    await world.mint(token, person.address, 2n * five)
    return person
  }

  /** Plans and deposits, and checks that the plan was kept and the money arrived. */
  const pay = async (person: Person, token: Address, options: Partial<deposit.Parameters> = {}) => {
    const channel = world.terms(person.address, token)
    const parameters = { contract: world.contract, channel, amount: five, ...options }
    const plan = await planDeposit(person.wallet, parameters)
    expect(person.prompts).to.deep.equal([])
    const shown: string[] = []
    const result = await deposit(person.wallet, {
      ...parameters,
      onStep: ({ index, of, title }) => shown.push(`${String(index)} of ${String(of)}: ${title}`),
    })
    expect(shown).to.deep.equal(
      plan.steps.map(({ title }, i) => `${String(i + 1)} of ${String(plan.prompts)}: ${title}`),
    )
    expect(person.prompts.length).to.equal(plan.prompts)
    expect(result.method).to.equal(plan.method)
    expect(result.deposited).to.equal(five)
    const state = await getChannel(world.reader, { contract: world.contract, channel })
    expect(state).to.include({ channelId: plan.channelId, deposited: five, status: 'open' })
    return { plan, shown, result, channel }
  }
  const expectMethod = (plan: { readonly method: FundingMethod }, method: FundingMethod) => {
    expect(plan.method).to.equal(method)
  }

  it('pays the native coin with one transaction', async () => {
    const person = await world.person()
    const { plan, shown } = await pay(person, zeroAddress)
    expectMethod(plan, 'native')
    expect(person.prompts).to.deep.equal(['eth_sendTransaction'])
    expect(shown).to.deep.equal(['1 of 1: Deposit 0.000001 ETH'])
  })

  it('uses an allowance that suffices with one transaction', async () => {
    const person = await viewer(usdc)
    await world.callToken(person, usdc, 'approve', [world.contract, five])
    const { plan } = await pay(person, usdc)
    expectMethod(plan, 'allowance')
    expect(person.prompts).to.deep.equal(['eth_sendTransaction'])
  })

  for (const batch of ['supported', 'ready'] as const) {
    it(`asks a wallet whose batches are ${batch} once`, async () => {
      const person = await viewer(plain, { mood: { batch } })
      const { plan } = await pay(person, plain)
      expectMethod(plan, 'batch')
      expect(person.prompts).to.deep.equal(['wallet_sendCalls'])
      expect(await world.allowanceOf(plain, person.address, world.contract)).to.equal(0n)
    })
  }

  it('goes on step by step when a wallet that promised batches takes none', async () => {
    const person = await viewer(usdc, { mood: { batch: 'claims only' } })
    const channel = world.terms(person.address, usdc)
    const shown: string[] = []
    const result = await deposit(person.wallet, {
      contract: world.contract,
      channel,
      amount: five,
      onStep: ({ kind, index, of }) => shown.push(`${kind} ${String(index)}/${String(of)}`),
    })
    expect(result.method).to.equal('authorization')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
    expect(shown).to.deep.equal(['batch 1/1', 'sign 1/2', 'deposit 2/2'])
  })

  it('signs an authorization for a token with EIP-3009 and sends it', async () => {
    const person = await viewer(usdc)
    const { plan, shown } = await pay(person, usdc)
    expectMethod(plan, 'authorization')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
    expect(shown).to.deep.equal(['1 of 2: Sign for 5.00 USDC', '2 of 2: Deposit 5.00 USDC'])
    expect(await world.allowanceOf(usdc, person.address, world.contract)).to.equal(0n)
  })

  it('needs one signature and no gas when somebody else submits the authorization', async () => {
    const person = await viewer(usdc, { coins: 0n })
    const submitted: Submitted[] = []
    const { plan, result } = await pay(person, usdc, {
      relay: async ({ to, data }) => await world.banker.local.sendTransaction({ to, data }),
      onSubmitted: (each) => {
        submitted.push(each)
      },
    })
    expectMethod(plan, 'authorization')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4'])
    expect(submitted).to.deep.equal([{ kind: 'transaction', hash: result.hash }])
  })

  it('signs a permit for a token that has only EIP-2612', async () => {
    const person = await viewer(permitToken)
    const { plan } = await pay(person, permitToken)
    expectMethod(plan, 'permit')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
  })

  it('signs for Permit2 when the token has no permit and Permit2 has an allowance', async () => {
    const person = await viewer(plain)
    await world.callToken(person, plain, 'approve', [permit2Address, 10n ** 30n])
    const { plan } = await pay(person, plain)
    expectMethod(plan, 'permit2')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
  })

  it('needs one signature and no gas when somebody else submits the Permit2 transfer', async () => {
    const person = await viewer(plain)
    await world.callToken(person, plain, 'approve', [permit2Address, 10n ** 30n])
    await world.networkHelpers.setBalance(person.address, 0n)
    const { plan } = await pay(person, plain, {
      relay: async ({ to, data }) => await world.banker.local.sendTransaction({ to, data }),
    })
    expectMethod(plan, 'permit2')
    expect(person.prompts).to.deep.equal(['eth_signTypedData_v4'])
  })

  it('approves exactly the amount first when nothing better works', async () => {
    const person = await viewer(plain)
    const { plan } = await pay(person, plain)
    expectMethod(plan, 'approve')
    expect(person.prompts).to.deep.equal(['eth_sendTransaction', 'eth_sendTransaction'])
    expect(await world.allowanceOf(plain, person.address, world.contract)).to.equal(0n)
  })

  it('zeroes an old allowance first for a token that insists on it', async () => {
    const person = await viewer(usdt)
    await world.callToken(person, usdt, 'approve', [world.contract, 1n])
    const { plan, shown } = await pay(person, usdt)
    expectMethod(plan, 'approve')
    expect(shown).to.deep.equal([
      '1 of 3: Reset the old allowance',
      '2 of 3: Allow 5.00 USDT',
      '3 of 3: Deposit 5.00 USDT',
    ])
  })

  it('raises an old allowance at once for a token that does not mind', async () => {
    const person = await viewer(plain)
    await world.callToken(person, plain, 'approve', [world.contract, 1n])
    const { plan } = await pay(person, plain)
    expect(plan.prompts).to.equal(2)
  })

  it('keeps to the methods that are allowed', async () => {
    const person = await viewer(usdc)
    const { plan } = await pay(person, usdc, { methods: ['permit', 'approve'] })
    expectMethod(plan, 'permit')
  })

  describe('offers a signature only where it is sure to count', () => {
    /** The same wallet over a chain that answers some questions differently. */
    const planOver = async (
      person: Person,
      token: Address,
      answer: (method: string, query: { readonly data?: string }, first: unknown) => unknown,
    ) => {
      const altered = {
        request: async (call: { readonly method: string; readonly params?: unknown }) => {
          const [query] = (call.params ?? []) as readonly { readonly data?: string }[]
          return answer(call.method, query ?? {}, query) ?? (await person.browser.request(call))
        },
      }
      const wallet = createWalletClient({
        account: person.address,
        chain: world.chain,
        transport: custom(altered, { retryCount: 0 }),
      })
      const channel = world.terms(person.address, token)
      return await planDeposit(wallet, { contract: world.contract, channel, amount: five })
    }
    const selector = (signature: string) => toFunctionSelector(`function ${signature}`)

    it('not under a domain other than the one the token checks', async () => {
      const person = await viewer(usdc)
      const plan = await planOver(person, usdc, (_, { data }) =>
        data === selector('DOMAIN_SEPARATOR()') ? `0x${'ab'.repeat(32)}` : undefined,
      )
      expectMethod(plan, 'approve')
    })

    it('not for a permit of another shape, such as DAI’s', async () => {
      const person = await viewer(permitToken)
      const plan = await planOver(person, permitToken, (_, { data }) =>
        data === selector('PERMIT_TYPEHASH()') ? `0x${'ea'.repeat(32)}` : undefined,
      )
      expectMethod(plan, 'approve')
    })

    it('not for a token that answers a bogus signature with silence', async () => {
      const person = await viewer(permitToken)
      const permit = selector('permit(address,address,uint256,uint256,uint8,bytes32,bytes32)')
      const plan = await planOver(person, permitToken, (_, { data }) =>
        data?.startsWith(permit) === true ? '0x' : undefined,
      )
      expectMethod(plan, 'approve')
    })

    for (const [title, code, method] of [
      ['not from a contract wallet, which has no key', '0x6000', 'approve'],
      ['but from an account that delegates (EIP-7702)', `0xef0100${'12'.repeat(20)}`, 'authorization'],
    ] as const) {
      it(title, async () => {
        const person = await viewer(usdc)
        const plan = await planOver(person, usdc, (asked, _, address) =>
          asked === 'eth_getCode' && address === person.address ? code : undefined,
        )
        expectMethod(plan, method)
      })
    }
  })

  it('asks each question once, though the wallet calls a revert an internal error as MetaMask does', async () => {
    const person = await viewer(usdc)
    const asked: string[] = []
    const metaMask = {
      request: async (call: { readonly method: string; readonly params?: unknown }) => {
        if (call.method === 'eth_call') asked.push(JSON.stringify(call.params))
        try {
          return await person.browser.request(call)
        } catch (error) {
          throw Object.assign(new Error('Internal JSON-RPC error.'), { code: -32603, data: error })
        }
      },
    }
    const wallet = createWalletClient({
      account: person.address,
      chain: world.chain,
      transport: custom(metaMask),
    })
    const channel = world.terms(person.address, usdc)
    const plan = await planDeposit(wallet, { contract: world.contract, channel, amount: five })
    expectMethod(plan, 'authorization')
    expect(asked.length).to.be.greaterThan(8)
    expect(new Set(asked).size).to.equal(asked.length)
  })

  it('lets a stranger fund a channel, and warns that refunds go to the payer', async () => {
    const payer = await viewer(usdc)
    const friend = await viewer(usdc)
    const channel = world.terms(payer.address, usdc)
    const parameters = { contract: world.contract, channel, amount: five }
    const plan = await planDeposit(friend.wallet, parameters)
    // Only the payer's own signature moves money by EIP-3009.
    expectMethod(plan, 'permit')
    expect(plan.warnings.map(({ code }) => code)).to.deep.equal(['refund-to-other'])
    expect((await deposit(friend.wallet, parameters)).deposited).to.equal(five)
    expect(await world.balanceOf(usdc, friend.address)).to.equal(five)
  })

  it('warns when a session key could sign away everything at once', async () => {
    const person = await viewer(usdc)
    const signer = world.banker.address
    const unbounded = world.terms(person.address, usdc, { signer })
    const bounded = world.terms(person.address, usdc, { signer, rate: 1n })
    const codes = async (channel: typeof bounded) => {
      const plan = await planDeposit(person.wallet, { contract: world.contract, channel, amount: five })
      return plan.warnings.map(({ code }) => code)
    }
    expect(await codes(unbounded)).to.deep.equal(['no-rate-bound'])
    expect(await codes(bounded)).to.deep.equal([])
  })

  it('tells the hash before it waits', async () => {
    const person = await world.person()
    const channel = world.terms(person.address, zeroAddress)
    const submitted: Submitted[] = []
    const { hash } = await deposit(person.wallet, {
      contract: world.contract,
      channel,
      amount: 1n,
      onSubmitted: (each) => {
        submitted.push(each)
      },
    })
    expect(submitted).to.deep.equal([{ kind: 'transaction', hash }])
  })

  it('knows the hash before the transaction leaves when the key is at hand', async () => {
    const person = await world.person()
    const channel = world.terms(person.address, zeroAddress)
    const nonceOf = () => world.reader.getTransactionCount({ address: person.address, blockTag: 'pending' })
    let sentBefore: number | undefined
    await deposit(person.local, {
      contract: world.contract,
      channel,
      amount: 1n,
      onSubmitted: async () => {
        sentBefore = await nonceOf()
      },
    })
    expect(sentBefore).to.equal(0)
    expect(await nonceOf()).to.equal(1)
  })

  it('tops up an open channel and refuses to top up one that was never opened', async () => {
    const person = await viewer(usdc)
    const { channel } = await pay(person, usdc)
    const parameters = { contract: world.contract, channel, amount: 1_000_000n }
    expect((await topUp(person.wallet, parameters)).deposited).to.equal(six)
    const unopened = world.terms(person.address, usdc)
    const count = person.prompts.length
    const error = await topUp(person.wallet, { ...parameters, channel: unopened }).catch(
      (each: unknown) => each,
    )
    expect(error).to.include({ code: 'channel-not-open' })
    expect(person.prompts.length).to.equal(count)
  })
})

const six = 6_000_000n
