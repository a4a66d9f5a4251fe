import { expect } from 'chai'
import {
  createWalletClient,
  custom,
  encodeFunctionData,
  http,
  parseAbi,
  zeroAddress,
  type Address,
} from 'viem'
import { deposit } from '../../../sdk/dist/channel/deposit.js'
import { ensureChain } from '../../../sdk/dist/chain/ensureChain.js'
import { planDeposit } from '../../../sdk/dist/channel/planDeposit.js'
import { requestClose } from '../../../sdk/dist/channel/requestClose.js'
import { maximumAmount } from '../../../sdk/dist/channel/limits.js'
import type { SluiceError } from '../../../sdk/dist/errors.js'
import type { Channel } from '../../../sdk/dist/types.js'
import { createWorld, sluiceFailure, type Person, type World } from './world.js'

const five = 5_000_000n
const ether = 10n ** 18n

describe('sdk deposit: what can go wrong before it is sent', () => {
  let world: World
  let usdc: Address
  let plain: Address

  before(async () => {
    world = await createWorld()
    usdc = await world.deploy('UsdcLikeToken')
    plain = await world.deploy('PlainToken')
  })
  after(() => world.stop())

  const viewer = async (options: Parameters<World['person']>[0] = {}, held = five): Promise<Person> => {
    const person = await world.person(options)
    await world.mint(usdc, person.address, held)
    await world.mint(plain, person.address, held)
    return person
  }
  const tryDeposit = (person: Person, change: Partial<deposit.Parameters> = {}) =>
    sluiceFailure(
      deposit(person.wallet, {
        contract: world.contract,
        channel: world.terms(person.address, usdc),
        amount: five,
        ...change,
      }),
    )

  describe('before the first prompt', () => {
    const refusals: readonly {
      readonly title: string
      readonly code: string
      readonly action?: string
      readonly message?: RegExp
      readonly details?: RegExp
      readonly attempt: () => Promise<{ readonly person: Person; readonly error: SluiceError }>
    }[] = [
      {
        title: 'a wallet on another chain is told which one is right',
        code: 'wrong-chain',
        action: 'switch-chain',
        message: /^This stream is paid on Testland\.$/,
        details: /chain 1,.*chain 31337/,
        attempt: async () => {
          const person = await viewer({ mood: { chainId: 1 } })
          return { person, error: await tryDeposit(person) }
        },
      },
      {
        title: 'too little of the token names both amounts',
        code: 'insufficient-token',
        action: 'add-funds',
        message: /^You have 3\.20 USDC; 5\.00 needed\.$/,
        details: /3200000.*5000000/,
        attempt: async () => {
          const person = await viewer({}, 3_200_000n)
          return { person, error: await tryDeposit(person) }
        },
      },
      {
        title: 'too little of the native coin names both amounts',
        code: 'insufficient-token',
        action: 'add-funds',
        message: /^You have 1\.00 ETH; 2\.00 needed\.$/,
        attempt: async () => {
          const person = await world.person({ coins: ether })
          const channel = world.terms(person.address, zeroAddress)
          return { person, error: await tryDeposit(person, { channel, amount: 2n * ether }) }
        },
      },
      ...(['authorization', 'permit', 'approve'] as const).map((method) => ({
        title: `too little gas names both amounts before a deposit by ${method}`,
        code: 'insufficient-gas',
        action: 'add-funds',
        message: /^You have 0\.00 ETH; about 0\.\d+ ETH needed with the network fee\.$/,
        details: /balance 1000 wei, needed \d+ wei/,
        attempt: async () => {
          const person = await viewer({ coins: 1_000n })
          return { person, error: await tryDeposit(person, { methods: [method] }) }
        },
      })),
      {
        title: 'the native coin needs gas on top',
        code: 'insufficient-gas',
        attempt: async () => {
          const person = await world.person({ coins: ether })
          const channel = world.terms(person.address, zeroAddress)
          return { person, error: await tryDeposit(person, { channel, amount: ether }) }
        },
      },
      {
        title: 'a token address without code',
        code: 'wrong-token',
        message: /no such token on Testland/,
        details: /has no code/,
        attempt: async () => {
          const person = await viewer()
          const channel = world.terms(person.address, '0x00000000000000000000000000000000000000aa')
          return { person, error: await tryDeposit(person, { channel }) }
        },
      },
      {
        title: 'a contract that is no token',
        code: 'wrong-token',
        details: /no ERC-20 token/,
        attempt: async () => {
          const person = await viewer()
          const channel = world.terms(person.address, world.contract)
          return { person, error: await tryDeposit(person, { channel }) }
        },
      },
      {
        title: 'a signature deadline in the past',
        code: 'permit-expired',
        action: 'retry',
        details: /deadline 1000, now \d{10}/,
        attempt: async () => {
          const person = await viewer()
          return { person, error: await tryDeposit(person, { deadline: 1_000n }) }
        },
      },
      {
        title: 'an amount above uint96',
        code: 'invalid-argument',
        details: new RegExp(`${String(maximumAmount + 1n)}.*${String(maximumAmount)}`),
        attempt: async () => {
          const person = await viewer()
          return { person, error: await tryDeposit(person, { amount: maximumAmount + 1n }) }
        },
      },
      ...[0n, -1n].map((amount) => ({
        title: `an amount of ${String(amount)}`,
        code: 'invalid-argument',
        attempt: async () => {
          const person = await viewer()
          return { person, error: await tryDeposit(person, { amount }) }
        },
      })),
      ...(
        [
          ['grace', 899],
          ['grace', 2_592_001],
          ['payer', zeroAddress],
          ['payee', zeroAddress],
          ['signer', zeroAddress],
          ['operator', '0x12'],
          ['rate', maximumAmount + 1n],
          ['salt', '0x00'],
        ] as const
      ).map(([field, value]) => ({
        title: `terms whose ${field} is ${String(value)}`,
        code: 'invalid-argument',
        details: new RegExp(`^${field}: found ${String(value)}, expected`),
        attempt: async () => {
          const person = await viewer()
          const channel: Channel = { ...world.terms(person.address, usdc), [field]: value }
          return { person, error: await tryDeposit(person, { channel }) }
        },
      })),
      {
        title: 'methods that the token does not take',
        code: 'wrong-token',
        details: /asked for permit2; .*authorization, permit, approve/,
        attempt: async () => {
          const person = await viewer()
          return { person, error: await tryDeposit(person, { methods: ['permit2'] }) }
        },
      },
      {
        title: 'a chain without a known contract',
        code: 'invalid-argument',
        details: /chain 31337/,
        attempt: async () => {
          const person = await viewer()
          return { person, error: await tryDeposit(person, { contract: undefined }) }
        },
      },
      {
        title: 'a contract address without code',
        code: 'invalid-argument',
        details: /no StreamChannels at 0x00000000000000000000000000000000000000bb/,
        attempt: async () => {
          const person = await viewer()
          const contract = '0x00000000000000000000000000000000000000bb'
          return { person, error: await tryDeposit(person, { contract }) }
        },
      },
    ]

    for (const { title, code, action, message, details, attempt } of refusals) {
      it(title, async () => {
        const { person, error } = await attempt()
        expect(error.code).to.equal(code)
        if (action !== undefined) expect(error.action).to.equal(action)
        if (message !== undefined) expect(error.message).to.match(message)
        if (details !== undefined) expect(error.details).to.match(details)
        expect(person.prompts).to.deep.equal([])
      })
    }

    it('a channel that is being closed takes no deposit, and says until when', async () => {
      const person = await viewer({}, 2n * five)
      const channel = world.terms(person.address, usdc)
      const parameters = { contract: world.contract, channel, amount: five }
      await deposit(person.wallet, parameters)
      const { withdrawableAt } = await requestClose(person.wallet, parameters)
      person.prompts.length = 0
      const error = await tryDeposit(person, { channel })
      expect(error).to.include({ code: 'close-pending', action: 'wait' })
      expect(error.details).to.contain(`withdrawable at ${String(withdrawableAt)}`)
      expect(person.prompts).to.deep.equal([])
    })

    it('an unreachable node is named as such, at once and as retryable', async () => {
      const person = await viewer()
      const wallet = createWalletClient({
        account: person.account,
        chain: world.chain,
        transport: http('http://127.0.0.1:1', { retryCount: 0 }),
      })
      const channel = world.terms(person.address, usdc)
      const error = await sluiceFailure(
        planDeposit(wallet, { contract: world.contract, channel, amount: five }),
      )
      expect(error).to.include({ code: 'rpc-unreachable', retryable: true, action: 'retry' })
    })

    it('a node that dies between two questions is no answer', async () => {
      const person = await viewer()
      let answers = 6
      const dying = {
        request: async (call: { readonly method: string; readonly params?: unknown }) => {
          answers -= 1
          if (answers < 0) throw new TypeError('fetch failed')
          return await person.browser.request(call)
        },
      }
      const wallet = createWalletClient({
        account: person.address,
        chain: world.chain,
        transport: custom(dying, { retryCount: 0 }),
      })
      const channel = world.terms(person.address, usdc)
      const error = await sluiceFailure(
        planDeposit(wallet, { contract: world.contract, channel, amount: five }),
      )
      expect(error.code).to.equal('rpc-unreachable')
    })

    it('a client without an account is a disconnected wallet', async () => {
      const channel = world.terms(world.payee.address, usdc)
      const error = await sluiceFailure(
        planDeposit(world.reader, { contract: world.contract, channel, amount: five }),
      )
      expect(error).to.include({ code: 'wallet-disconnected', action: 'reconnect-wallet' })
    })
  })

  describe('at a prompt', () => {
    for (const [code, expected, message] of [
      [4001, 'wallet-rejected', 'You cancelled. Nothing was charged.'],
      [-32002, 'wallet-pending', 'Your wallet is waiting for you.'],
      [4100, 'wallet-disconnected', 'The wallet is disconnected.'],
      [4900, 'wallet-disconnected', 'The wallet is disconnected.'],
      [4902, 'wrong-chain', 'This stream is paid on Testland.'],
    ] as const) {
      for (const method of ['authorization', 'approve', 'batch'] as const) {
        it(`${String(code)} becomes ${expected} during ${method}, and the wallet is asked only once`, async () => {
          const batch = method === 'batch' ? 'supported' : undefined
          const refusal = { code, message: 'as wallets say' }
          const person = await viewer({ mood: { batch, refusal } })
          const error = await tryDeposit(person, { methods: [method] })
          expect(error).to.include({ code: expected, message })
          expect(person.prompts.length).to.equal(1)
          expect(await world.balanceOf(usdc, person.address)).to.equal(five)
        })
      }
    }

    it('a person who takes longer than the signature lives is asked to sign again', async () => {
      const person = await viewer()
      person.mood.beforeAnswer = async () => {
        await world.networkHelpers.time.increase(120)
      }
      const error = await tryDeposit(person, { validForSeconds: 60 })
      expect(error).to.include({ code: 'permit-expired', retryable: true })
      expect(person.prompts).to.deep.equal(['eth_signTypedData_v4'])
    })

    it('money that left while the person was thinking is noticed before gas is paid', async () => {
      const person = await viewer()
      const nonce = () => world.reader.getTransactionCount({ address: person.address })
      const before = await nonce()
      person.mood.beforeAnswer = async () => {
        person.mood.beforeAnswer = undefined
        await world.callToken(person, plain, 'approve', [world.banker.address, five])
        await world.banker.local.sendTransaction({
          to: plain,
          data: encodeFunctionData({
            abi: parseAbi(['function transferFrom(address from, address to, uint256 amount)']),
            args: [person.address, world.banker.address, five],
          }),
        })
      }
      const channel = world.terms(person.address, plain)
      const error = await tryDeposit(person, { channel, methods: ['approve'] })
      expect(error).to.include({ code: 'insufficient-token' })
      expect(error.details).to.match(/ERC20InsufficientBalance\(.*balance: 0, needed: 5000000\)/)
      // The approval of this test and the one of the deposit, but no deposit.
      expect(await nonce()).to.equal(before + 2)
    })

    it('switches the chain, after which the same deposit works', async () => {
      const person = await viewer({ mood: { chainId: 1 } })
      expect((await tryDeposit(person)).code).to.equal('wrong-chain')
      await ensureChain(person.wallet)
      const channel = world.terms(person.address, usdc)
      const { deposited } = await deposit(person.wallet, { contract: world.contract, channel, amount: five })
      expect(deposited).to.equal(five)
    })
  })
})
