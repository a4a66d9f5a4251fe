/** Subscriptions: one action a file, each with its sibling that only builds the call; terms, ids, questions and views. */
export type { ContractCall } from '../chain/call.js'
export type { AccountParameters, ChainClient, ReadParameters } from '../chain/context.js'
export { ensureChain } from '../chain/ensureChain.js'
export type { EventPlace } from '../chain/eventWindow.js'
export type { KeptPayment } from '../chain/owed.js'
export type { SearchParameters, SearchProgress } from '../chain/search.js'
export type { WaitParameters, WriteParameters } from '../chain/transact.js'
export { TransactionUnknownError, type Submitted } from '../chain/transactionUnknown.js'
export type { FundingMethod, FundingStep } from '../payment/choose.js'
export type { NumberedStep, PaymentParameters } from '../payment/prepare.js'
export type {
  PaymentPlan,
  ProductPaymentMethod,
  ProductPaymentParameters,
  SignedProductPayment,
} from '../payment/productPayment.js'
export type {
  OfPlan,
  OfSubscription,
  PlanParameters,
  PlanReceipt,
  SubscriptionParameters,
  SubscriptionReceipt,
} from './act.js'
export { subscriptionActions, type SubscriptionActions } from './actions.js'
export { subscriptionsCall } from './call.js'
export { cancel, cancelCall } from './cancel.js'
export { changePlan, changePlanCall } from './changePlan.js'
export { charge, chargeCall } from './charge.js'
export { chargeBatch, chargeBatchCall } from './chargeBatch.js'
export { consentTypedData, consentTypes, type ConsentAction } from './consent.js'
export { createPlan, createPlanCall } from './createPlan.js'
export { readEvent, type SubscriptionEvent } from './events.js'
export { findSubscriptions, type FoundSubscriptions } from './findSubscriptions.js'
export { fund, fundCall, planFund, type WithPayment } from './fund.js'
export { getOwed } from './getOwed.js'
export { getPlan } from './getPlan.js'
export { getSubscription } from './getSubscription.js'
export { planId, subscribePurpose, subscriptionId } from './ids.js'
export { isActive } from './isActive.js'
export { pause, pauseCall } from './pause.js'
export { nothingRebuilt, rebuildSubscriptions } from './rebuild.js'
export type { Rebuilt, RebuiltPlan, RebuiltSubscription } from './rebuild.js'
export { renewable } from './renewable.js'
export { resume, resumeCall } from './resume.js'
export { revertToSluiceError } from './revertErrors.js'
export { setPrice, setPriceCall } from './setPrice.js'
export { signConsent } from './signConsent.js'
export { planSubscribe, signSubscribe, subscribe, subscribeCall } from './subscribe.js'
export type { Subscribed } from './subscribed.js'
export { subscribeWithSignature, subscribeWithSignatureCall } from './subscribeWithSignature.js'
export { toSluiceError } from './toSluiceError.js'
export { renewalReasons } from './types.js'
export type {
  Consent,
  PeriodUnit,
  Plan,
  RenewalReason,
  SubscriptionState,
  SubscriptionTerms,
} from './types.js'
export { watchSubscription } from './watchSubscription.js'
export type { WhichPlan } from './which.js'
export { withdraw, withdrawCall } from './withdraw.js'
export { withdrawOwed, withdrawOwedCall } from './withdrawOwed.js'
