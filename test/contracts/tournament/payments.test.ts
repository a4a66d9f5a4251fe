import { expect } from 'chai'
import { AbiCoder, concat, id as hashOf, keccak256, toBeHex } from 'ethers'
import {
  authorizationDigest,
  installPermit2,
  never,
  permit2Address,
  permitDigest,
  tokenDomain,
} from '../support/funding.js'
import { compact, full } from '../support/terms.js'
import { createArena } from './support/arena.js'
import type { TournamentTerms } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, host, stranger, players, address, place, terms, id, as, state } = arena
const alice = players[0] as (typeof players)[0]
const aliceKey = arena.keyOf(0)
const coder = AbiCoder.defaultAbiCoder()

/** The hash of everything a payer agrees to: a typed struct that begins with the tournament's id. */
const purposeOf = (type: string, of: TournamentTerms, ...more: [string, string][]) =>
  keccak256(
    coder.encode(
      ['bytes32', 'bytes32', ...more.map(([kind]) => kind)],
      [hashOf(type), id(of), ...more.map(([, value]) => value)],
    ),
  )
const joinPurpose = (of: TournamentTerms, player: string) =>
  purposeOf('Join(bytes32 tournamentId,address player)', of, ['address', player])

const salt = hashOf('salt')

/** USD Coin as alice holds it, and her EIP-3009 payment for a purpose. */
async function usdc() {
  const token = await ethers.deployContract('UsdcLikeToken')
  await token.mint(alice, 1_000n)
  await token.mint(host, 1_000n)
  await token.connect(host).approve(tournaments, never)
  const pay = async (value: bigint, purpose: string) => {
    const digest = authorizationDigest(await tokenDomain(arena, token, 'USD Coin', '2'), {
      from: alice.address,
      to: address,
      value,
      validAfter: 0n,
      validBefore: never,
      nonce: keccak256(coder.encode(['bytes32', 'bytes32'], [purpose, salt])),
    })
    const word = (number: bigint) => toBeHex(number, 32)
    return concat(['0x02', alice.address, word(0n), word(never), salt, full(aliceKey, digest)])
  }
  return { token, pay, of: terms({ token: await token.getAddress() }) }
}

describe('paying for a tournament', () => {
  beforeEach(arena.reset)

  it('a player joins with one signature, and whoever submits it pays the gas', async () => {
    const { token, pay, of } = await usdc()
    await arena.create(of)
    const payment = await pay(of.stake, joinPurpose(of, alice.address))
    const transaction = as(stranger).join(of, alice, payment)
    await expect(transaction).to.changeTokenBalances(ethers, token, [alice, address], [-100n, 100n])
    await expect(transaction)
      .to.emit(tournaments, 'PlayerJoined')
      .withArgs(id(of), alice.address, alice.address)
  })

  it('a signature counts for one player, tournament and purpose only (T9)', async () => {
    const { token, pay, of } = await usdc()
    const other = { ...of, rake: 0 }
    await arena.create(of)
    await arena.create(other)
    const payment = await pay(of.stake, joinPurpose(of, alice.address))
    for (const attempt of [
      () => as(stranger).join(of, stranger, payment),
      () => as(stranger).join(other, alice, payment),
      () => as(stranger).sponsor(of, of.stake, payment),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(token, 'ERC3009InvalidSignature')
    }
    await as(stranger).join(of, alice, payment)
    await as(alice).leave(of)
    await expect(as(stranger).join(of, alice, payment)).to.be.revert(ethers)
  })

  it('a sponsor is whoever signed, not whoever submitted', async () => {
    const { pay, of } = await usdc()
    await arena.create(of)
    const payment = await pay(40n, purposeOf('Sponsor(bytes32 tournamentId)', of))
    await as(stranger).sponsor(of, 40n, payment)
    expect((await tournaments.accountState(id(of), alice)).sponsored).to.equal(40n)
  })

  it('a challenger is whoever signed, for the result it saw', async () => {
    const { token, pay, of } = await usdc()
    for (const player of players) {
      await token.mint(player, 1_000n)
      await token.connect(player).approve(tournaments, never)
    }
    await arena.reported(of)
    const { root } = await state(of)
    const type = 'Challenge(bytes32 tournamentId,bytes32 root)'
    const stale = await pay(30n, purposeOf(type, of, ['bytes32', hashOf('another result')]))
    await expect(as(stranger).challenge(of, stale)).to.be.revertedWithCustomError(
      token,
      'ERC3009InvalidSignature',
    )
    await as(stranger).challenge(of, await pay(30n, purposeOf(type, of, ['bytes32', root])))
    expect((await state(of)).challenger).to.equal(alice.address)
  })

  it('a host is whoever signed the bond', async () => {
    const { pay, of } = await usdc()
    const hosted = { ...of, host: alice.address }
    const payment = await pay(60n, purposeOf('Create(bytes32 tournamentId)', hosted))
    await as(stranger).create(hosted, payment)
    expect((await state(hosted)).stage).to.equal('Open')
  })

  it('a permit of EIP-2612 works in the same transaction', async () => {
    const token = await ethers.deployContract('PermitToken')
    await token.mint(alice, 1_000n)
    const of = terms({ token: await token.getAddress(), bond: 0n })
    await arena.create(of)
    const domain = await tokenDomain(arena, token, await token.name(), '1')
    const permit = { owner: alice.address, spender: address, value: of.stake, nonce: 0n, deadline: never }
    const payment = concat(['0x01', toBeHex(never, 32), full(aliceKey, permitDigest(domain, permit))])
    await expect(as(alice).join(of, alice, payment)).to.changeTokenBalance(ethers, token, alice, -100n)
  })

  it('a transfer of Permit2 works through anyone', async () => {
    await installPermit2(arena)
    await arena.token.connect(alice).approve(permit2Address, never)
    await arena.create(terms())
    const payment = concat([
      '0x03',
      alice.address,
      toBeHex(7n, 32),
      toBeHex(never, 32),
      compact(aliceKey, permit2PaymentDigest(terms().stake, 7n, joinPurpose(terms(), alice.address))),
    ])
    await expect(as(stranger).join(terms(), alice, payment)).to.changeTokenBalance(
      ethers,
      arena.token,
      alice,
      -100n,
    )
  })

  for (const [name, deploy] of [
    ['token that takes a fee', () => ethers.deployContract('FeeToken')],
    ['token that takes from the recipient', () => ethers.deployContract('LeavingToken')],
  ] as const) {
    it(`a ${name} is refused, because the pot would be short (T1)`, async () => {
      const token = await deploy()
      await token.mint(host, 1_000_000n)
      await token.mint(address, 1_000n)
      await token.connect(host).approve(address, never)
      const of = terms({ token: await token.getAddress(), bond: 10_000n })
      await expect(arena.create(of)).to.be.revertedWithCustomError(tournaments, 'AmountNotReceived')
      expect((await state(of)).stage).to.equal('None')
    })
  }

  it('a token that returns nothing works from the stake to the prize', async () => {
    const token = await ethers.deployContract('UsdtLikeToken')
    const of = terms({ token: await token.getAddress() })
    for (const person of [host, ...players]) {
      await token.mint(person, 1_000n)
      await token.connect(person).approve(tournaments, 1_000n)
    }
    const { prizes } = await arena.final(of)
    await as(stranger).payMany(of, prizes)
    expect(await token.balanceOf(alice)).to.equal(1_080n)
    expect(await token.balanceOf(address)).to.equal(0n)
  })
})

/** The digest of a Permit2 transfer with the witness `Payment(bytes32 purpose)`, from the EIP-712 definition. */
function permit2PaymentDigest(amount: bigint, nonce: bigint, purpose: string): string {
  return ethers.TypedDataEncoder.hash(
    { name: 'Permit2', chainId: place.chainId, verifyingContract: permit2Address },
    {
      PermitWitnessTransferFrom: [
        { name: 'permitted', type: 'TokenPermissions' },
        { name: 'spender', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
        { name: 'witness', type: 'Payment' },
      ],
      TokenPermissions: [
        { name: 'token', type: 'address' },
        { name: 'amount', type: 'uint256' },
      ],
      Payment: [{ name: 'purpose', type: 'bytes32' }],
    },
    {
      permitted: { token: arena.tokenAddress, amount },
      spender: address,
      nonce,
      deadline: never,
      witness: { purpose },
    },
  )
}
