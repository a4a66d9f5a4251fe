// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Relay } from "./Relay.sol";

/// @notice Burns all gas it is given when paid in the native coin. Tests only.
contract GasBurningRecipient is Relay {
    receive() external payable {
        assembly {
            invalid()
        }
    }
}
