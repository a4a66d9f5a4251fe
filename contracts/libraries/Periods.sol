// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ISubscriptions } from "../interfaces/ISubscriptions.sol";
import { Calendar } from "./Calendar.sol";

/// @title When a subscription is due, active and over
/// @dev Reads no storage and takes the time as an argument.
library Periods {
    using SafeCast for uint256;

    uint256 private constant LONGEST_LEAD = 1 days;

    /// @notice `keccak256(abi.encode(block.chainid, address(this), plan))`.
    /// @dev Copies the terms unchecked, over memory beyond the free pointer: terms with dirty bits hash to an id that was
    /// never created, because creating a plan refuses them.
    function planId(ISubscriptions.Plan calldata plan) internal view returns (bytes32 id) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, chainid())
            mstore(add(words, 0x20), address())
            calldatacopy(add(words, 0x40), plan, 0x120)
            id := keccak256(words, 0x160)
        }
    }

    /// @notice The second at which a period that begins at `from` ends.
    function next(ISubscriptions.Plan calldata plan, uint256 from, uint256 day) internal pure returns (uint32) {
        if (plan.unit == ISubscriptions.PeriodUnit.Second) return (from + plan.period).toUint32();
        return Calendar.addMonths(from, plan.period, day).toUint32();
    }

    /// @notice The day of the month on which periods begin that are counted from `time`; zero when they count seconds.
    function anchorDay(ISubscriptions.Plan calldata plan, uint256 time) internal pure returns (uint8) {
        // A day of a month fits.
        return plan.unit == ISubscriptions.PeriodUnit.Second ? 0 : uint8(Calendar.dayOfMonth(time));
    }

    /// @notice The first second at which the next period may be charged.
    function opensAt(ISubscriptions.Subscription memory s) internal pure returns (uint256) {
        if (!s.paid) return s.paidUntil;
        uint256 lead = (s.paidUntil - s.paidFrom) / 10;
        return s.paidUntil - (lead < LONGEST_LEAD ? lead : LONGEST_LEAD);
    }

    /// @notice The second at which a period charged now begins: no gap while the subscriber had access, no payment for
    /// time when it had none.
    function nextFrom(
        ISubscriptions.Subscription memory s,
        uint256 grace,
        uint256 time
    ) internal pure returns (uint256) {
        return time < s.paidUntil + _graceOf(s, grace) ? s.paidUntil : time;
    }

    function isActive(ISubscriptions.Subscription memory s, uint256 grace, uint256 time) internal pure returns (bool) {
        if (s.startedAt == 0 || time < s.startedAt) return false;
        if (time < s.paidUntil) return true;
        return !s.paused && !isLast(s) && time < s.paidUntil + _graceOf(s, grace);
    }

    /// @notice Whether no period follows what is paid.
    function isLast(ISubscriptions.Subscription memory s) internal pure returns (bool) {
        return s.end != 0 && s.paidUntil >= s.end;
    }

    /// @notice Whether nothing is left of the subscription and nothing can follow, its own end being reached.
    function isOver(ISubscriptions.Subscription memory s, uint256 grace, uint256 time) internal pure returns (bool) {
        return s.startedAt == 0 || (s.end != 0 && time >= s.paidUntil && nextFrom(s, grace, time) >= s.end);
    }

    /// @dev Before the first payment there is grace only after a trial, which a subscriber has once: else it could start
    /// over and over.
    function _graceOf(ISubscriptions.Subscription memory s, uint256 grace) private pure returns (uint256) {
        return s.paid || s.trial ? grace : 0;
    }
}
