import { expect } from 'chai'
import { ZeroAddress, ZeroHash, type AddressLike, type BaseContract } from 'ethers'
import { createEscrowWorld } from './escrow/support/world.js'

const world = await createEscrowWorld()
const { ethers, escrow, payer, receiver, feeRecipient, stranger, address, order, refused } = world

const usdc = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
const malformed = await world.stocked(await ethers.deployContract('MalformedToken'))
const prepared = await world.networkHelpers.takeSnapshot()

const capture = (of = order(), amount = of.maxAmount) => world.capture(of, amount)
const owed = (account: AddressLike, token: AddressLike) => escrow.owed(account, token)

/** An order in the native coin for a recipient, authorized. */
async function nativeFor(recipient: BaseContract) {
  const of = order({ token: ZeroAddress, receiver: await recipient.getAddress() })
  await world.authorize(of)
  return of
}

describe('payments that fail', () => {
  beforeEach(() => prepared.restore())

  describe('when a recipient refuses the native coin', () => {
    it('keeps the amount for it and pays the others (E8)', async () => {
      const refusing = await ethers.deployContract('RevertingRecipient')
      const of = await nativeFor(refusing)
      const transaction = capture(of)
      await expect(transaction).to.changeEtherBalances(
        ethers,
        [refusing, feeRecipient, escrow],
        [0n, 10n, -10n],
      )
      await expect(transaction).to.emit(escrow, 'PaymentKept').withArgs(refusing.target, ZeroAddress, 990n)
      expect(await owed(refusing, ZeroAddress)).to.equal(990n)
    })

    it('adds up what is kept', async () => {
      const refusing = await ethers.deployContract('RevertingRecipient')
      const of = await nativeFor(refusing)
      await capture(of, 400n)
      await capture(of, 600n)
      expect(await owed(refusing, ZeroAddress)).to.equal(990n)
    })
  })

  describe('when a recipient gets nothing', () => {
    it('does not call it', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      await wallet.setCallback(escrow, '0x')
      const receiver = await wallet.getAddress()
      const of = order({ token: ZeroAddress, receiver, minFeeBps: 10_000n, maxFeeBps: 10_000n })
      await world.authorize(of)
      await expect(capture(of)).to.changeEtherBalances(ethers, [wallet, feeRecipient], [0n, 1_000n])
      expect(await wallet.calls()).to.equal(0n)
    })
  })

  describe('when a recipient burns all gas it is given', () => {
    it('keeps the amount for it (E8)', async () => {
      const burning = await ethers.deployContract('GasBurningRecipient')
      await capture(await nativeFor(burning))
      expect(await owed(burning, ZeroAddress)).to.equal(990n)
    })
  })

  describe('when a recipient answers with very many bytes', () => {
    it('pays it without copying them', async () => {
      const bomb = await ethers.deployContract('ReturnBombRecipient')
      const of = await nativeFor(bomb)
      const sent = await capture(of)
      await expect(sent).to.changeEtherBalance(ethers, bomb, 990n)
      expect((await sent.wait())?.gasUsed).to.be.lessThan(160_000n)
    })
  })

  describe('when a token blacklists somebody', () => {
    for (const [name, blocked] of [
      ['receiver', receiver],
      ['fee recipient', feeRecipient],
    ] as const) {
      it(`keeps the ${name}’s part and pays the other (E8)`, async () => {
        const of = order({ token: await usdc.getAddress() })
        await world.authorize(of)
        await usdc.setBlacklisted(blocked, true)
        await capture(of)
        const kept = blocked === receiver ? 990n : 10n
        expect(await owed(blocked, usdc)).to.equal(kept)
        expect(await usdc.balanceOf(address)).to.equal(kept)
      })
    }

    it('keeps the payer’s part, so that the receiver can void (E8)', async () => {
      const of = order({ token: await usdc.getAddress() })
      await world.authorize(of)
      await usdc.setBlacklisted(payer, true)
      await escrow.connect(receiver).void(of)
      expect(await owed(payer, usdc)).to.equal(1_000n)
      await expect(escrow.connect(payer).withdrawOwed(usdc, stranger)).to.changeTokenBalance(
        ethers,
        usdc,
        stranger,
        1_000n,
      )
    })
  })

  describe('when a token answers strangely', () => {
    const answers: [string, string, boolean][] = [
      ['one', `0x${'00'.repeat(31)}01`, true],
      ['one and more bytes', `0x${'00'.repeat(31)}01ff`, true],
      ['nothing', '0x', true],
      ['zero', ZeroHash, false],
      ['two', `0x${'00'.repeat(31)}02`, false],
      ['fewer bytes than a word', `0x${'00'.repeat(30)}01`, false],
    ]
    for (const [name, answer, paid] of answers) {
      it(`${paid ? 'counts' : 'does not count'} the payment for paid when it answers ${name}`, async () => {
        const of = order({ token: await malformed.getAddress() })
        await world.authorize(of)
        await malformed.setTransferAnswer(answer, paid)
        await capture(of)
        expect(await owed(receiver, malformed)).to.equal(paid ? 0n : 990n)
      })
    }

    it('keeps the amount while the token has no code', async () => {
      const of = order({ token: await malformed.getAddress() })
      await world.authorize(of)
      const code = await ethers.provider.getCode(malformed)
      await world.networkHelpers.setCode(await malformed.getAddress(), '0x')
      await capture(of, 400n)
      // A byte of code is code, and has said nothing against it.
      await world.networkHelpers.setCode(await malformed.getAddress(), '0x00')
      await capture(of, 600n)
      await world.networkHelpers.setCode(await malformed.getAddress(), code)
      expect(await owed(receiver, malformed)).to.equal(396n)
      await expect(escrow.connect(receiver).withdrawOwed(malformed, receiver)).to.changeTokenBalance(
        ethers,
        malformed,
        receiver,
        396n,
      )
    })
  })

  describe('when whoever submits gives little gas', () => {
    it('never keeps what could be paid: with too little the transaction fails whole (E8)', async () => {
      const of = order({ token: await usdc.getAddress() })
      await world.authorize(of)
      const ready = await world.networkHelpers.takeSnapshot()
      const outcomes = new Set<string>()
      for (let gasLimit = 40_000n; gasLimit <= 460_000n; gasLimit += 6_000n) {
        try {
          await (await escrow.connect(receiver).capture(of, 1_000n, 100n, { gasLimit })).wait()
          outcomes.add('paid')
        } catch {
          outcomes.add('failed')
        }
        expect(await owed(receiver, usdc)).to.equal(0n)
        expect(await owed(feeRecipient, usdc)).to.equal(0n)
        await ready.restore()
      }
      expect([...outcomes]).to.deep.equal(['failed', 'paid'])
    })

    it('says how much is needed', async () => {
      await world.authorize(order())
      // 150,000 of 63/64 of what is left, and 45,000 to keep the amount.
      const needed = 150_000n + 2_380n + 45_000n
      await expect(escrow.connect(receiver).capture(order(), 1_000n, 100n, { gasLimit: 200_000n }))
        .to.be.revertedWithCustomError(escrow, 'GasTooLow')
        .withArgs((left: bigint) => left < needed, needed)
    })

    it('leaves enough to keep the amount of a recipient that burns all it gets (E8)', async () => {
      const burning = await ethers.deployContract('GasBurningRecipient')
      const of = await nativeFor(burning)
      const ready = await world.networkHelpers.takeSnapshot()
      const reasons = new Set<string>()
      const tooLow = ['GasTooLow', ethers.id('GasTooLow(uint256,uint256)').slice(0, 10)]
      for (let gasLimit = 230_000n; gasLimit <= 330_000n; gasLimit += 2_000n) {
        try {
          await (await escrow.connect(world.operator).capture(of, 1_000n, 100n, { gasLimit })).wait()
          expect(await owed(burning, ZeroAddress)).to.equal(990n)
          reasons.add('kept')
        } catch (error) {
          // By its selector where the node does not know the code.
          const isTooLow = tooLow.some((text) => String(error).includes(text))
          reasons.add(isTooLow ? 'GasTooLow' : String(error))
        }
        await ready.restore()
      }
      expect([...reasons]).to.deep.equal(['GasTooLow', 'kept'])
    })
  })
})

describe('withdrawOwed', () => {
  beforeEach(async () => {
    await prepared.restore()
    const of = order({ token: await usdc.getAddress() })
    await world.authorize(of)
    await usdc.setBlacklisted(receiver, true)
    await capture(of)
  })

  it('sends everything that is kept to the destination, once (E7, E8)', async () => {
    const withdraw = () => escrow.connect(receiver).withdrawOwed(usdc, stranger)
    const transaction = withdraw()
    await expect(transaction).to.changeTokenBalances(ethers, usdc, [stranger, address], [990n, -990n])
    await expect(transaction)
      .to.emit(escrow, 'OwedWithdrawn')
      .withArgs(receiver.address, usdc.target, stranger.address, 990n)
    expect(await owed(receiver, usdc)).to.equal(0n)
    await refused(withdraw(), 'NothingOwed', receiver.address, usdc.target)
  })

  it('reverts with DestinationIsZero', async () => {
    await refused(escrow.connect(receiver).withdrawOwed(usdc, ZeroAddress), 'DestinationIsZero')
  })

  it('reverts with NothingOwed for everybody else and every other token (E9)', async () => {
    await refused(
      escrow.connect(stranger).withdrawOwed(usdc, stranger),
      'NothingOwed',
      stranger.address,
      usdc.target,
    )
    await refused(
      escrow.connect(receiver).withdrawOwed(ZeroAddress, stranger),
      'NothingOwed',
      receiver.address,
      ZeroAddress,
    )
  })

  it('keeps the amount when the destination cannot be paid either (E1)', async () => {
    await expect(escrow.connect(receiver).withdrawOwed(usdc, receiver)).to.be.revertedWithCustomError(
      usdc,
      'Blacklisted',
    )
    expect(await owed(receiver, usdc)).to.equal(990n)
  })

  it('sends the native coin', async () => {
    const refusing = await ethers.deployContract('RevertingRecipient')
    await capture(await nativeFor(refusing))
    const call = escrow.interface.encodeFunctionData('withdrawOwed', [ZeroAddress, stranger.address])
    await expect(refusing.relay(escrow, 0n, call)).to.changeEtherBalance(ethers, stranger, 990n)
  })
})
