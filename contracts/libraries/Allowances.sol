// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IAllowances } from "../interfaces/IAllowances.sol";
import { IOwed } from "../interfaces/IOwed.sol";
import { IPermit2Allowance } from "../interfaces/external/IPermit2Allowance.sol";
import { Funding } from "./Funding.sol";

/// @title Pulling payments that were allowed in advance
/// @dev Callers must hold a reentrancy guard, as for `Funding`.
abstract contract Allowances is IAllowances {
    using SafeERC20 for IERC20;

    /// @dev Enough for two transfers of a token behind a proxy with a blacklist, by way of Permit2.
    uint256 private constant PULL_GAS = 300_000;

    /// @dev A call gets at most 63/64 of what is left.
    uint256 private constant GAS_NEEDED = PULL_GAS + PULL_GAS / 63 + 30_000;

    /// @inheritdoc IAllowances
    function approveWithPermit(
        address token,
        address owner,
        uint256 value,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Funding.permit(token, owner, value, deadline, signature);
    }

    /// @inheritdoc IAllowances
    function approveWithPermit2(
        address owner,
        IPermit2Allowance.PermitSingle calldata permit,
        bytes calldata signature
    ) external {
        // solhint-disable-next-line no-empty-blocks
        try _permit2().permit(owner, permit, signature) {} catch {}
    }

    /// @inheritdoc IAllowances
    function pull(address token, address from, address to, uint256 amount, address keeper, uint256 tip) external {
        if (msg.sender != address(this)) revert CallerIsNotSelf(msg.sender);
        uint256 balanceBefore = IERC20(token).balanceOf(to);
        _move(token, from, to, amount);
        uint256 received = IERC20(token).balanceOf(to) - balanceBefore;
        if (received != amount) revert Funding.AmountNotReceived(token, received, amount);
        if (tip != 0) _move(token, from, keeper, tip);
    }

    /// @notice Pulls, or changes nothing when that fails for whatever reason.
    /// @dev With bounded gas, so that no payer can spend that of the others, and only when that much is left, so that
    /// nobody can make a good payment fail by sending little.
    function _tryPull(
        address token,
        address from,
        address to,
        uint256 amount,
        address keeper,
        uint256 tip
    ) internal returns (bool) {
        if (gasleft() < GAS_NEEDED) revert IOwed.GasTooLow(gasleft(), GAS_NEEDED);
        try this.pull{ gas: PULL_GAS }(token, from, to, amount, keeper, tip) {
            return true;
        } catch {
            return false;
        }
    }

    /// @return allowed base units that `_tryPull` may take from `from` at most
    function _allowance(address token, address from) internal view returns (uint256 allowed) {
        allowed = IERC20(token).allowance(from, address(this));
        if (address(_permit2()).code.length == 0) return allowed;
        (uint160 amount, uint48 expiration, ) = _permit2().allowance(from, token, address(this));
        if (amount > allowed && block.timestamp <= expiration) allowed = amount;
    }

    function _move(address token, address from, address to, uint256 amount) private {
        if (IERC20(token).trySafeTransferFrom(from, to, amount)) return;
        _permit2().transferFrom(from, to, SafeCast.toUint160(amount), token);
    }

    function _permit2() private pure returns (IPermit2Allowance) {
        return IPermit2Allowance(address(Funding.PERMIT2));
    }
}
