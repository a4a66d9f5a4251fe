// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { StorageSlot } from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @notice The whole state of a channel in one storage word, which stands at the slot that the channel's id names.
///
/// An id is the hash of 352 bytes, so it meets neither another channel's slot nor the few low ones a contract has.
///
/// | bits    | field            | meaning                                                         |
/// |---------|------------------|-----------------------------------------------------------------|
/// | 0–95    | deposited        | base units ever deposited                                       |
/// | 96–191  | claimed          | base units that ever went to the payee                          |
/// | 192–223 | openedAt         | second of the first deposit; zero: never opened                 |
/// | 224–255 | closeRequestedAt | second of the payer's request; zero: none; all ones: closed     |
type ChannelSlot is uint256;

using ChannelSlots for ChannelSlot global;

/// @title Reading and writing a channel's storage word
library ChannelSlots {
    /// @dev The tombstone. The clock reaches this value in 2106; from then on nothing can be opened and no close be
    /// requested, so a time is never mistaken for it.
    uint32 private constant CLOSED = type(uint32).max;

    /// @notice Times no longer fit their 32 bits.
    error ClockExhausted(uint256 currentTime, uint256 end);

    uint256 private constant CLAIMED = 96;
    uint256 private constant OPENED_AT = 192;
    uint256 private constant CLOSE_REQUESTED_AT = 224;

    function load(bytes32 id) internal view returns (ChannelSlot) {
        return ChannelSlot.wrap(StorageSlot.getUint256Slot(id).value);
    }

    function store(ChannelSlot slot, bytes32 id) internal {
        StorageSlot.getUint256Slot(id).value = ChannelSlot.unwrap(slot);
    }

    function deposited(ChannelSlot slot) internal pure returns (uint96) {
        return uint96(ChannelSlot.unwrap(slot));
    }

    function claimed(ChannelSlot slot) internal pure returns (uint96) {
        return uint96(ChannelSlot.unwrap(slot) >> CLAIMED);
    }

    function openedAt(ChannelSlot slot) internal pure returns (uint32) {
        return uint32(ChannelSlot.unwrap(slot) >> OPENED_AT);
    }

    /// @return the second of the pending request, zero when there is none or the channel is closed
    function closeRequestedAt(ChannelSlot slot) internal pure returns (uint32) {
        uint32 value = uint32(ChannelSlot.unwrap(slot) >> CLOSE_REQUESTED_AT);
        return value == CLOSED ? 0 : value;
    }

    /// @notice Whether the channel was ever funded, be it closed by now. Since then its word has never been zero.
    function isOpened(ChannelSlot slot) internal pure returns (bool) {
        return ChannelSlot.unwrap(slot) != 0;
    }

    function isClosed(ChannelSlot slot) internal pure returns (bool) {
        return ChannelSlot.unwrap(slot) >> CLOSE_REQUESTED_AT == CLOSED;
    }

    /// @notice The slot of a channel opened now with a first deposit.
    function open(uint96 amount) internal view returns (ChannelSlot) {
        return ChannelSlot.wrap((_now() << OPENED_AT) | amount);
    }

    function withDeposited(ChannelSlot slot, uint96 amount) internal pure returns (ChannelSlot) {
        return ChannelSlot.wrap((ChannelSlot.unwrap(slot) & ~uint256(type(uint96).max)) | amount);
    }

    function withClaimed(ChannelSlot slot, uint96 amount) internal pure returns (ChannelSlot) {
        uint256 mask = uint256(type(uint96).max) << CLAIMED;
        return ChannelSlot.wrap((ChannelSlot.unwrap(slot) & ~mask) | (uint256(amount) << CLAIMED));
    }

    /// @notice The slot of an open channel whose payer asks now to close.
    function withCloseRequested(ChannelSlot slot) internal view returns (ChannelSlot) {
        return ChannelSlot.wrap(ChannelSlot.unwrap(slot) | (_now() << CLOSE_REQUESTED_AT));
    }

    function withClosed(ChannelSlot slot) internal pure returns (ChannelSlot) {
        return ChannelSlot.wrap(ChannelSlot.unwrap(slot) | (uint256(CLOSED) << CLOSE_REQUESTED_AT));
    }

    /// @dev Never the tombstone, which the clock reaches in 2106.
    function _now() private view returns (uint256) {
        if (block.timestamp >= CLOSED) revert ClockExhausted(block.timestamp, CLOSED);
        return block.timestamp;
    }
}
