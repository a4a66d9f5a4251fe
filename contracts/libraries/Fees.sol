// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Fees that no splitting rounds away
/// @dev What a division leaves over is carried to the next one, so the fees of many payments are to the base unit the fee
/// of their sum.
library Fees {
    /// @notice The whole, in ten-thousandths.
    uint16 internal constant WHOLE = 10_000;

    /// @notice The fee on `amount`, and what is carried on.
    /// @param amount base units
    /// @param bps the rate in ten-thousandths, at most `WHOLE`
    /// @param remainder what the last call left over, in ten-thousandths of a base unit; zero at first
    /// @return fee base units, at most `amount`
    /// @return left what the next call is to be given
    function accrue(uint96 amount, uint16 bps, uint16 remainder) internal pure returns (uint96 fee, uint16 left) {
        uint256 due = uint256(amount) * bps + remainder;
        return (uint96(due / WHOLE), uint16(due % WHOLE));
    }
}
