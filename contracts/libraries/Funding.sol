// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { IERC3009 } from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import { IERC20PermitBytes, IERC3009Bytes, IPermit2 } from "../interfaces/external/IFundingTokens.sol";

/// @title Taking in exactly what was promised
/// @notice Four ways to move a token into the calling contract, and one for the native coin.
/// @dev Every way measures the balance before and after, so tokens that take a fee or rebase on transfer are refused.
/// Callers must hold a reentrancy guard: a token that calls back could otherwise have one payment counted twice.
library Funding {
    using SafeERC20 for IERC20;

    /// @notice The canonical Permit2, at the same address on every chain.
    IPermit2 internal constant PERMIT2 = IPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);

    /// @notice The contract's balance did not grow by exactly the amount.
    error AmountNotReceived(address token, uint256 received, uint256 expected);

    /// @notice The token does not tell its balance: it is no ERC-20 token, or has no code on this chain.
    error BalanceUnreadable(address token);

    /// @notice The native value sent is not what the call needs; token payments need zero.
    error WrongNativeValue(uint256 sent, uint256 expected);

    /// @notice From the allowance of `from`, or from the value sent when `token` is zero.
    function take(address token, address from, uint256 amount) internal {
        if (token == address(0)) {
            if (msg.value != amount) revert WrongNativeValue(msg.value, amount);
        } else {
            if (msg.value != 0) revert WrongNativeValue(msg.value, 0);
            uint256 balanceBefore = _balance(token);
            IERC20(token).safeTransferFrom(from, address(this), amount);
            _requireReceived(token, balanceBefore, amount);
        }
    }

    /// @notice From an EIP-2612 permit of `owner`, for `amount` to this contract.
    /// @dev Anyone may have used the permit before us; what counts is the allowance it gave, so a failing permit is
    /// not an error in itself.
    function takeWithPermit(
        address token,
        address owner,
        uint256 amount,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        uint256 balanceBefore = _balance(token);
        permit(token, owner, amount, deadline, signature);
        IERC20(token).safeTransferFrom(owner, address(this), amount);
        _requireReceived(token, balanceBefore, amount);
    }

    /// @notice Uses an EIP-2612 permit of `owner` to this contract, if the token takes it.
    function permit(address token, address owner, uint256 value, uint256 deadline, bytes calldata signature) internal {
        if (_isPlainEcdsa(signature)) {
            (bytes32 r, bytes32 s, uint8 v) = _split(signature);
            // solhint-disable-next-line no-empty-blocks
            try IERC20Permit(token).permit(owner, address(this), value, deadline, v, r, s) {} catch {}
        } else {
            // solhint-disable-next-line no-empty-blocks
            try IERC20PermitBytes(token).permit(owner, address(this), value, deadline, signature) {} catch {}
        }
    }

    /// @notice From an EIP-3009 authorization of `from`. Only `receiveWithAuthorization`, which nobody else can submit.
    function takeWithAuthorization(
        address token,
        address from,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) internal {
        uint256 balanceBefore = _balance(token);
        if (_isPlainEcdsa(signature)) {
            (bytes32 r, bytes32 s, uint8 v) = _split(signature);
            IERC3009(token).receiveWithAuthorization(
                from,
                address(this),
                amount,
                validAfter,
                validBefore,
                nonce,
                v,
                r,
                s
            );
        } else {
            IERC3009Bytes(token).receiveWithAuthorization(
                from,
                address(this),
                amount,
                validAfter,
                validBefore,
                nonce,
                signature
            );
        }
        _requireReceived(token, balanceBefore, amount);
    }

    /// @notice From a Permit2 signature of `from`, bound to `witness`.
    function takeWithPermit2(
        address token,
        address from,
        uint256 amount,
        uint256 nonce,
        uint256 deadline,
        bytes32 witness,
        string memory witnessTypeString,
        bytes calldata signature
    ) internal {
        uint256 balanceBefore = _balance(token);
        PERMIT2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom({
                permitted: IPermit2.TokenPermissions({ token: token, amount: amount }),
                nonce: nonce,
                deadline: deadline
            }),
            IPermit2.SignatureTransferDetails({ to: address(this), requestedAmount: amount }),
            from,
            witness,
            witnessTypeString,
            signature
        );
        _requireReceived(token, balanceBefore, amount);
    }

    function _requireReceived(address token, uint256 balanceBefore, uint256 amount) private view {
        uint256 balanceAfter = _balance(token);
        uint256 received = balanceAfter > balanceBefore ? balanceAfter - balanceBefore : 0;
        if (received != amount) revert AmountNotReceived(token, received, amount);
    }

    /// @dev Read twice on every deposit, hence without the memory that a high-level call allocates.
    function _balance(address token) private view returns (uint256 held) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool read;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            read := and(gt(returndatasize(), 0x1f), staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20))
            held := mload(0x00)
        }
        if (!read) revert BalanceUnreadable(token);
    }

    function _isPlainEcdsa(bytes calldata signature) private pure returns (bool) {
        return signature.length == 65 || signature.length == 64;
    }

    function _split(bytes calldata signature) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        r = bytes32(signature);
        s = bytes32(signature[32:]);
        if (signature.length == 65) return (r, s, uint8(signature[64]));
        // EIP-2098: the parity sits in the top bit of s.
        v = uint8(uint256(s) >> 255) + 27;
        s = s & bytes32(uint256(type(int256).max));
    }
}
