// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Money that could not be delivered
/// @notice A recipient that reverts, burns gas or is blacklisted blocks nobody: what it was to receive is kept for it, and
/// it takes the money out to a destination of its choice.
interface IOwed {
    /// @notice A payment of `amount` to `account` failed and is kept for it.
    event PaymentKept(address indexed account, address indexed token, uint256 amount);

    /// @notice `account` took `amount` out to `to`.
    event OwedWithdrawn(address indexed account, address indexed token, address to, uint256 amount);

    /// @notice Nothing is kept for `account` in this token.
    error NothingOwed(address account, address token);

    /// @notice The destination is zero.
    error DestinationIsZero();

    /// @notice Too little gas is left to attempt a payment; a transaction with more of it succeeds.
    /// @dev Else whoever submits could make a good payment fail by sending little gas.
    error GasTooLow(uint256 left, uint256 needed);

    /// @notice Sends everything kept for the caller in `token` (zero: the native coin) to `to`.
    /// @return amount the base units sent
    function withdrawOwed(address token, address to) external returns (uint256 amount);

    /// @notice The base units kept for `account` in `token`.
    function owed(address account, address token) external view returns (uint256);
}
