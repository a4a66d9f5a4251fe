import { runForJson } from '../harness/process.mjs'
import { compared, single } from '../harness/result.mjs'
import { median } from '../harness/statistics.mjs'

/** The payee's path in one and in two worker threads, channels shared by id; not pinned to a core. */
export const scalingCase = {
  names: ['scaling-workers-1', 'scaling-workers-2'],
  async run({ timing }) {
    const rates = await runForJson('children/scaling.mjs', { args: [JSON.stringify(timing)] })
    const unit = 'vouchers/s'
    return [
      single({ name: 'scaling-workers-1', unit, value: median(rates['workers-1'].wall) }),
      compared({
        name: 'scaling-workers-2',
        unit,
        against: 'scaling-workers-1',
        ours: rates['workers-2'],
        theirs: rates['workers-1'],
      }),
    ]
  },
}
