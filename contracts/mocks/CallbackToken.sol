// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { PlainToken } from "./PlainToken.sol";

/// @notice Calls out on every transfer, as ERC-777 does, with whatever call it was told. Tests only.
contract CallbackToken is PlainToken {
    address public callee;
    bytes public data;
    bool public beforeMove;

    uint256 public calls;
    bool public lastSucceeded;
    bytes public lastReturned;

    bool private _inside;

    /// @param before whether to call before the balances change (a sender's hook) or after (a recipient's hook)
    function setCallback(address newCallee, bytes calldata newData, bool before) external {
        callee = newCallee;
        data = newData;
        beforeMove = before;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (beforeMove) _callOut();
        super._update(from, to, value);
        if (!beforeMove) _callOut();
    }

    function _callOut() private {
        if (_inside || callee == address(0)) return;
        _inside = true;
        ++calls;
        // solhint-disable-next-line avoid-low-level-calls
        (lastSucceeded, lastReturned) = callee.call(data);
        _inside = false;
    }
}
