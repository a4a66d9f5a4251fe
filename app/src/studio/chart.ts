import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatAmount } from '@sluice/sdk'
import type { IncomeChart } from './model/api.ts'

export type ChartWords = {
  readonly decimals: number
  readonly locale: string
  readonly labels: { readonly earned: string; readonly tipped: string }
}

const height = 200
/** Fewer bars than these would be as wide as doors. */
const leastBars = 12

export type DrawnIncome = {
  /** Draws further income of the same span. */
  readonly update: (income: IncomeChart) => void
  readonly end: () => void
}

/** Draws income as bars, tips before the whole. */
export function drawIncome(place: HTMLElement, income: IncomeChart, words: ChartWords): DrawnIncome {
  const { locale, labels } = words
  const look = getComputedStyle(place)
  const colour = (name: string): string => look.getPropertyValue(name).trim()
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 })
  const axis = {
    stroke: colour('--ink-soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: `12px ${colour('--sans')}`,
  }
  const bars = (fill: string, label: string): uPlot.Series => ({
    label,
    fill,
    stroke: fill,
    width: 0,
    points: { show: false },
    ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.7, 40] }) }),
    value: (_, value: number | null) => (value === null ? '–' : number.format(value)),
  })
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height,
      legend: { live: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_, __, most) => [0, most === 0 ? 1 : most * 1.1] } },
      axes: [
        { ...axis, values: (_, seconds) => seconds.map((second) => tick(second, income.stepMs, locale)) },
        { ...axis, size: 64, values: (_, values) => values.map((value) => number.format(value)) },
      ],
      series: [
        {
          value: (_, second: number | null) => (second === null ? '–' : tick(second, income.stepMs, locale)),
        },
        bars(colour('--wave'), labels.earned),
        bars(colour('--copper'), labels.tipped),
      ],
    },
    dataOf(income, words.decimals),
    place,
  )
  const resize = new ResizeObserver(() => {
    chart.setSize({ width: place.clientWidth, height })
  })
  resize.observe(place)
  return {
    update: (further) => {
      chart.setData(dataOf(further, words.decimals))
    },
    end: () => {
      resize.disconnect()
      chart.destroy()
    },
  }
}

/** Steps in which nothing came in are drawn as nothing. Only a drawing: amounts in numbers may lose their last digits. */
function dataOf({ points, stepMs }: IncomeChart, decimals: number): uPlot.AlignedData {
  const byTime = new Map(points.map((point) => [point.atMs, point]))
  const last = points.at(-1)?.atMs ?? 0
  const first = Math.min(points[0]?.atMs ?? 0, last - (leastBars - 1) * stepMs)
  const times: number[] = []
  for (let at = first; at <= last; at += stepMs) times.push(at)
  const amount = (of: 'earned' | 'tipped') =>
    times.map((at) => Number(formatAmount(byTime.get(at)?.[of] ?? 0n, decimals)))
  return [times.map((at) => at / 1000), amount('earned'), amount('tipped')]
}

const day = 86_400_000

function tick(second: number, stepMs: number, locale: string): string {
  const time = new Date(second * 1000)
  return stepMs >= day
    ? time.toLocaleDateString(locale, { day: 'numeric', month: 'short' })
    : time.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
}
