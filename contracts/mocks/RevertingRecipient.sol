// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Relay } from "./Relay.sol";

/// @notice Refuses the native coin unless told otherwise. Tests only.
contract RevertingRecipient is Relay {
    bool public accepting;

    error NoThanks(uint256 amount);

    receive() external payable {
        if (!accepting) revert NoThanks(msg.value);
    }

    function setAccepting(bool newAccepting) external {
        accepting = newAccepting;
    }
}
