// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ISubscriptions } from "../../../contracts/interfaces/ISubscriptions.sol";
import { Calendar } from "../../../contracts/libraries/Calendar.sol";
import { Ground } from "./Ground.sol";
import { deploy, vm } from "./Vm.sol";

/// @notice What must be true of one subscription, kept without looking at the contract.
struct SubscriptionBelief {
    uint256 price;
    uint256 startedAt;
    uint256 paidFrom;
    uint256 paidUntil;
    uint256 end;
    uint256 anchorDay;
    uint256 nonce;
    bool paused;
    bool paid;
    bool trial;
    bool prepaid;
    uint256 balance;
    /// The highest price its subscriber agreed to last.
    uint256 agreed;
}

/// @title The people, tokens, plans and subscriptions of the invariant tests, and what is believed of them
/// @dev Five plans over a plain token, a re-entrant token and the native coin, in seconds and in months, with and without
/// trial; a hostile merchant for the native coin; three subscribers, one of them a hostile wallet. The rules are written
/// down here a second time, from the page; only the calendar is the contract's, and compared with JavaScript's elsewhere.
abstract contract SubscriptionModel is Ground {
    uint256 internal constant PLANS = 5;
    uint256 internal constant PEOPLE = 3;
    uint256 internal constant OTHER_KEY = 0xbad;
    address internal constant MERCHANT = address(0x3e4c);
    address internal constant KEEPER = address(0x4ee9e4);

    ISubscriptions public immutable subscriptions;

    ISubscriptions.Plan[PLANS] internal _plans;
    bytes32[PLANS] public planIds;
    /// @dev The price of each plan now; zero: not created.
    uint256[PLANS] public prices;

    uint256[2] internal _keys = [0x51, 0x52];
    address[PEOPLE] internal _people;
    bool[PEOPLE] internal _broke;
    SubscriptionBelief[PEOPLE][PLANS] internal _beliefs;

    constructor() {
        subscriptions = ISubscriptions(deploy("Subscriptions.sol:Subscriptions"));
        _people = [vm.addr(_keys[0]), vm.addr(_keys[1]), address(hostile)];
        _plans[0] = _plan(MERCHANT, address(plain), 10 days, 3 days, 2 days);
        _plans[1] = _plan(MERCHANT, address(plain), 4 days, 0, 4 days);
        _plans[2] = _plan(MERCHANT, address(evil), 7 days, 0, 0);
        _plans[3] = _plan(address(spiteful), address(0), 5 days, 1 days, 1 days);
        _plans[4] = _plan(MERCHANT, address(plain), 1, 2 days, 3 days);
        _plans[4].unit = ISubscriptions.PeriodUnit.Month;
        for (uint256 i = 0; i < PLANS; ++i) {
            planIds[i] = subscriptions.planId(_plans[i]);
        }
        for (uint256 i = 0; i < PEOPLE; ++i) {
            _stock(_people[i]);
        }
        _stock(address(this));
        _stock(MERCHANT);
        _stock(KEEPER);
    }

    function belief(uint256 plan, uint256 who) external view returns (SubscriptionBelief memory) {
        return _beliefs[plan][who];
    }

    function _contract() internal view override returns (address) {
        return address(subscriptions);
    }

    function _graceOf(uint256 plan, SubscriptionBelief storage b) internal view returns (uint256) {
        return b.paid || b.trial ? _plans[plan].grace : 0;
    }

    /// @dev Where the next period begins: where the last one ended while there was access, else now.
    function _nextFrom(uint256 plan, SubscriptionBelief storage b) internal view returns (uint256) {
        return time < b.paidUntil + _graceOf(plan, b) ? b.paidUntil : time;
    }

    function _after(uint256 plan, uint256 from, uint256 day) internal view returns (uint256) {
        if (_plans[plan].unit == ISubscriptions.PeriodUnit.Second) return from + _plans[plan].period;
        return Calendar.addMonths(from, _plans[plan].period, day);
    }

    function _dayOf(uint256 plan, uint256 at) internal view returns (uint256) {
        return _plans[plan].unit == ISubscriptions.PeriodUnit.Second ? 0 : Calendar.dayOfMonth(at);
    }

    function _lapsed(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        return time >= _after(plan, b.paidUntil, b.anchorDay);
    }

    function _isLast(SubscriptionBelief storage b) internal view returns (bool) {
        return b.end != 0 && b.paidUntil >= b.end;
    }

    function _isOver(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        if (b.startedAt == 0) return true;
        return b.end != 0 && time >= b.paidUntil && _nextFrom(plan, b) >= b.end;
    }

    function _isRunning(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        return !_isLast(b) && !_isOver(plan, b);
    }

    function _isVacant(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        return _isOver(plan, b) || (!b.paused && _lapsed(plan, b));
    }

    /// @dev Whether the clock allows a charge (S4, S5).
    function _isDue(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        if (b.startedAt == 0 || b.paused) return false;
        uint256 from = _nextFrom(plan, b);
        if (b.end != 0 && from >= b.end) return false;
        uint256 opensAt = b.paidUntil;
        if (b.paid) {
            uint256 lead = (b.paidUntil - b.paidFrom) / 10;
            opensAt -= lead < 1 days ? lead : 1 days;
        }
        return time >= opensAt && (from == b.paidUntil || !_lapsed(plan, b));
    }

    function _isActive(uint256 plan, SubscriptionBelief storage b) internal view returns (bool) {
        if (b.startedAt == 0 || time < b.startedAt) return false;
        if (time < b.paidUntil) return true;
        return !b.paused && !_isLast(b) && time < b.paidUntil + _graceOf(plan, b);
    }

    /// @dev Whether `price` can be paid, and whether out of the prepaid balance.
    function _payable(uint256 plan, uint256 who, uint256 price) internal view returns (bool can, bool prepaid) {
        SubscriptionBelief storage b = _beliefs[plan][who];
        if (b.prepaid && b.balance >= price) return (true, true);
        return (_plans[plan].token != address(0) && !_broke[who], false);
    }

    /// @dev A subscriber's signature; of the hostile wallet, which takes anything, any.
    function _consent(
        uint256 who,
        bytes32 structHash,
        bool bySignature
    ) internal view returns (ISubscriptions.Consent memory consent) {
        if (!bySignature) return consent;
        consent.deadline = time;
        consent.signature = _sign(_keys[who % 2], _typed("Sluice Subscriptions", structHash));
    }

    function _requestHash(
        string memory action,
        uint256 plan,
        uint256 who,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Request(string action,bytes32 subscriptionId,uint16 nonce,uint256 deadline)");
        return keccak256(abi.encode(typeHash, keccak256(bytes(action)), _id(plan, who), nonce, time));
    }

    function _id(uint256 plan, uint256 who) internal view returns (bytes32) {
        return keccak256(abi.encode(planIds[plan], _people[who]));
    }

    function _plan(
        address merchant,
        address token,
        uint32 period,
        uint32 trial,
        uint32 grace
    ) private pure returns (ISubscriptions.Plan memory) {
        return
            ISubscriptions.Plan({
                merchant: merchant,
                token: token,
                price: 1_000,
                tip: 10,
                unit: ISubscriptions.PeriodUnit.Second,
                period: period,
                trial: trial,
                grace: grace,
                salt: 0
            });
    }
}
