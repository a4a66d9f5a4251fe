// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Address } from "@openzeppelin/contracts/utils/Address.sol";

/// @title Paying out
/// @dev A payment that fails reverts. Callers therefore never pay two strangers in the only path one of them has.
library Payouts {
    using SafeERC20 for IERC20;

    /// @notice Sends `amount` base units of `token` (zero: the native coin) to `to`; zero sends nothing.
    function pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (token == address(0)) {
            Address.sendValue(payable(to), amount);
        } else {
            IERC20(token).safeTransfer(to, amount);
        }
    }
}
