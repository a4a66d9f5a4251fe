'use client'
import { cancel } from '../../subscription/cancel.js'
import { changePlan } from '../../subscription/changePlan.js'
import { fund, planFund } from '../../subscription/fund.js'
import { pause } from '../../subscription/pause.js'
import { resume } from '../../subscription/resume.js'
import { subscribe, planSubscribe } from '../../subscription/subscribe.js'
import { withdraw } from '../../subscription/withdraw.js'
import { useSend, type Send } from './useSend.js'

/** Subscribes to a plan; the first period is paid with it. See {@link subscribe}. */
export const useSubscribe = (): Send<typeof subscribe> => useSend(subscribe, planSubscribe)

/** Ends a subscription; what is paid stays paid. See {@link cancel}. */
export const useCancelSubscription = (): Send<typeof cancel> => useSend(cancel)

/** Pauses a subscription: nothing is charged meanwhile. See {@link pause}. */
export const usePauseSubscription = (): Send<typeof pause> => useSend(pause)

/** Goes on with a subscription that was paused. See {@link resume}. */
export const useResumeSubscription = (): Send<typeof resume> => useSend(resume)

/** Moves to another plan of the same merchant. See {@link changePlan}. */
export const useChangePlan = (): Send<typeof changePlan> => useSend(changePlan)

/** Adds to a prepaid balance. See {@link fund}. */
export const useFundSubscription = (): Send<typeof fund> => useSend(fund, planFund)

/** Takes out of a prepaid balance. See {@link withdraw}. */
export const useWithdrawBalance = (): Send<typeof withdraw> => useSend(withdraw)
