// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { Relay } from "./Relay.sol";

/// @notice Calls back whenever it is paid or asked about a signature, calls any signature its own, and may refuse to be
/// paid. Tests only.
contract HostileWallet is IERC1271, Relay {
    address public callee;
    bytes public data;

    uint256 public calls;
    bool public lastSucceeded;
    bytes public lastReturned;

    bool public refusing;

    error ReentrySucceeded();
    error Refused();

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        if (refusing) revert Refused();
        if (callee == address(0)) return;
        ++calls;
        // solhint-disable-next-line avoid-low-level-calls
        (lastSucceeded, lastReturned) = callee.call(data);
    }

    function setCallback(address newCallee, bytes calldata newData) external {
        callee = newCallee;
        data = newData;
    }

    function setRefusing(bool newRefusing) external {
        refusing = newRefusing;
    }

    /// @dev Asked by a static call, so a call that got through could only have been a view.
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (callee != address(0)) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, ) = callee.staticcall(data);
            if (success) revert ReentrySucceeded();
        }
        return IERC1271.isValidSignature.selector;
    }
}
