// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contract account: does what it is told and passes on what comes back. Tests only.
contract Relay {
    function relay(address target, uint256 value, bytes calldata data) external payable returns (bytes memory) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory returned) = target.call{ value: value }(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(returned, 0x20), mload(returned))
            }
        }
        return returned;
    }
}
