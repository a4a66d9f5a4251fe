// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { PlainToken } from "./PlainToken.sol";

/// @notice Takes ten more from the recipient than it brings, so that the recipient's balance falls. Tests only.
contract LeavingToken is PlainToken {
    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        super.transferFrom(from, to, value);
        _burn(to, value + 10);
        return true;
    }
}
