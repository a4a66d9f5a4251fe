// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Relay } from "./Relay.sol";

/// @notice Answers `isValidSignature`, and any other call, with the bytes it was told, or reverts. Tests only.
contract AnsweringWallet is Relay {
    bytes public answer;
    bool public reverting;

    // solhint-disable-next-line no-complex-fallback
    fallback() external payable {
        bytes memory returned = answer;
        bool failing = reverting;
        assembly ("memory-safe") {
            if failing {
                revert(add(returned, 0x20), mload(returned))
            }
            return(add(returned, 0x20), mload(returned))
        }
    }

    receive() external payable {}

    function setAnswer(bytes calldata newAnswer, bool newReverting) external {
        answer = newAnswer;
        reverting = newReverting;
    }
}
