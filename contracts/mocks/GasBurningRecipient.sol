// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Relay } from "./Relay.sol";

/// @notice Burns gas when paid in the native coin: all it is given or, once told, so much and no more. Tests only.
contract GasBurningRecipient is Relay {
    uint256 public appetite = type(uint256).max;

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        uint256 start = gasleft();
        if (start < appetite) {
            assembly {
                invalid()
            }
        }
        uint256 spent;
        while (spent < appetite) spent = start - gasleft();
    }

    function setAppetite(uint256 newAppetite) external {
        appetite = newAppetite;
    }
}
