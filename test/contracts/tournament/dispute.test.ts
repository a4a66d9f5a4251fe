import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { compact } from '../support/terms.js'
import { createArena, noResult } from './support/arena.js'
import { confirmationDigest, reasons } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, host, referee, stranger, players, address, terms, id, as, state } = arena
const { ranked, treeFor, reported, disputed, confirmations } = arena

describe('confirm', () => {
  beforeEach(arena.reset)

  it('makes the result final at once and gives the host its bond', async () => {
    const { root } = await reported(terms())
    const { players: field, signatures } = confirmations(terms(), 4, root)
    const transaction = as(stranger).confirm(terms(), field, signatures)
    await expect(transaction).to.changeTokenBalances(ethers, token, [host, stranger], [60n, 0n])
    await expect(transaction)
      .to.emit(tournaments, 'TournamentFinalized')
      .withArgs(id(terms()), root, 360n, 40n)
    expect(await state(terms())).to.include({ stage: 'Final', unpaid: 360n, rakeLeft: 40n })
  })

  it('reverts with InvalidConfirmation for a signature of another player, root or tournament (T9)', async () => {
    const { root } = await reported(terms())
    const { players: field, signatures } = confirmations(terms(), 4, root)
    const of = (other: string[]) => [...signatures.slice(0, 3), other[3] as string]
    const other = terms({ rake: 0 })
    for (const wrong of [
      [...signatures.slice(0, 3), signatures[0] as string],
      of(confirmations(terms(), 4, ethers.id('other root')).signatures),
      of(confirmations(other, 4, root).signatures),
      of([...signatures.slice(0, 3), '0x']),
    ]) {
      await expect(as(stranger).confirm(terms(), field, wrong))
        .to.be.revertedWithCustomError(tournaments, 'InvalidConfirmation')
        .withArgs(id(terms()), field[3], root)
    }
    await expect(as(stranger).confirm(terms(), field, [signatures[1] as string, ...signatures.slice(1)]))
      .to.be.revertedWithCustomError(tournaments, 'InvalidConfirmation')
      .withArgs(id(terms()), field[0], root)
  })

  it('reverts with FieldIncomplete without every player', async () => {
    const { root } = await reported(terms())
    const { players: field, signatures } = confirmations(terms(), 3, root)
    await expect(as(stranger).confirm(terms(), field, signatures))
      .to.be.revertedWithCustomError(tournaments, 'FieldIncomplete')
      .withArgs(id(terms()), 3n, 4n)
  })

  it('reverts with LengthMismatch without every signature', async () => {
    const { root } = await reported(terms())
    const { players: field, signatures } = confirmations(terms(), 4, root)
    await expect(as(stranger).confirm(terms(), field, signatures.slice(1)))
      .to.be.revertedWithCustomError(tournaments, 'LengthMismatch')
      .withArgs(3n, 4n)
  })

  it('accepts a player that is a contract wallet', async () => {
    const wallet = await ethers.deployContract('AnsweringWallet')
    await wallet.setAnswer(`0x1626ba7e${'00'.repeat(28)}`, false)
    await arena.create(terms())
    await as(stranger).join(terms(), wallet, '0x')
    const alice = players[0] as (typeof players)[0]
    await arena.join(terms(), alice)
    await arena.nextBlockAt(terms().joinDeadline)
    const own = await wallet.getAddress()
    const order = [alice.address, own].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    await as(host).submitResult(terms(), { ...noResult, players: order, ranks: [1, 2] })
    const { root } = await state(terms())
    const signature = compact(arena.keyOf(0), confirmationDigest(arena.place, id(terms()), root))
    await as(stranger).confirm(
      terms(),
      order,
      order.map((player) => (player === own ? '0x01' : signature)),
    )
    expect((await state(terms())).stage).to.equal('Final')
  })
})

describe('challenge', () => {
  beforeEach(arena.reset)

  it('takes the bond of a player and calls the referee, until the last second of the window', async () => {
    const { field } = await reported(terms())
    const alice = field[0] as (typeof players)[0]
    const at = (await state(terms())).changedAt + terms().challengeWindow - 1
    await arena.nextBlockAt(at)
    const transaction = arena.challenge(terms(), alice)
    await expect(transaction).to.changeTokenBalances(ethers, token, [alice, address], [-30n, 30n])
    await expect(transaction)
      .to.emit(tournaments, 'ResultChallenged')
      .withArgs(id(terms()), alice.address, at + terms().rulingWindow)
    const { stage, changedAt, challenger } = await state(terms())
    expect({ stage, changedAt, challenger }).to.deep.equal({
      stage: 'Disputed',
      changedAt: at,
      challenger: alice.address,
    })
  })

  it('reverts with DeadlinePassed in the first second after the window', async () => {
    const { field } = await reported(terms())
    const deadline = (await state(terms())).changedAt + terms().challengeWindow
    await arena.nextBlockAt(deadline)
    await expect(arena.challenge(terms(), field[0] as (typeof players)[0]))
      .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
      .withArgs(id(terms()), deadline, deadline)
  })

  it('reverts with NotAPlayer for everybody else', async () => {
    await reported(terms())
    for (const other of [host, stranger, players[4] as (typeof players)[0]]) {
      await expect(arena.challenge(terms(), other))
        .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
        .withArgs(id(terms()), other.address)
    }
  })

  it('takes the native coin', async () => {
    const native = terms({ token: ZeroAddress })
    const { field } = await reported(native)
    const alice = field[0] as (typeof players)[0]
    await expect(arena.challenge(native, alice)).to.changeEtherBalances(ethers, [alice, address], [-30n, 30n])
  })
})

describe('rule', () => {
  beforeEach(arena.reset)

  it('gives both bonds to the host when the result stands (T12)', async () => {
    const { result, root, challenger } = await disputed(terms())
    const transaction = as(referee).rule(terms(), result)
    await expect(transaction).to.changeTokenBalances(
      ethers,
      token,
      [host, challenger, referee, address],
      [90n, 0n, 0n, -90n],
    )
    await expect(transaction)
      .to.emit(tournaments, 'DisputeRuled')
      .withArgs(id(terms()), true, root, Object.values(result))
    await expect(transaction)
      .to.emit(tournaments, 'TournamentFinalized')
      .withArgs(id(terms()), root, 360n, 40n)
    expect(await state(terms())).to.include({ stage: 'Final', root, unpaid: 360n, rakeLeft: 40n })
  })

  it('gives both bonds to the challenger when it does not, and puts the right result in its place (T12)', async () => {
    const { field, challenger } = await disputed(terms())
    const right = ranked([...field].reverse())
    const { root } = treeFor(terms(), right)
    const transaction = as(referee).rule(terms(), right)
    await expect(transaction).to.changeTokenBalances(
      ethers,
      token,
      [host, challenger, referee],
      [0n, 90n, 0n],
    )
    await expect(transaction)
      .to.emit(tournaments, 'DisputeRuled')
      .withArgs(id(terms()), false, root, Object.values(right))
    expect(await state(terms())).to.include({ stage: 'Final', root })
  })

  it('works in the last second of the ruling window and reverts with DeadlinePassed after it', async () => {
    const { result } = await disputed(terms())
    const deadline = (await state(terms())).changedAt + terms().rulingWindow
    const before = await arena.networkHelpers.takeSnapshot()
    await arena.nextBlockAt(deadline - 1)
    await as(referee).rule(terms(), result)
    await before.restore()
    await arena.nextBlockAt(deadline)
    await expect(as(referee).rule(terms(), result))
      .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
      .withArgs(id(terms()), deadline, deadline)
  })

  it('reverts with CallerIsNotReferee for everybody else', async () => {
    const { result, challenger } = await disputed(terms())
    for (const other of [host, challenger, stranger]) {
      await expect(as(other).rule(terms(), result))
        .to.be.revertedWithCustomError(tournaments, 'CallerIsNotReferee')
        .withArgs(id(terms()), other.address, referee.address)
    }
  })

  it('holds the referee to the table, too (T5)', async () => {
    await disputed(terms())
    await expect(as(referee).rule(terms(), { ...noResult, root: ethers.id('mine'), total: 360n }))
      .to.be.revertedWithCustomError(tournaments, 'RankingRequired')
      .withArgs(id(terms()), 4n, 64n)
  })
})

describe('annul', () => {
  beforeEach(arena.reset)

  it('gives both bonds to the challenger and opens refunds of the stakes (T12)', async () => {
    const { challenger } = await disputed(terms())
    const transaction = as(referee).annul(terms())
    await expect(transaction).to.changeTokenBalances(ethers, token, [host, challenger], [0n, 90n])
    await expect(transaction)
      .to.emit(tournaments, 'TournamentCancelled')
      .withArgs(id(terms()), reasons.indexOf('Annulled'), 100n)
    expect(await state(terms())).to.include({ stage: 'Refunding', share: 100n })
  })

  it('reverts with CallerIsNotReferee for everybody else', async () => {
    await disputed(terms())
    await expect(as(host).annul(terms()))
      .to.be.revertedWithCustomError(tournaments, 'CallerIsNotReferee')
      .withArgs(id(terms()), host.address, referee.address)
  })

  it('reverts with DeadlinePassed after the ruling window', async () => {
    await disputed(terms())
    const deadline = (await state(terms())).changedAt + terms().rulingWindow
    await arena.nextBlockAt(deadline)
    await expect(as(referee).annul(terms()))
      .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
      .withArgs(id(terms()), deadline, deadline)
  })
})

describe('finalize', () => {
  beforeEach(arena.reset)

  it('makes an unchallenged result final in the first second after the window', async () => {
    const { root } = await reported(terms())
    await arena.nextBlockAt((await state(terms())).changedAt + terms().challengeWindow)
    const transaction = as(stranger).finalize(terms())
    await expect(transaction).to.changeTokenBalances(ethers, token, [host, stranger], [60n, 0n])
    await expect(transaction)
      .to.emit(tournaments, 'TournamentFinalized')
      .withArgs(id(terms()), root, 360n, 40n)
  })

  it('reverts with DeadlineNotReached in the last second of the window', async () => {
    await reported(terms())
    const deadline = (await state(terms())).changedAt + terms().challengeWindow
    await arena.nextBlockAt(deadline - 1)
    await expect(as(stranger).finalize(terms()))
      .to.be.revertedWithCustomError(tournaments, 'DeadlineNotReached')
      .withArgs(id(terms()), deadline, deadline - 1)
  })

  it('ends a tournament in which there is nothing to win', async () => {
    const free = terms({ stake: 0n })
    await reported(free)
    await arena.nextBlockAt((await state(free)).changedAt + free.challengeWindow)
    await expect(as(stranger).finalize(free)).to.emit(tournaments, 'TournamentPaid').withArgs(id(free), 0n)
    expect((await state(free)).stage).to.equal('Paid')
  })
})
