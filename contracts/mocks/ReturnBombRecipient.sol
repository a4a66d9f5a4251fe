// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Relay } from "./Relay.sol";

/// @notice Accepts the native coin and answers with very many bytes, which are dear to copy. Tests only.
contract ReturnBombRecipient is Relay {
    receive() external payable {
        assembly {
            return(0, 0x10000)
        }
    }
}
