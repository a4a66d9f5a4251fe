// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IPermit2Allowance } from "./external/IPermit2Allowance.sol";

/// @title Money that is pulled later
/// @notice An allowance of the token to this contract, or one that Permit2 keeps, lets a product take each payment when it
/// is due. Both can be granted by signature, in the same `multicall` as what needs them.
interface IAllowances {
    /// @notice Only the contract itself may pull, inside an action that decided to.
    error CallerIsNotSelf(address caller);

    /// @notice Grants an ERC-20 allowance by an EIP-2612 permit. Anyone may call.
    /// @dev A permit that somebody used already is not an error: what counts is the allowance it gave.
    /// @param signature 64 or 65 bytes of ECDSA, or anything that the token's overload for contract wallets takes
    function approveWithPermit(
        address token,
        address owner,
        uint256 value,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Grants an allowance in Permit2 by the owner's signature. Anyone may call.
    /// @dev A permit that somebody used already is not an error.
    function approveWithPermit2(
        address owner,
        IPermit2Allowance.PermitSingle calldata permit,
        bytes calldata signature
    ) external;

    /// @notice Moves exactly `amount` from `from` to `to` and `tip` to `keeper`, or reverts. This contract only.
    /// @dev A call of its own so that a payment that fails is undone as a whole and stops no other.
    function pull(address token, address from, address to, uint256 amount, address keeper, uint256 tip) external;
}
