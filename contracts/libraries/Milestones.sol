// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title An amount cut into up to sixteen milestones
/// @notice One word holds sixteen weights of 16 bits, the first one leftmost. A milestone ends at the share of the amount
/// that the weights up to its own have of all weights; one of weight zero is empty.
library Milestones {
    uint256 private constant COUNT = 16;

    /// @notice The milestone that goes on where `done` ends.
    /// @param weights the sixteen weights, not all zero
    /// @param amount what they cut up
    /// @param done how much of it is done, less than `amount`
    /// @return index the number of the milestone, from zero
    /// @return end where it ends, more than `done`
    function current(bytes32 weights, uint96 amount, uint256 done) internal pure returns (uint256 index, uint256 end) {
        uint256 total;
        for (uint256 i = 0; i < COUNT; ++i) {
            total += _weight(weights, i);
        }
        uint256 sum = _weight(weights, 0);
        end = (amount * sum) / total;
        // Ends with the last milestone at the latest, whose end is the amount.
        while (end <= done) {
            ++index;
            sum += _weight(weights, index);
            end = (amount * sum) / total;
        }
    }

    function _weight(bytes32 weights, uint256 index) private pure returns (uint256) {
        return uint16(bytes2(weights << (16 * index)));
    }
}
