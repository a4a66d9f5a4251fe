// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Funding } from "./Funding.sol";

/// @title One argument for every way of paying
/// @notice A call that takes money in has one `bytes payment` instead of four siblings. It says who is debited and how:
///
/// | way               | bytes                                                                                     |
/// |-------------------|-------------------------------------------------------------------------------------------|
/// | allowance, native | empty: the caller's allowance, or the value sent when the token is zero                   |
/// | EIP-2612          | `01 ‖ deadline(32) ‖ signature`: the caller's permit                                      |
/// | EIP-3009          | `02 ‖ from(20) ‖ validAfter(32) ‖ validBefore(32) ‖ salt(32) ‖ signature`; anyone submits |
/// | Permit2           | `03 ‖ from(20) ‖ nonce(32) ‖ deadline(32) ‖ signature`; anyone submits                    |
///
/// @dev What a signature pays for is its `purpose`, a hash that the product makes of everything the payer agrees to.
/// An EIP-3009 nonce is `keccak256(purpose ‖ salt)`; a Permit2 witness is `Payment(bytes32 purpose)`. Chain, token and
/// this contract are bound by the token and by Permit2 themselves.
library Payments {
    bytes1 private constant PERMIT = 0x01;
    bytes1 private constant AUTHORIZATION = 0x02;
    bytes1 private constant PERMIT2 = 0x03;

    bytes32 internal constant WITNESS_TYPEHASH = keccak256("Payment(bytes32 purpose)");

    /// @dev What Permit2 appends to its own type.
    string internal constant WITNESS_TYPE_STRING =
        "Payment witness)Payment(bytes32 purpose)TokenPermissions(address token,uint256 amount)";

    /// @notice The first byte names no way of paying, the rest is too short for it, or the token is the native coin.
    error UnknownPayment(address token, bytes payment);

    /// @notice Who a payment debits.
    /// @dev Products whose terms name the payer compare; the money itself is refused by the token when the signature is
    /// not this account's.
    function payer(bytes calldata payment) internal view returns (address) {
        if (payment.length < 21 || payment[0] == PERMIT) return msg.sender;
        return address(bytes20(payment[1:21]));
    }

    /// @notice Takes exactly `amount` of `token` (zero: the native coin) into this contract.
    /// @dev Callers must hold a reentrancy guard, as for `Funding`.
    function take(address token, uint256 amount, bytes32 purpose, bytes calldata payment) internal {
        if (payment.length == 0) return Funding.take(token, msg.sender, amount);
        if (msg.value != 0) revert Funding.WrongNativeValue(msg.value, 0);
        bytes1 way = payment[0];
        if (token == address(0)) revert UnknownPayment(token, payment);
        if (way == PERMIT && payment.length > 33) {
            Funding.takeWithPermit(token, msg.sender, amount, _word(payment, 1), payment[33:]);
        } else if (way == AUTHORIZATION && payment.length > 117) {
            Funding.takeWithAuthorization(
                token,
                payer(payment),
                amount,
                _word(payment, 21),
                _word(payment, 53),
                keccak256(abi.encode(purpose, _word(payment, 85))),
                payment[117:]
            );
        } else if (way == PERMIT2 && payment.length > 85) {
            Funding.takeWithPermit2(
                token,
                payer(payment),
                amount,
                _word(payment, 21),
                _word(payment, 53),
                keccak256(abi.encode(WITNESS_TYPEHASH, purpose)),
                WITNESS_TYPE_STRING,
                payment[85:]
            );
        } else {
            revert UnknownPayment(token, payment);
        }
    }

    function _word(bytes calldata payment, uint256 offset) private pure returns (uint256) {
        return uint256(bytes32(payment[offset:offset + 32]));
    }
}
