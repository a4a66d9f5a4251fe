// Writes channels.json from the contract: npx hardhat run test/vectors/generate.ts
import { writeFileSync } from 'node:fs'
import {
  getAddress,
  id as keccakOfText,
  dataSlice,
  toBigInt,
  ZeroAddress,
  ZeroHash,
  MaxUint256,
  toBeHex,
} from 'ethers'
import { computeVectors, type VectorInput } from './compute.js'
import { vectorsFile } from './vectors.js'

const maxUint96 = (2n ** 96n - 1n).toString()
const maxAddress = getAddress(`0x${'ff'.repeat(20)}`)
const chainIds = [1, 137, 8453, 31337, 4294967295] as const

/** The same pseudo-random words on every run, so that regenerating changes nothing. */
const word = (label: string) => keccakOfText(`sluice vector ${label}`)
const address = (label: string) => getAddress(dataSlice(word(label), 12))
const uint = (label: string, bits: bigint) => (toBigInt(word(label)) % 2n ** bits).toString()

function random(index: number): VectorInput {
  const of = (field: string) => `${index} ${field}`
  return {
    name: `random ${index}`,
    chainId: chainIds[index % chainIds.length] ?? 1,
    contract: address(of('contract')),
    channel: {
      payer: address(of('payer')),
      payee: address(of('payee')),
      operator: address(of('operator')),
      token: address(of('token')),
      signer: address(of('signer')),
      grace: 900 + Number(toBigInt(word(of('grace'))) % 2_591_101n),
      rate: uint(of('rate'), 96n),
      burst: uint(of('burst'), 96n),
      salt: word(of('salt')),
    },
    cumulativeAmount: uint(of('cumulative'), 96n),
    capturedAmount: uint(of('captured'), 96n),
    authorizationSalt: word(of('authorization')),
  }
}

const base: VectorInput = {
  ...random(1000),
  chainId: 31337,
  contract: getAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'),
}
const edge = (name: string, change: Partial<VectorInput>, channel: Partial<VectorInput['channel']> = {}) => ({
  ...base,
  ...change,
  name,
  channel: { ...base.channel, ...channel },
})

const edges: VectorInput[] = [
  edge(
    'all zero',
    { cumulativeAmount: '0', capturedAmount: '0', authorizationSalt: ZeroHash },
    {
      payer: ZeroAddress,
      payee: ZeroAddress,
      operator: ZeroAddress,
      token: ZeroAddress,
      signer: ZeroAddress,
      grace: 0,
      rate: '0',
      burst: '0',
      salt: ZeroHash,
    },
  ),
  edge(
    'all ones',
    { cumulativeAmount: maxUint96, capturedAmount: maxUint96, authorizationSalt: toBeHex(MaxUint256, 32) },
    {
      payer: maxAddress,
      payee: maxAddress,
      operator: maxAddress,
      token: maxAddress,
      signer: maxAddress,
      grace: 2 ** 32 - 1,
      rate: maxUint96,
      burst: maxUint96,
      salt: toBeHex(MaxUint256, 32),
    },
  ),
  edge('native coin', {}, { token: ZeroAddress }),
  edge('payee is its own operator', {}, { operator: ZeroAddress }),
  edge('no rate bound', {}, { rate: '0', burst: '0' }),
  edge('rate without burst', {}, { burst: '0' }),
  edge('shortest grace', {}, { grace: 900 }),
  edge('longest grace', {}, { grace: 2_592_000 }),
  edge('salt zero', {}, { salt: ZeroHash }),
  edge('salt one', {}, { salt: toBeHex(1, 32) }),
  edge('amount one', { cumulativeAmount: '1', capturedAmount: '1' }),
  edge('amounts of one byte', { cumulativeAmount: '255', capturedAmount: '256' }),
  edge('beyond a double', { cumulativeAmount: '9007199254740993', capturedAmount: '9007199254740993' }),
  edge('beyond 64 bits', {
    cumulativeAmount: '18446744073709551617',
    capturedAmount: '18446744073709551616',
  }),
  edge('another chain', { chainId: 1 }),
  edge('another contract', { contract: address('another contract') }),
  edge(
    'addresses with leading zeros',
    { contract: getAddress(`0x${'00'.repeat(8)}${'ab'.repeat(12)}`) },
    {
      payer: getAddress(`0x${'00'.repeat(19)}2a`),
      signer: getAddress(`0x${'00'.repeat(10)}${'cd'.repeat(10)}`),
    },
  ),
]

const inputs = [...edges, ...Array.from({ length: 60 }, (_, index) => random(index))]
const vectors = await computeVectors(inputs)
writeFileSync(vectorsFile, `${JSON.stringify(vectors, null, 2)}\n`)
console.log(`${vectors.length} vectors written to ${vectorsFile.pathname}`)
