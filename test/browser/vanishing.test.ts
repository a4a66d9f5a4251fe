import { expect } from 'chai'
import { fortune } from './support/bank.ts'
import { useWorld } from './support/pages.ts'
import { watchPicture } from './support/picture.ts'
import { startVanishingWorld } from './support/vanishing.ts'
import { arrive, spent, watch } from './support/viewer.ts'

/** Grace of the channel, seconds; what is asked for a little later is over a little later. */
const graceSeconds = 3_700

describe('a streamer who vanishes', function () {
  this.timeout(300_000)
  const { world, browser } = useWorld(startVanishingWorld)

  it('costs a viewer nothing more: the rest comes back without it, also after a reload (I4)', async () => {
    const viewer = await arrive(world(), browser())
    const { page, wallet, address } = viewer
    await watch(viewer)
    const picture = await watchPicture(page)
    await picture.moves()
    await spent(page, 0.004)
    const asked = [...wallet.prompts]
    await world().kill()

    await picture.stands()
    await page.getByRole('button', { name: 'Get my money back' }).click()
    await page.getByText('Asked for. Yours in').waitFor()
    const withdraw = page.getByRole('button', { name: 'Withdraw now' })
    expect(await withdraw.isDisabled()).to.equal(true)
    await page.reload()
    await page.getByText('Asked for. Yours in').waitFor()
    expect(await withdraw.isDisabled()).to.equal(true)
    await world().pass(graceSeconds)
    await withdraw.click()
    await page.getByText('1.80 USDC came back.').waitFor()

    expect(await world().balance(address)).to.equal(fortune)
    expect(wallet.prompts).to.deep.equal([...asked, 'eth_sendTransaction', 'eth_sendTransaction'])
    await viewer.context.close()
    expect(viewer.complaints).to.deep.equal([])
  })
})
