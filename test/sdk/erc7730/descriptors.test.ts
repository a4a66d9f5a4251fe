import { expect } from 'chai'
import {
  encodeFunctionData,
  toFunctionSelector,
  zeroAddress,
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Hex,
} from 'viem'
import { closeTypes, sessionTypes, voucherTypes } from '@sluice/sdk'
import { escrowAbi, streamChannelsAbi, subscriptionsAbi, tournamentsAbi } from '@sluice/sdk/abi'
import { consentTypes } from '@sluice/sdk/subscription'
import {
  authorizationTypedData,
  paymentWitness,
  permit2TypedData,
} from '../../../sdk/dist/payment/typedData.js'
import {
  callsOf,
  encodeType,
  messages,
  published,
  typesOfContracts,
  typesOfSdk,
  type Types,
} from './files.ts'
import { callsSchema, messagesSchema, type Wording } from './schema.ts'
import { argumentsOf, screenOf, type Knowledge } from './wallet.ts'

const abis: Readonly<Record<string, Abi>> = {
  streamChannels: streamChannelsAbi,
  escrow: escrowAbi,
  tournaments: tournamentsAbi,
  subscriptions: subscriptionsAbi,
}

/** What nobody ever signs by itself: hashes that a token's or Permit2's message carries, and that message's witnesses. */
const purposes = ['Refund', 'Create', 'Sponsor', 'Join', 'Challenge', 'Payment', 'ChannelWitness']

const one: Hex = '0x1111111111111111111111111111111111111111'
const two: Hex = '0x2222222222222222222222222222222222222222'
const three: Hex = '0x3333333333333333333333333333333333333333'
const usdc: Hex = '0x4444444444444444444444444444444444444444'
const contract: Hex = '0x5555555555555555555555555555555555555555'
const word: Hex = `0x${'ab'.repeat(32)}`

/** What binds a transfer by Permit2 to a channel; the test of deposits has the contract check it. */
const channelWitness = { type: 'ChannelWitness', field: 'channelId' }

/** A transfer by Permit2, before it is bound to something. */
const transfer = { permitted: { token: usdc, amount: 0n }, spender: contract, nonce: 0n, deadline: 0n }

const knowledge: Knowledge = {
  names: { [one]: 'alice.eth', [two]: 'me.eth', [three]: 'this page', [contract]: 'Sluice' },
  tokens: { [usdc]: { symbol: 'USDC', decimals: 6 } },
  to: contract,
}

/** Every value that a parameter is made of, with its type. */
const leavesOf = (parameter: AbiParameter, at: string): readonly (readonly [string, string])[] => {
  const { type, name = '' } = parameter
  const path = at === '' ? name : `${at}.${name}`
  const below = type.endsWith('[]') ? `${path}.[]` : path
  if (!('components' in parameter)) return [[below, type.replace(/\[\]$/, '')]]
  return parameter.components.flatMap((part) => leavesOf(part, below))
}

/** Every value that a message is made of, with its type. */
const leavesOfMessage = (type: string): ReadonlyMap<string, string> => {
  const structs = new Map(
    [...type.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', fields = '']) => [name, fields]),
  )
  const visit = (fields: string, at: string): readonly (readonly [string, string])[] =>
    fields.split(',').flatMap((field) => {
      const [kind = '', name = ''] = field.split(' ')
      const inner = structs.get(kind)
      return inner === undefined ? [[`${at}${name}`, kind] as const] : visit(inner, `${at}${name}.`)
    })
  return new Map(visit([...structs.values()][0] ?? '', ''))
}

/** Formats that can show a value of some type. */
const formatsOf = (type: string): readonly string[] => {
  if (type === 'address') return ['addressName']
  if (/^u?int/.test(type)) return ['raw', 'tokenAmount', 'date', 'duration', 'unit', 'enum']
  return type === 'bytes' ? ['raw', 'calldata'] : ['raw']
}

/** Holds a description against what is signed: every value once, each in a format that can show it. */
const expectToDescribe = (wording: Wording, leaves: ReadonlyMap<string, string>) => {
  expect(wording.fields.map(({ path }) => path).sort()).to.deep.equal(expectedPaths(wording, leaves))
  for (const field of wording.fields) {
    const type = leaves.get(field.path) ?? ''
    if (field.visible !== 'never') expect(formatsOf(type), `${field.path} ${type}`).to.include(field.format)
    if (field.format === 'tokenAmount' && field.params.tokenPath !== '@.to') {
      expect(leaves.get(field.params.tokenPath), field.params.tokenPath).to.equal('address')
    }
  }
  for (const [, path = ''] of (wording.interpolatedIntent ?? '').matchAll(/\{([^}]*)\}/g)) {
    expect([...leaves.keys()]).to.include(path)
  }
}

/** A value may be named in two ways, as a bond that is in the terms and is what the caller puts in. */
const expectedPaths = ({ fields }: Wording, leaves: ReadonlyMap<string, string>): readonly string[] => {
  const paths = fields.map(({ path }) => path)
  const twice = paths.filter((path, index) => leaves.has(path) && paths.indexOf(path) !== index)
  return [...leaves.keys(), ...twice].sort()
}

describe('what wallets are told of calls and messages', () => {
  it('is written as ERC-7730 asks, in every file', () => {
    expect(published.map(({ file }) => file)).to.have.length(2 * Object.keys(abis).length + 2)
    for (const { file, content } of published) {
      const schema = file.startsWith('calldata-') ? callsSchema : messagesSchema
      expect(schema.safeParse(content).error, file).to.equal(undefined)
    }
  })

  for (const [name, abi] of Object.entries(abis)) {
    it(`tells every value of every call of ${name}`, () => {
      const { display, metadata } = callsOf(name)
      const described = new Map(
        Object.entries(display.formats).map(([signature, wording]) => [
          toFunctionSelector(signature),
          wording,
        ]),
      )
      const calls = abi.filter(
        (item): item is AbiFunction =>
          item.type === 'function' &&
          !['view', 'pure'].includes(item.stateMutability) &&
          item.name !== 'pull',
      )
      expect([...described.keys()].sort()).to.deep.equal(calls.map(toFunctionSelector).sort())
      for (const call of calls) {
        const wording = described.get(toFunctionSelector(call))
        if (wording === undefined) throw new Error(call.name)
        expectToDescribe(wording, new Map(call.inputs.flatMap((input) => leavesOf(input, ''))))
        for (const field of wording.fields) {
          if (field.format !== 'enum') continue
          expect(Object.keys(metadata.enums ?? {})).to.include(field.params.$ref.split('.').at(-1))
        }
      }
    })
  }

  it('covers every message type of the SDK and of the contracts, and no other', async () => {
    const ofSdk = await typesOfSdk()
    const signed = [
      ...ofSdk.flatMap(({ types }) => Object.keys(types).map((primary) => encodeType(types, primary))),
      ...typesOfContracts().map(({ type }) => type),
    ].filter((type) => !purposes.includes(type.split('(')[0] ?? ''))
    // Fewer would mean that the search finds nothing any more.
    expect(new Set(signed).size).to.be.at.least(10)
    const { types: authorization } = authorizationTypedData(
      {},
      {
        from: one,
        to: two,
        value: 0n,
        validAfter: 0n,
        validBefore: 0n,
        nonce: word,
      },
    )
    const permits = [channelWitness, paymentWitness].map((witness) =>
      encodeType(permit2TypedData(1, transfer, witness, word).types, 'PermitWitnessTransferFrom'),
    )
    const all = [...signed, encodeType(authorization, 'ReceiveWithAuthorization'), ...permits]
    expect(Object.keys(messages()).sort()).to.deep.equal([...new Set(all)].sort())
  })

  it('tells every value of every message', () => {
    for (const [type, wording] of Object.entries(messages())) expectToDescribe(wording, leavesOfMessage(type))
  })

  it('reads well when a viewer opens a channel', () => {
    const channel = {
      payer: two,
      payee: one,
      operator: one,
      token: usdc,
      signer: three,
      grace: 3600,
      rate: 2000n,
      burst: 20_000n,
      salt: word,
    }
    const data = encodeFunctionData({
      abi: streamChannelsAbi,
      functionName: 'deposit',
      args: [channel, 5_000_000n],
    })
    expect(callScreen('streamChannels', data)).to.deep.equal([
      'Put 5 USDC aside to pay alice.eth as you go; what is left returns',
      'Deposit: 5 USDC',
      'Pays: alice.eth',
      'What is left returns to: me.eth',
      'Key that pays: this page',
      'At most each second (0: no limit): 0.002 USDC',
      'Wait to leave without the payee: 01:00:00',
    ])
  })

  it('reads well when a player joins a tournament with the native coin', () => {
    const terms = {
      host: one,
      token: zeroAddress,
      referee: three,
      stake: 10n ** 16n,
      bond: 10n ** 17n,
      challengeBond: 10n ** 15n,
      keeperReward: 0n,
      minimumPlayers: 2,
      maximumPlayers: 8,
      joinDeadline: 1_800_000_000,
      resultDeadline: 1_800_086_400,
      challengeWindow: 3600,
      rulingWindow: 3600,
      rake: 250,
      rulesHash: word,
      salt: word,
      payouts: '0x2710' as Hex,
    }
    const data = encodeFunctionData({ abi: tournamentsAbi, functionName: 'join', args: [terms, two, '0x'] })
    expect(callScreen('tournaments', data)).to.deep.equal([
      'Enter me.eth with a stake of 0.01 ETH',
      'Player: me.eth',
      'Host: alice.eth',
      'Referee: this page',
      'Stake of each player: 0.01 ETH',
      'Starts: 2027-01-15T08:00:00Z',
      'Result by: 2027-01-16T08:00:00Z',
      "Host's share: 2.5%",
    ])
  })

  it('reads well when messages are signed', () => {
    const voucher = { channelId: word, cumulativeAmount: 500_000n }
    expect(messageScreen(voucherTypes, 'Voucher', voucher)).to.deep.equal([
      'Pay on a channel',
      'Granted in all (base units): 500000',
      `Channel: ${word}`,
    ])
    expect(messageScreen(closeTypes, 'Close', { channelId: word, capturedAmount: 1n })[0]).to.equal(
      'Agree to end a channel',
    )
    expect(messageScreen(sessionTypes, 'Session', { channelId: word, challenge: word })[0]).to.equal(
      'Prove that this connection pays by your channel',
    )
    const request = { action: 'pause', subscriptionId: word, nonce: 0, deadline: 1_800_000_000n }
    expect(messageScreen(consentTypes, 'Request', request)).to.deep.equal([
      'Ask to pause a subscription',
      'What to do: pause',
      'Consent holds until: 2027-01-15T08:00:00Z',
      `Subscription: ${word}`,
    ])
    const authorization = authorizationTypedData(
      {},
      {
        from: two,
        to: contract,
        value: 5_000_000n,
        validAfter: 0n,
        validBefore: 1_800_000_000n,
        nonce: word,
      },
    )
    const { types, primaryType, message } = authorization
    expect(messageScreen(types, primaryType, message, usdc)).to.deep.equal([
      'Pay once by your signature',
      'You pay: 5 USDC',
      'To the contract: Sluice',
      'From: me.eth',
      'Valid until: 2027-01-15T08:00:00Z',
      `Hash of what is paid for: ${word}`,
    ])
  })
})

function callScreen(name: string, data: Hex): readonly string[] {
  const { call, values } = argumentsOf(abis[name] ?? [], data)
  const { display, metadata } = callsOf(name)
  const wording = Object.entries(display.formats).find(([signature]) =>
    signature.startsWith(`${call.name}(`),
  )?.[1]
  if (wording === undefined) throw new Error(`${call.name} is not described`)
  return screenOf(wording, values, { ...knowledge, enums: metadata.enums })
}

function messageScreen(types: Types, primary: string, message: unknown, to = contract): readonly string[] {
  const wording = messages()[encodeType(types, primary)]
  if (wording === undefined) throw new Error(`${primary} is not described`)
  return screenOf(wording, message, { ...knowledge, to })
}
