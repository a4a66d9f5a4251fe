// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ISubscriptions } from "../../../contracts/interfaces/ISubscriptions.sol";
import { IOwed } from "../../../contracts/interfaces/IOwed.sol";
import { SubscriptionBelief, SubscriptionModel } from "./SubscriptionModel.sol";
import { bound, vm } from "./Vm.sol";

/// @title Whatever people may do to subscriptions, in any order
/// @dev Every action predicts whether the contract lets it through and what it moves, and reverts when the contract does
/// anything else; the runner fails on a revert. Hostile contracts try to come back in during every action.
contract SubscriptionHandler is SubscriptionModel {
    /// @dev Which plan, whose subscription, and who has what before an action.
    struct Scene {
        uint256 plan;
        uint256 who;
        uint256 subscriber;
        uint256 merchant;
        uint256 keeper;
    }

    /// @dev Sets the clock, and afterwards compares every subscription with what is believed of it (S8, S10).
    modifier watched() {
        vm.warp(time);
        uint256 calls = _callbacks();
        _;
        reentriesTried += _callbacks() - calls;
        _nobodyCameBackIn();
        for (uint256 plan = 0; plan < PLANS; ++plan) {
            for (uint256 who = 0; who < PEOPLE; ++who) {
                _compare(plan, who);
            }
        }
    }

    function createPlan(uint256 seed, bool byMerchant) external watched {
        uint256 plan = seed % PLANS;
        bool fine = byMerchant && prices[plan] == 0;
        vm.prank(byMerchant ? _plans[plan].merchant : KEEPER);
        try subscriptions.createPlan(_plans[plan]) {
            _passed(fine, this.createPlan.selector);
            prices[plan] = _plans[plan].price;
        } catch {
            _require(!fine, "a plan was refused");
        }
    }

    function setPrice(uint256 seed, uint256 size) external watched {
        uint256 plan = seed % PLANS;
        uint96 price = uint96(bound(size, 5, 2_000));
        bool fine = prices[plan] != 0 && price >= _plans[plan].tip;
        vm.prank(_plans[plan].merchant);
        try subscriptions.setPrice(_plans[plan], price) {
            _passed(fine, this.setPrice.selector);
            prices[plan] = price;
        } catch {
            _require(!fine, "a price was refused");
        }
    }

    /// @notice By itself, prepaying or not, or by signature (S3).
    function subscribe(uint256 seed, uint256 start, uint256 size) external watched {
        Scene memory s = _scene(seed);
        ISubscriptions.Terms memory terms;
        terms.subscriber = _people[s.who];
        terms.maxPrice = uint96(bound(size, 500, 2_500));
        if (start % 4 == 0) terms.start = uint32(time + bound(start >> 8, 1, 2 days));
        if (start % 3 == 0) terms.end = uint32(time + bound(start >> 64, 0, 20 days));
        bool bySignature = seed >> 128 > 1 << 126;
        uint96 prepaid = bySignature || (size >> 128) % 2 == 0 ? 0 : uint96(bound(size >> 160, 1, 5_000));
        if (bySignature) _subscribeWithSignature(s, terms);
        else _subscribe(s, terms, prepaid);
    }

    /// @notice Anybody, as often as it likes (S2 to S5).
    function charge(uint256 seed) external watched {
        Scene memory s = _ripe(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint256 price = _lower(b.price, prices[s.plan]);
        (bool can, bool prepaid) = _payable(s.plan, s.who, price);
        bool fine = _isDue(s.plan, b) && can;
        vm.prank(KEEPER);
        try subscriptions.charge(_plans[s.plan], _people[s.who]) {
            _passed(fine, this.charge.selector);
            _believeCharge(s.plan, b, price, prepaid);
            _paid(s, prepaid ? 0 : price, price, _plans[s.plan].tip);
        } catch {
            _require(!fine, "a charge was refused");
        }
    }

    /// @notice All subscribers of a plan, one of them twice (S4, S7).
    function chargeBatch(uint256 seed) external watched {
        Scene memory s = _ripe(seed);
        address[] memory list = new address[](PEOPLE + 1);
        uint256 total;
        uint256 charged;
        for (uint256 i = 0; i <= PEOPLE; ++i) {
            uint256 who = (s.who + i) % PEOPLE;
            list[i] = _people[who];
            SubscriptionBelief storage b = _beliefs[s.plan][who];
            uint256 price = _lower(b.price, prices[s.plan]);
            (bool can, bool prepaid) = _payable(s.plan, who, price);
            if (!_isDue(s.plan, b) || !can) continue;
            _believeCharge(s.plan, b, price, prepaid);
            if (who == s.who && !prepaid) s.subscriber -= price;
            total += price;
            ++charged;
        }
        vm.prank(KEEPER);
        _require(subscriptions.chargeBatch(_plans[s.plan], list) == charged, "another number was charged");
        if (charged != 0) ++done[this.chargeBatch.selector];
        _paid(s, 0, total, _plans[s.plan].tip * charged);
    }

    function pause(uint256 seed, bool bySignature) external watched {
        Scene memory s = _going(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        bool fine = _isRunning(s.plan, b) && !b.paused;
        ISubscriptions.Consent memory consent = _consent(
            s.who,
            _requestHash("pause", s.plan, s.who, b.nonce),
            bySignature
        );
        vm.prank(bySignature ? KEEPER : _people[s.who]);
        try subscriptions.pause(_plans[s.plan], _people[s.who], consent) {
            _passed(fine, this.pause.selector);
            if (bySignature) ++b.nonce;
            b.paused = true;
        } catch {
            _require(!fine, "a pause was refused");
        }
    }

    /// @notice After a pause or a lapse; pays when nothing is paid any more.
    function resume(uint256 seed, bool bySignature) external watched {
        Scene memory s = _going(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        bool pays = time >= b.paidUntil;
        uint256 price = _lower(b.price, prices[s.plan]);
        (bool can, bool prepaid) = _payable(s.plan, s.who, price);
        bool fine = _isRunning(s.plan, b) && (b.paused || _lapsed(s.plan, b)) && (!pays || can);
        ISubscriptions.Consent memory consent = _consent(
            s.who,
            _requestHash("resume", s.plan, s.who, b.nonce),
            bySignature
        );
        vm.prank(bySignature ? KEEPER : _people[s.who]);
        try subscriptions.resume(_plans[s.plan], _people[s.who], consent) {
            _passed(fine, this.resume.selector);
            if (bySignature) ++b.nonce;
            b.paused = false;
            if (!pays) return;
            _believeCharge(s.plan, b, price, prepaid);
            _paid(s, prepaid ? 0 : price, price, 0);
        } catch {
            _require(!fine, "a resumption was refused");
        }
    }

    /// @notice The subscriber, its signature, or the merchant, and nobody can stop it (S5, S6).
    function cancel(uint256 seed, uint256 by) external watched {
        Scene memory s = _going(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        bool fine = _isRunning(s.plan, b);
        bool bySignature = by % 3 == 0;
        ISubscriptions.Consent memory consent = _consent(
            s.who,
            _requestHash("cancel", s.plan, s.who, b.nonce),
            bySignature
        );
        vm.prank(
            bySignature
                ? KEEPER
                : by % 3 == 1
                    ? _people[s.who]
                    : _plans[s.plan].merchant
        );
        try subscriptions.cancel(_plans[s.plan], _people[s.who], consent) {
            _passed(fine, this.cancel.selector);
            if (bySignature) ++b.nonce;
            b.end = b.paidUntil;
            b.paused = false;
        } catch {
            _require(!fine, "a cancellation was refused");
        }
    }

    /// @notice To any plan of any merchant, the same one included (S11).
    function changePlan(uint256 seed, uint256 size) external watched {
        Scene memory s = _going(seed);
        uint256 to = size % 4 == 0 ? (size >> 8) % PLANS : [uint256(0), 1, 4][(size >> 8) % 3];
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint96 maxPrice = uint96(bound(size >> 16, 500, 2_500));
        bool fine =
            _plans[s.plan].merchant == _plans[to].merchant &&
                _plans[s.plan].token == _plans[to].token &&
                _isRunning(s.plan, b) &&
                b.startedAt <= time &&
                time < b.paidUntil &&
                !b.paused &&
                prices[to] != 0 &&
                prices[to] <= maxPrice &&
                (to == s.plan || _isVacant(to, _beliefs[to][s.who]));
        ISubscriptions.Consent memory none;
        vm.prank(_people[s.who]);
        try subscriptions.changePlan(_plans[s.plan], _plans[to], _people[s.who], maxPrice, none) {
            _passed(fine, this.changePlan.selector);
            _believeChange(s.plan, to, s.who);
            _beliefs[to][s.who].agreed = maxPrice;
        } catch {
            _require(!fine, "a change was refused");
        }
    }

    /// @notice By anybody, out of its own pocket.
    function fund(uint256 seed, uint256 size) external watched {
        Scene memory s = _going(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint96 amount = uint96(bound(size, 0, 3_000));
        bool fine = b.startedAt != 0 && amount != 0;
        uint256 value = _plans[s.plan].token == address(0) ? amount : 0;
        try subscriptions.fund{ value: value }(_plans[s.plan], _people[s.who], amount, "") {
            _passed(fine, this.fund.selector);
            b.balance += amount;
            b.prepaid = true;
        } catch {
            _require(!fine, "a funding was refused");
        }
    }

    /// @notice At any time, whatever became of the subscription (S6).
    function withdraw(uint256 seed, uint256 size) external watched {
        Scene memory s = _going(seed);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint96 amount = uint96(bound(size, 0, b.balance + (seed % 8 == 0 ? 1 : 0)));
        address token = _plans[s.plan].token;
        uint256 before = balance(token, ELSEWHERE);
        ISubscriptions.Consent memory none;
        vm.prank(_people[s.who]);
        try subscriptions.withdraw(_plans[s.plan], _people[s.who], ELSEWHERE, amount, none) {
            _passed(amount <= b.balance, this.withdraw.selector);
            b.balance -= amount;
            _require(balance(token, ELSEWHERE) == before + amount, "another amount came out");
        } catch {
            _require(amount > b.balance, "a withdrawal was refused");
        }
    }

    /// @notice Whoever is not the subscriber gets nowhere, by itself, with its own or with a used signature (S9).
    function forge(uint256 seed, uint256 kind) external watched {
        Scene memory s = _going(seed);
        s.who %= 2; // the hostile wallet calls every signature its own
        uint256 nonce = _beliefs[s.plan][s.who].nonce;
        string memory action = (kind >> 8) % 2 == 0 ? "pause" : "resume";
        ISubscriptions.Consent memory consent;
        consent.deadline = time;
        if (kind % 4 == 0) {
            bytes32 digest = _typed("Sluice Subscriptions", _requestHash(action, s.plan, s.who, nonce));
            consent.signature = _sign(OTHER_KEY, digest);
        } else if (kind % 4 == 1) {
            consent = _consent(
                s.who,
                _requestHash(action, s.plan, s.who, nonce + (nonce == 0 ? 1 : 0) - 1),
                nonce != 0
            );
        } else if (kind % 4 == 2) {
            consent = _consent(s.who, _requestHash(action, (s.plan + 1) % PLANS, s.who, nonce), true);
        }
        vm.prank(KEEPER);
        (bool through, ) = address(subscriptions).call(
            (kind >> 8) % 2 == 0
                ? abi.encodeCall(subscriptions.pause, (_plans[s.plan], _people[s.who], consent))
                : abi.encodeCall(subscriptions.resume, (_plans[s.plan], _people[s.who], consent))
        );
        _require(!through, "a forged consent got through");
        ++done[this.forge.selector];
    }

    /// @notice A subscriber takes its allowances back, or gives them again.
    function allow(uint256 seed) external watched {
        uint256 who = seed % PEOPLE;
        _broke[who] = (seed >> 8) % 4 == 0;
        uint256 amount = _broke[who] ? 0 : type(uint256).max;
        vm.prank(_people[who]);
        plain.approve(address(subscriptions), amount);
        vm.prank(_people[who]);
        evil.approve(address(subscriptions), amount);
    }

    function withdrawOwed(bool spitefully) external watched {
        _takeKept(spitefully ? address(spiteful) : address(hostile), this.withdrawOwed.selector);
    }

    function pass(uint256 seconds_) external {
        time += bound(seconds_ >> 8, 1, seconds_ % 4 == 0 ? 12 days : 2 days);
    }

    function donate(uint256 seed, uint256 size) external watched {
        _donate(_plans[seed % PLANS].token, bound(size, 0, 1e9));
    }

    function plot(uint256 seed, uint256 victim, bool refuses, bool alsoRefuses) external watched {
        ISubscriptions.Plan memory plan = _plans[victim % PLANS];
        ISubscriptions.Consent memory none;
        uint256 kind = (seed >> 8) % 5;
        bytes memory call = abi.encodeCall(IOwed.withdrawOwed, (plan.token, ELSEWHERE));
        if (kind == 0) call = abi.encodeCall(subscriptions.charge, (plan, _people[(seed >> 16) % PEOPLE]));
        if (kind == 1) call = abi.encodeCall(subscriptions.cancel, (plan, address(hostile), none));
        if (kind == 2) call = abi.encodeCall(subscriptions.withdraw, (plan, address(hostile), ELSEWHERE, 1, none));
        if (kind == 3) call = abi.encodeCall(subscriptions.resume, (plan, address(hostile), none));
        _plot(call, seed % 2 == 0, refuses, alsoRefuses);
    }

    function _subscribe(Scene memory s, ISubscriptions.Terms memory terms, uint96 prepaid) private {
        bool isNative = _plans[s.plan].token == address(0);
        bool fine = _subscribable(s, terms, prepaid);
        if (prepaid != 0 && !isNative && _broke[s.who]) fine = false;
        vm.prank(terms.subscriber);
        try subscriptions.subscribe{ value: isNative ? prepaid : 0 }(_plans[s.plan], terms, prepaid, "") {
            _passed(fine, this.subscribe.selector);
            SubscriptionBelief storage b = _beliefs[s.plan][s.who];
            b.balance += prepaid;
            if (prepaid != 0) b.prepaid = true;
            s.subscriber -= prepaid;
            _believeBeginning(s, terms);
        } catch {
            _require(!fine, "a subscriber was refused");
        }
    }

    function _subscribeWithSignature(Scene memory s, ISubscriptions.Terms memory terms) private {
        bool fine = _subscribable(s, terms, 0);
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        bytes32 typeHash = keccak256(
            "Subscribe(bytes32 subscriptionId,uint96 maxPrice,uint32 start,uint32 end,uint16 nonce,uint256 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, _id(s.plan, s.who), terms.maxPrice, terms.start, terms.end, b.nonce, time)
        );
        ISubscriptions.Consent memory consent = _consent(s.who, structHash, true);
        vm.prank(KEEPER);
        try subscriptions.subscribeWithSignature(_plans[s.plan], terms, consent) {
            _passed(fine, this.subscribe.selector);
            ++b.nonce;
            _believeBeginning(s, terms);
        } catch {
            _require(!fine, "a signed subscription was refused");
        }
    }

    function _subscribable(
        Scene memory s,
        ISubscriptions.Terms memory terms,
        uint256 prepaid
    ) private view returns (bool) {
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint256 price = prices[s.plan];
        if (price == 0 || price > terms.maxPrice || !_isVacant(s.plan, b)) return false;
        uint256 start = terms.start > time ? terms.start : time;
        if (terms.end != 0 && terms.end <= start) return false;
        uint256 trial = b.startedAt == 0 ? _plans[s.plan].trial : 0;
        if (time < start + trial) return true;
        if (b.balance + prepaid >= price && (b.prepaid || prepaid != 0)) return true;
        return _plans[s.plan].token != address(0) && !_broke[s.who];
    }

    function _believeBeginning(Scene memory s, ISubscriptions.Terms memory terms) private {
        SubscriptionBelief storage b = _beliefs[s.plan][s.who];
        uint256 trial = b.startedAt == 0 ? _plans[s.plan].trial : 0;
        b.price = prices[s.plan];
        b.agreed = terms.maxPrice;
        b.startedAt = terms.start > time ? terms.start : time;
        b.paidFrom = b.startedAt;
        b.paidUntil = b.startedAt + trial;
        b.end = terms.end;
        b.anchorDay = _dayOf(s.plan, b.paidUntil);
        b.paused = false;
        b.paid = false;
        b.trial = trial != 0;
        if (time < b.paidUntil) {
            _paid(s, 0, 0, 0);
            return;
        }
        (, bool prepaid) = _payable(s.plan, s.who, b.price);
        _believeCharge(s.plan, b, b.price, prepaid);
        _paid(s, prepaid ? 0 : b.price, b.price, 0);
    }

    /// @dev One more period, which is whole, follows on the last one and costs no more than was agreed (S3, S4).
    function _believeCharge(uint256 plan, SubscriptionBelief storage b, uint256 price, bool prepaid) private {
        _require(price <= b.agreed && price <= prices[plan], "a charge above what was agreed");
        uint256 from = _nextFrom(plan, b);
        _require(from >= b.paidUntil, "a period began before the last one ended");
        _require(b.end == 0 || from < b.end, "a period began after the end");
        if (from != b.paidUntil) b.anchorDay = _dayOf(plan, from);
        b.price = price;
        b.paidFrom = from;
        b.paidUntil = _after(plan, from, b.anchorDay);
        b.paid = true;
        if (prepaid) b.balance -= price;
    }

    function _believeChange(uint256 plan, uint256 to, uint256 who) private {
        SubscriptionBelief storage b = _beliefs[plan][who];
        uint256 from = time;
        uint256 until;
        if (b.paid) {
            uint256 length = _after(to, time, _dayOf(to, time)) - time;
            uint256 span = b.paidUntil - b.paidFrom;
            uint256 left = b.paidUntil - time;
            until = time + (length * b.price * left) / (prices[to] * span);
            from = until - length;
            _require((until - time) * prices[to] * span <= left * b.price * length, "a change raised the worth");
        } else {
            until = b.startedAt + _plans[to].trial;
            if (until > b.paidUntil) until = b.paidUntil;
            if (until < time) until = time;
        }
        if (to != plan) _believeMove(plan, to, who);
        SubscriptionBelief storage changed = _beliefs[to][who];
        changed.price = prices[to];
        changed.paidFrom = from;
        changed.paidUntil = until;
        changed.anchorDay = _dayOf(to, until);
    }

    function _believeMove(uint256 plan, uint256 to, uint256 who) private {
        SubscriptionBelief storage b = _beliefs[plan][who];
        SubscriptionBelief storage changed = _beliefs[to][who];
        changed.startedAt = b.startedAt;
        changed.end = b.end;
        changed.paid = b.paid;
        changed.trial = b.trial;
        changed.paused = false;
        if (b.prepaid) {
            changed.balance += b.balance;
            changed.prepaid = true;
            b.balance = 0;
        }
        b.paidUntil = time;
        b.end = time;
    }

    /// @dev What the subscriber paid, and what merchant and keeper got of the price, or is kept for them (S2, S7).
    function _paid(Scene memory s, uint256 fromSubscriber, uint256 price, uint256 tip) private {
        address token = _plans[s.plan].token;
        _require(balance(token, _people[s.who]) == s.subscriber - fromSubscriber, "another amount was taken");
        _got(token, _plans[s.plan].merchant, s.merchant, price - tip);
        _got(token, KEEPER, s.keeper, tip);
    }

    function _scene(uint256 seed) private view returns (Scene memory) {
        return _look(seed % PLANS, (seed >> 32) % PEOPLE);
    }

    /// @dev Mostly a subscription that goes on, so that what is rare is tried where it can succeed.
    function _going(uint256 seed) private view returns (Scene memory) {
        for (uint256 i = 0; seed % 8 != 0 && i < PLANS * PEOPLE; ++i) {
            uint256 other = ((seed >> 8) + i) % (PLANS * PEOPLE);
            if (_isRunning(other % PLANS, _beliefs[other % PLANS][other / PLANS])) {
                return _look(other % PLANS, other / PLANS);
            }
        }
        return _scene(seed);
    }

    /// @dev Mostly a subscription that is due.
    function _ripe(uint256 seed) private view returns (Scene memory) {
        for (uint256 i = 0; seed % 8 != 0 && i < PLANS * PEOPLE; ++i) {
            uint256 other = ((seed >> 8) + i) % (PLANS * PEOPLE);
            if (_isDue(other % PLANS, _beliefs[other % PLANS][other / PLANS])) {
                return _look(other % PLANS, other / PLANS);
            }
        }
        return _scene(seed);
    }

    function _look(uint256 plan, uint256 who) private view returns (Scene memory s) {
        s.plan = plan;
        s.who = who;
        address token = _plans[s.plan].token;
        s.subscriber = balance(token, _people[s.who]);
        s.merchant = balance(token, _plans[s.plan].merchant);
        s.keeper = balance(token, KEEPER);
    }

    function _lower(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _compare(uint256 plan, uint256 who) private view {
        SubscriptionBelief storage b = _beliefs[plan][who];
        (ISubscriptions.Subscription memory state, uint96 funds) = subscriptions.subscription(
            planIds[plan],
            _people[who]
        );
        _require(state.price == b.price, "price");
        _require(state.startedAt == b.startedAt, "startedAt");
        _require(state.paidFrom == b.paidFrom, "paidFrom");
        _require(state.paidUntil == b.paidUntil, "paidUntil");
        _require(state.end == b.end, "end");
        _require(state.anchorDay == b.anchorDay, "anchorDay");
        _require(state.nonce == b.nonce, "nonce");
        _require(state.paused == b.paused && state.paid == b.paid, "paused or paid");
        _require(state.trial == b.trial && state.prepaid == b.prepaid, "trial or prepaid");
        _require(funds == b.balance, "balance");
        _require(subscriptions.isActive(_people[who], planIds[plan]) == _isActive(plan, b), "isActive");
    }
}
