// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IOwed } from "../interfaces/IOwed.sol";
import { Payouts } from "./Payouts.sol";

/// @title Paying without depending on the recipient
/// @dev Inherited by products that pay more than one party in a call, each under the reentrancy guard.
abstract contract Owed is IOwed, ReentrancyGuardTransient {
    /// @dev Enough for a token behind a proxy with a blacklist, or for a smart account that logs what it receives; a
    /// recipient that wants more takes the money out itself.
    uint256 private constant PAYMENT_GAS = 150_000;

    /// @dev A call gets at most 63/64 of what is left. Beyond that: reaching the recipient, and keeping the amount after
    /// all, which is a new storage word and an event.
    uint256 private constant GAS_NEEDED = PAYMENT_GAS + PAYMENT_GAS / 63 + 45_000;

    mapping(address account => mapping(address token => uint256)) private _owed;

    /// @inheritdoc IOwed
    function withdrawOwed(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert DestinationIsZero();
        amount = _owed[msg.sender][token];
        if (amount == 0) revert NothingOwed(msg.sender, token);
        delete _owed[msg.sender][token];
        emit OwedWithdrawn(msg.sender, token, to, amount);
        Payouts.pay(token, to, amount);
    }

    /// @inheritdoc IOwed
    function owed(address account, address token) external view returns (uint256) {
        return _owed[account][token];
    }

    /// @notice Pays, or keeps the amount for the recipient when that fails. Zero sends nothing.
    function _payOrKeep(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (gasleft() < GAS_NEEDED) revert GasTooLow(gasleft(), GAS_NEEDED);
        bool paid =
            token == address(0)
                ? _call(to, amount, "")
                : _call(token, 0, abi.encodeCall(IERC20.transfer, (to, amount)));
        if (paid) return;
        // Every caller holds the guard.
        // solhint-disable-next-line reentrancy
        _owed[to][token] += amount;
        emit PaymentKept(to, token, amount);
    }

    /// @dev With bounded gas and without copying what comes back beyond a word, which no high-level call offers: a
    /// recipient can spend no more than it is given. A token, which is called with data, must have code and return
    /// nothing or one; a recipient of the native coin may return what it likes.
    function _call(address target, uint256 value, bytes memory data) private returns (bool success) {
        uint256 gasLimit = PAYMENT_GAS;
        assembly ("memory-safe") {
            success := call(gasLimit, target, value, add(data, 0x20), mload(data), 0x00, 0x20)
            if mload(data) {
                let silent := and(iszero(returndatasize()), gt(extcodesize(target), 0))
                let agreed := and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))
                success := and(success, or(silent, agreed))
            }
        }
    }
}
