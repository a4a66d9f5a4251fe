import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Address } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import type { Placing, Prize } from '@sluice/sdk/tournament'
import type { TokenInfo } from '../amounts.js'
import { addressText, amountText } from '../command.js'
import { failure } from '../exit.js'
import type { Io } from '../io.js'

/**
 * Reads who came where: a line for each player, its rank and its address. Rank 0 did not show up, equal ranks tie.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 naming the line that says something else
 */
export async function readRanking(io: Io, name: string): Promise<readonly Placing[]> {
  return await readLines(io, name, 'a rank and an address, such as "1 0x…"', (first, player) => {
    if (!/^\d{1,5}$/.test(first)) throw new InvalidArgumentError('Expected a rank.')
    return { player, rank: Number(first) }
  })
}

/**
 * Reads what everybody wins: a line for each winner, its prize in whole tokens and its address.
 *
 * @param io of this process
 * @param name of the file
 * @param token the prizes are in
 * @throws CommandError exit code 1 naming the line that says something else
 */
export async function readPrizes(io: Io, name: string, token: TokenInfo): Promise<readonly Prize[]> {
  return await readLines(io, name, 'an amount and an address, such as "12.50 0x…"', (first, player) => ({
    player,
    amount: parseAmount(amountText(first), token.decimals),
  }))
}

async function readLines<Row>(
  io: Io,
  name: string,
  expected: string,
  read: (first: string, player: Address) => Row,
): Promise<readonly Row[]> {
  const path = resolve(io.directory, name)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(`The file ${path} cannot be read.`, 'Check its name.', { cause })
  })
  const rows: Row[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = (line.split('#')[0] ?? '').split(/[\s,;]+/).filter((each) => each !== '')
    const [first, player, ...more] = words
    if (first === undefined) continue
    try {
      if (player === undefined || more.length > 0) throw new InvalidArgumentError('Expected two words.')
      rows.push(read(first, addressText(player)))
    } catch (cause) {
      const found = `Line ${index + 1} of ${path} is "${line.trim()}".`
      throw failure(found, `Each line is ${expected}; "#" begins a comment.`, { cause })
    }
  }
  return rows
}
