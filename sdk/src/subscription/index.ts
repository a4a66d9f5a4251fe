/** Subscriptions: terms, ids, calls, questions, signatures, and what events tell. */
export { subscriptionsCall, type SubscriptionsCall } from './call.js'
export { consentTypedData, consentTypes, type ConsentAction } from './consent.js'
export { readEvent, type SubscriptionEvent } from './events.js'
export { getPlan } from './getPlan.js'
export { getSubscription } from './getSubscription.js'
export { planId, subscribePurpose, subscriptionId } from './ids.js'
export { isActive } from './isActive.js'
export { chargeCall, createPlanCall, setPriceCall, type OfPlan } from './planCalls.js'
export type { ReadParameters, WhichPlan } from './read.js'
export { nothingRebuilt, rebuildSubscriptions } from './rebuild.js'
export type { Rebuilt, RebuiltPlan, RebuiltSubscription } from './rebuild.js'
export { renewable } from './renewable.js'
export { revertToSluiceError } from './revertErrors.js'
export {
  cancelCall,
  changePlanCall,
  fundCall,
  pauseCall,
  resumeCall,
  subscribeCall,
  subscribeWithSignatureCall,
  withdrawCall,
  type OfSubscription,
  type WithPayment,
} from './subscriberCalls.js'
export { renewalReasons } from './types.js'
export type {
  Consent,
  PeriodUnit,
  Plan,
  RenewalReason,
  SubscriptionState,
  SubscriptionTerms,
} from './types.js'
