// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ISubscriptions } from "./interfaces/ISubscriptions.sol";
import { Allowances } from "./libraries/Allowances.sol";
import { Consents } from "./libraries/Consents.sol";
import { Funding } from "./libraries/Funding.sol";
import { Owed } from "./libraries/Owed.sol";
import { Payments } from "./libraries/Payments.sol";
import { Payouts } from "./libraries/Payouts.sol";
import { Periods } from "./libraries/Periods.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { SubscriptionSlots } from "./libraries/SubscriptionSlots.sol";

/// @title Subscriptions that renew by themselves
/// @notice The rules and their reasons are in `ISubscriptions`.
contract Subscriptions is ISubscriptions, EIP712, Multicall, Owed, Allowances {
    using Periods for Plan;
    using Periods for Subscription;

    uint32 private constant MINIMUM_SECONDS = 1 minutes;
    uint32 private constant MAXIMUM_SECONDS = 3650 days;
    uint32 private constant MAXIMUM_MONTHS = 120;
    uint256 private constant SHORTEST_MONTH = 28 days;

    /// @dev What `isActive` needs of a plan, beside its price: a plan in one word.
    struct PlanState {
        uint96 price;
        uint32 grace;
    }

    mapping(bytes32 planId => PlanState) private _plans;

    /// @dev See `SubscriptionSlots`.
    mapping(bytes32 subscriptionId => uint256 word) private _subscriptions;

    mapping(bytes32 subscriptionId => uint96) private _prepaid;

    constructor() EIP712("Sluice Subscriptions", "1") {}

    /// @inheritdoc ISubscriptions
    function createPlan(Plan calldata plan) external {
        bytes32 id = planId(plan);
        if (plan.merchant == address(0)) revert MerchantIsZero();
        _requireMerchant(id, plan);
        _requireValidPrice(plan, plan.price);
        uint256 shortest = _requireValidPeriod(plan);
        if (plan.grace > shortest) revert GraceTooLong(plan.grace, shortest);
        if (_plans[id].price != 0) revert PlanAlreadyCreated(id);
        _plans[id] = PlanState({ price: plan.price, grace: plan.grace });
        emit PlanCreated(id, plan.merchant, plan.token, plan);
    }

    /// @inheritdoc ISubscriptions
    function setPrice(Plan calldata plan, uint96 price) external {
        bytes32 id = planId(plan);
        _priceOf(id);
        _requireMerchant(id, plan);
        _requireValidPrice(plan, price);
        _plans[id].price = price;
        emit PriceSet(id, price);
    }

    /// @inheritdoc ISubscriptions
    function subscribe(
        Plan calldata plan,
        Terms calldata terms,
        uint96 prepaid,
        bytes calldata payment
    ) external payable nonReentrant {
        bytes32 planId_ = planId(plan);
        bytes32 id = subscriptionId(planId_, terms.subscriber);
        address payer = prepaid == 0 ? msg.sender : Payments.payer(payment);
        if (payer != terms.subscriber) revert CallerIsNotSubscriber(id, payer, terms.subscriber);
        Subscription memory s = _load(id);
        _begin(plan, terms, planId_, id, s);
        if (prepaid != 0) {
            bytes32 purpose = keccak256(abi.encode(id, terms.maxPrice, terms.start, terms.end));
            _fund(plan.token, id, s, prepaid, purpose, payment);
        } else if (msg.value != 0) {
            revert Funding.WrongNativeValue(msg.value, 0);
        }
        _startWith(plan, id, terms.subscriber, s);
    }

    /// @inheritdoc ISubscriptions
    function subscribeWithSignature(
        Plan calldata plan,
        Terms calldata terms,
        Consent calldata consent
    ) external nonReentrant {
        bytes32 planId_ = planId(plan);
        bytes32 id = subscriptionId(planId_, terms.subscriber);
        Subscription memory s = _load(id);
        bytes32 structHash = Consents.subscribe(id, terms.maxPrice, terms.start, terms.end, s.nonce, consent.deadline);
        _useConsent(id, s, terms.subscriber, structHash, consent);
        _begin(plan, terms, planId_, id, s);
        _startWith(plan, id, terms.subscriber, s);
    }

    /// @inheritdoc ISubscriptions
    function charge(Plan calldata plan, address subscriber) external nonReentrant {
        bytes32 planId_ = planId(plan);
        bytes32 id = subscriptionId(planId_, subscriber);
        Subscription memory s = _load(id);
        (Reason reason, uint256 found, uint256 needed) = _due(plan, s);
        if (reason != Reason.None) revert NotChargeable(id, reason, found, needed);
        _requireCharged(plan, planId_, id, subscriber, s, plan.tip);
    }

    /// @inheritdoc ISubscriptions
    function chargeBatch(
        Plan calldata plan,
        address[] calldata subscribers
    ) external nonReentrant returns (uint256 charged) {
        bytes32 planId_ = planId(plan);
        uint96 price = _plans[planId_].price;
        uint256 total;
        for (uint256 i = 0; i < subscribers.length; ++i) {
            address subscriber = subscribers[i];
            bytes32 id = subscriptionId(planId_, subscriber);
            Subscription memory s = _load(id);
            (Reason reason, uint256 found, uint256 needed) = _due(plan, s);
            if (reason == Reason.None) {
                s.price = _lower(s.price, price);
                if (_usePrepaid(id, s) || _tryPull(plan, subscriber, address(this), s.price, 0)) {
                    _advance(plan, id, s);
                    total += s.price;
                    ++charged;
                    continue;
                }
                (reason, found, needed) = _whyUnpaid(plan, id, subscriber, s.price);
            }
            emit ChargeFailed(id, reason, found, needed);
        }
        _payOut(plan, total, plan.tip * charged);
    }

    /// @inheritdoc ISubscriptions
    function pause(Plan calldata plan, address subscriber, Consent calldata consent) external nonReentrant {
        (bytes32 id, Subscription memory s) = _running(plan, subscriber);
        _useRequest(id, s, subscriber, Consents.PAUSE, consent);
        if (s.paused) revert AlreadyPaused(id);
        s.paused = true;
        _store(id, s);
        emit SubscriptionPaused(id);
    }

    /// @inheritdoc ISubscriptions
    function resume(Plan calldata plan, address subscriber, Consent calldata consent) external nonReentrant {
        (bytes32 id, Subscription memory s) = _running(plan, subscriber);
        _useRequest(id, s, subscriber, Consents.RESUME, consent);
        if (!s.paused && block.timestamp < _lapsesAt(plan, s)) revert NotPaused(id);
        s.paused = false;
        emit SubscriptionResumed(id);
        _startWith(plan, id, subscriber, s);
    }

    /// @inheritdoc ISubscriptions
    function cancel(Plan calldata plan, address subscriber, Consent calldata consent) external nonReentrant {
        (bytes32 id, Subscription memory s) = _running(plan, subscriber);
        bool byMerchant = msg.sender == plan.merchant && consent.signature.length == 0;
        if (!byMerchant) _useRequest(id, s, subscriber, Consents.CANCEL, consent);
        s.end = s.paidUntil;
        s.paused = false;
        _store(id, s);
        emit SubscriptionCancelled(id, s.end);
    }

    /// @inheritdoc ISubscriptions
    function changePlan(
        Plan calldata plan,
        Plan calldata newPlan,
        address subscriber,
        uint96 maxPrice,
        Consent calldata consent
    ) external nonReentrant {
        (bytes32 id, Subscription memory s) = _running(plan, subscriber);
        bytes32 newPlanId = planId(newPlan);
        if (plan.merchant != newPlan.merchant || plan.token != newPlan.token) {
            revert PlansNotExchangeable(planId(plan), newPlanId);
        }
        bytes32 structHash = Consents.changePlan(id, newPlanId, maxPrice, s.nonce, consent.deadline);
        _useConsent(id, s, subscriber, structHash, consent);
        bool isRunning = s.startedAt <= block.timestamp && block.timestamp < s.paidUntil && !s.paused;
        if (!isRunning) revert NotRunning(id, s.paidUntil, s.end);

        uint96 price = _acceptedPrice(newPlanId, maxPrice);
        bytes32 newId = subscriptionId(newPlanId, subscriber);
        Subscription memory changed = s;
        if (newId != id) {
            changed = _load(newId);
            _requireVacant(newPlan, newId, changed);
            _moveTo(newId, id, s, changed);
        }
        _convert(newPlan, s, changed, price);
        _store(newId, changed);
        emit PlanChanged(id, newId, newPlanId, price, changed.paidFrom, changed.paidUntil);
        emit SubscriptionUpdate(uint256(newId), changed.paidUntil);
    }

    /// @inheritdoc ISubscriptions
    function fund(
        Plan calldata plan,
        address subscriber,
        uint96 amount,
        bytes calldata payment
    ) external payable nonReentrant {
        if (amount == 0) revert AmountIsZero();
        bytes32 id = subscriptionId(planId(plan), subscriber);
        Subscription memory s = _load(id);
        if (s.startedAt == 0) revert NotRunning(id, 0, 0);
        bool isFirst = !s.prepaid;
        _fund(plan.token, id, s, amount, id, payment);
        if (isFirst) _store(id, s);
    }

    /// @inheritdoc ISubscriptions
    function withdraw(
        Plan calldata plan,
        address subscriber,
        address to,
        uint96 amount,
        Consent calldata consent
    ) external nonReentrant {
        bytes32 id = subscriptionId(planId(plan), subscriber);
        Subscription memory s = _load(id);
        bytes32 structHash = Consents.withdraw(id, to, amount, s.nonce, consent.deadline);
        if (_useConsent(id, s, subscriber, structHash, consent)) _store(id, s);
        if (to == address(0)) revert DestinationIsZero();
        uint96 balance = _prepaid[id];
        if (amount > balance) revert AmountExceedsBalance(id, amount, balance);
        _prepaid[id] = balance - amount;
        emit Withdrawn(id, to, amount);
        Payouts.pay(plan.token, to, amount);
    }

    /// @inheritdoc ISubscriptions
    function currentPrice(bytes32 id) external view returns (uint96) {
        return _plans[id].price;
    }

    /// @inheritdoc ISubscriptions
    function subscription(
        bytes32 id,
        address subscriber
    ) external view returns (Subscription memory state, uint96 balance) {
        bytes32 id_ = subscriptionId(id, subscriber);
        return (_load(id_), _prepaid[id_]);
    }

    /// @inheritdoc ISubscriptions
    function isActive(address subscriber, bytes32 id) external view returns (bool) {
        return _load(subscriptionId(id, subscriber)).isActive(_plans[id].grace, block.timestamp);
    }

    /// @inheritdoc ISubscriptions
    function renewable(
        Plan calldata plan,
        address subscriber
    ) external view returns (Reason reason, uint256 found, uint256 needed) {
        bytes32 planId_ = planId(plan);
        bytes32 id = subscriptionId(planId_, subscriber);
        Subscription memory s = _load(id);
        (reason, found, needed) = _due(plan, s);
        if (reason == Reason.None) return _unpaid(plan, id, subscriber, _lower(s.price, _plans[planId_].price));
    }

    /// @inheritdoc ISubscriptions
    function planId(Plan calldata plan) public view returns (bytes32) {
        return Periods.planId(plan);
    }

    /// @inheritdoc ISubscriptions
    function subscriptionId(bytes32 id, address subscriber) public pure returns (bytes32) {
        return keccak256(abi.encode(id, subscriber));
    }

    /// @dev Writes what was agreed into `s`, which keeps the nonce and whether a balance was prepaid.
    function _begin(
        Plan calldata plan,
        Terms calldata terms,
        bytes32 planId_,
        bytes32 id,
        Subscription memory s
    ) private {
        _requireVacant(plan, id, s);
        s.price = _acceptedPrice(planId_, terms.maxPrice);
        bool isFirst = s.startedAt == 0;
        s.startedAt = terms.start > block.timestamp ? terms.start : SafeCast.toUint32(block.timestamp);
        if (terms.end != 0 && terms.end <= s.startedAt) revert EndNotAfterStart(terms.end, s.startedAt);
        s.paidFrom = s.startedAt;
        s.paidUntil = isFirst ? SafeCast.toUint32(uint256(s.startedAt) + plan.trial) : s.startedAt;
        s.end = terms.end;
        s.anchorDay = plan.anchorDay(s.paidUntil);
        s.paused = false;
        s.paid = false;
        s.trial = s.paidUntil != s.startedAt;
        emit Subscribed(id, planId_, terms.subscriber, s.price, s.startedAt, s.paidUntil, s.end);
    }

    /// @dev Stores a subscription that begins or goes on, and pays the merchant a period when nothing is paid any more.
    function _startWith(Plan calldata plan, bytes32 id, address subscriber, Subscription memory s) private {
        if (block.timestamp < s.paidUntil) {
            _store(id, s);
            emit SubscriptionUpdate(uint256(id), s.paidUntil);
            return;
        }
        _requireCharged(plan, planId(plan), id, subscriber, s, 0);
    }

    /// @dev Charges the next period, which the caller found due. A subscriber's tokens go to the merchant directly, or by
    /// way of this contract when it is the merchant or the caller that cannot be paid.
    function _requireCharged(
        Plan calldata plan,
        bytes32 planId_,
        bytes32 id,
        address subscriber,
        Subscription memory s,
        uint96 tip
    ) private {
        s.price = _lower(s.price, _plans[planId_].price);
        bool isPrepaid = _usePrepaid(id, s);
        bool isPaid = !isPrepaid && _tryPull(plan, subscriber, plan.merchant, s.price - tip, tip);
        if (!isPrepaid && !isPaid && !_tryPull(plan, subscriber, address(this), s.price, 0)) {
            (Reason reason, uint256 found, uint256 needed) = _whyUnpaid(plan, id, subscriber, s.price);
            revert NotChargeable(id, reason, found, needed);
        }
        _advance(plan, id, s);
        if (!isPaid) _payOut(plan, s.price, tip);
    }

    /// @dev Stores the subscription with one more period paid.
    function _advance(Plan calldata plan, bytes32 id, Subscription memory s) private {
        uint256 from = s.nextFrom(plan.grace, block.timestamp);
        if (from != s.paidUntil) s.anchorDay = plan.anchorDay(from);
        s.paidFrom = SafeCast.toUint32(from);
        s.paidUntil = plan.next(from, s.anchorDay);
        s.paid = true;
        _store(id, s);
        emit Charged(id, s.price, s.paidFrom, s.paidUntil);
        emit SubscriptionUpdate(uint256(id), s.paidUntil);
    }

    /// @return whether the prepaid balance paid the price
    function _usePrepaid(bytes32 id, Subscription memory s) private returns (bool) {
        if (!s.prepaid) return false;
        uint96 balance = _prepaid[id];
        if (balance < s.price) return false;
        _prepaid[id] = balance - s.price;
        return true;
    }

    function _tryPull(
        Plan calldata plan,
        address subscriber,
        address to,
        uint256 amount,
        uint256 tip
    ) private returns (bool) {
        return plan.token != address(0) && _tryPull(plan.token, subscriber, to, amount, msg.sender, tip);
    }

    /// @dev The merchant gets `amount` less the caller's tip.
    function _payOut(Plan calldata plan, uint256 amount, uint256 tip) private {
        _payOrKeep(plan.token, plan.merchant, amount - tip);
        _payOrKeep(plan.token, msg.sender, tip);
    }

    /// @dev The caller stores `s`, whose `prepaid` this sets.
    function _fund(
        address token,
        bytes32 id,
        Subscription memory s,
        uint96 amount,
        bytes32 purpose,
        bytes calldata payment
    ) private {
        uint256 balance = uint256(_prepaid[id]) + amount;
        if (balance > type(uint96).max) revert BalanceTooLarge(id, balance, type(uint96).max);
        _prepaid[id] = uint96(balance);
        s.prepaid = true;
        emit Funded(id, amount);
        Payments.take(token, amount, purpose, payment);
    }

    /// @dev Ends `s` now in favour of `changed`, which takes over its balance and how it stands.
    function _moveTo(bytes32 newId, bytes32 id, Subscription memory s, Subscription memory changed) private {
        changed.startedAt = s.startedAt;
        changed.end = s.end;
        changed.paid = s.paid;
        changed.trial = s.trial;
        changed.paused = false;
        if (s.prepaid) {
            uint256 balance = uint256(_prepaid[newId]) + _prepaid[id];
            if (balance > type(uint96).max) revert BalanceTooLarge(newId, balance, type(uint96).max);
            _prepaid[newId] = uint96(balance);
            delete _prepaid[id];
            changed.prepaid = true;
        }
        Subscription memory left = SubscriptionSlots.unpack(SubscriptionSlots.pack(s));
        left.paidUntil = SafeCast.toUint32(block.timestamp);
        left.end = left.paidUntil;
        _store(id, left);
        emit SubscriptionUpdate(uint256(id), left.paidUntil);
    }

    /// @dev Turns what is left of `s` into time on the new plan. `paidFrom` is set so that the price of a period over the
    /// time between the two is what a second is worth: another change then starts from the same value, whatever the
    /// lengths of the months around it.
    function _convert(
        Plan calldata newPlan,
        Subscription memory s,
        Subscription memory changed,
        uint96 price
    ) private view {
        uint256 left = s.paidUntil - block.timestamp;
        uint256 from = block.timestamp;
        uint256 until;
        if (s.paid) {
            uint256 length = newPlan.next(block.timestamp, newPlan.anchorDay(block.timestamp)) - block.timestamp;
            uint256 worth = length * s.price * left;
            until = block.timestamp + worth / (uint256(price) * (s.paidUntil - s.paidFrom));
            from = until - length;
        } else {
            uint256 trialEnd = uint256(s.startedAt) + newPlan.trial;
            until = trialEnd < s.paidUntil ? trialEnd : s.paidUntil;
            if (until < block.timestamp) until = block.timestamp;
        }
        changed.price = price;
        changed.paidFrom = SafeCast.toUint32(from);
        changed.paidUntil = SafeCast.toUint32(until);
        changed.anchorDay = newPlan.anchorDay(until);
    }

    function _useRequest(
        bytes32 id,
        Subscription memory s,
        address subscriber,
        bytes32 action,
        Consent calldata consent
    ) private view {
        _useConsent(id, s, subscriber, Consents.request(action, id, s.nonce, consent.deadline), consent);
    }

    /// @return signed whether a signature was used, so that `s`, whose nonce it raised, must be stored
    function _useConsent(
        bytes32 id,
        Subscription memory s,
        address subscriber,
        bytes32 structHash,
        Consent calldata consent
    ) private view returns (bool signed) {
        if (consent.signature.length == 0) {
            if (msg.sender != subscriber) revert CallerIsNotSubscriber(id, msg.sender, subscriber);
            return false;
        }
        if (block.timestamp > consent.deadline) revert ConsentExpired(id, consent.deadline, block.timestamp);
        if (!Signatures.isValid(subscriber, _hashTypedDataV4(structHash), consent.signature)) {
            revert InvalidConsent(id, subscriber, s.nonce);
        }
        ++s.nonce;
        return true;
    }

    function _store(bytes32 id, Subscription memory s) private {
        _subscriptions[id] = SubscriptionSlots.pack(s);
    }

    function _load(bytes32 id) private view returns (Subscription memory) {
        return SubscriptionSlots.unpack(_subscriptions[id]);
    }

    /// @return id the id of the subscription
    /// @return s a subscription that nothing has ended yet, neither its subscriber nor its end
    function _running(Plan calldata plan, address subscriber) private view returns (bytes32 id, Subscription memory s) {
        id = subscriptionId(planId(plan), subscriber);
        s = _load(id);
        if (s.isLast() || s.isOver(plan.grace, block.timestamp)) revert NotRunning(id, s.paidUntil, s.end);
    }

    /// @dev Whether a period may be charged by the clock; whether it can be paid is another question.
    function _due(
        Plan calldata plan,
        Subscription memory s
    ) private view returns (Reason reason, uint256 found, uint256 needed) {
        if (s.startedAt == 0) return (Reason.NotSubscribed, 0, 0);
        uint256 from = s.nextFrom(plan.grace, block.timestamp);
        if (s.end != 0 && from >= s.end) return (Reason.Ended, from, s.end);
        if (s.paused) return (Reason.Paused, 0, 0);
        uint256 opensAt = s.opensAt();
        if (block.timestamp < opensAt) return (Reason.NotDue, block.timestamp, opensAt);
        if (from == s.paidUntil) return (Reason.None, 0, 0);
        uint256 lapsesAt = _lapsesAt(plan, s);
        if (block.timestamp >= lapsesAt) return (Reason.Lapsed, block.timestamp, lapsesAt);
    }

    /// @dev Whether a period at `price` can be paid, as far as balance and allowance tell.
    function _unpaid(
        Plan calldata plan,
        bytes32 id,
        address subscriber,
        uint96 price
    ) private view returns (Reason reason, uint256 found, uint256 needed) {
        uint256 balance = _prepaid[id];
        if (balance >= price) return (Reason.None, 0, 0);
        if (plan.token == address(0)) return (Reason.BalanceTooLow, balance, price);
        balance = IERC20(plan.token).balanceOf(subscriber);
        if (balance < price) return (Reason.BalanceTooLow, balance, price);
        uint256 allowed = _allowance(plan.token, subscriber);
        if (allowed < price) return (Reason.AllowanceTooLow, allowed, price);
    }

    function _whyUnpaid(
        Plan calldata plan,
        bytes32 id,
        address subscriber,
        uint96 price
    ) private view returns (Reason reason, uint256 found, uint256 needed) {
        (reason, found, needed) = _unpaid(plan, id, subscriber, price);
        if (reason == Reason.None) (reason, needed) = (Reason.TokenRefused, price);
    }

    /// @dev The second at which a whole period went by after the last one paid.
    function _lapsesAt(Plan calldata plan, Subscription memory s) private pure returns (uint256) {
        return plan.next(s.paidUntil, s.anchorDay);
    }

    function _requireVacant(Plan calldata plan, bytes32 id, Subscription memory s) private view {
        if (s.isOver(plan.grace, block.timestamp)) return;
        if (s.paused || block.timestamp < _lapsesAt(plan, s)) revert AlreadySubscribed(id, s.paidUntil);
    }

    function _acceptedPrice(bytes32 id, uint96 maxPrice) private view returns (uint96 price) {
        price = _priceOf(id);
        if (price > maxPrice) revert PriceAboveMaximum(id, price, maxPrice);
    }

    function _priceOf(bytes32 id) private view returns (uint96 price) {
        price = _plans[id].price;
        if (price == 0) revert PlanNotCreated(id);
    }

    function _requireMerchant(bytes32 id, Plan calldata plan) private view {
        if (msg.sender != plan.merchant) revert CallerIsNotMerchant(id, msg.sender, plan.merchant);
    }

    function _requireValidPrice(Plan calldata plan, uint96 price) private pure {
        if (price == 0) revert PriceIsZero();
        if (plan.tip > price) revert TipExceedsPrice(plan.tip, price);
    }

    /// @return shortest the seconds that the shortest period has
    function _requireValidPeriod(Plan calldata plan) private pure returns (uint256 shortest) {
        bool inSeconds = plan.unit == PeriodUnit.Second;
        (uint32 minimum, uint32 maximum) = inSeconds ? (MINIMUM_SECONDS, MAXIMUM_SECONDS) : (1, MAXIMUM_MONTHS);
        uint32 period = plan.period;
        if (period < minimum || period > maximum) revert PeriodOutOfRange(period, minimum, maximum);
        return inSeconds ? period : period * SHORTEST_MONTH;
    }

    function _lower(uint96 a, uint96 b) private pure returns (uint96) {
        return a < b ? a : b;
    }
}
