// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { PlainToken } from "./PlainToken.sol";

/// @notice Balances are shares times an index that anyone may set, in steps of a thousandth. Tests only.
contract RebasingToken is PlainToken {
    uint256 public index = 1000;

    function setIndex(uint256 newIndex) external {
        index = newIndex;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * index) / 1000;
    }

    /// @dev The underlying ERC-20 counts shares; rounding down is what makes such tokens deliver a unit less.
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, from == address(0) ? value : (value * 1000) / index);
    }
}
