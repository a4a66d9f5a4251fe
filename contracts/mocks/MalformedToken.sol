// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { PlainToken } from "./PlainToken.sol";

/// @notice Moves money like any token but answers as it was told, with bytes of any length. Tests only.
contract MalformedToken is PlainToken {
    bytes public transferAnswer = abi.encode(true);
    bytes public balanceAnswer;
    bool public answersBalance;
    bool public moves = true;

    function setTransferAnswer(bytes calldata answer, bool moving) external {
        transferAnswer = answer;
        moves = moving;
    }

    function setBalanceAnswer(bytes calldata answer) external {
        balanceAnswer = answer;
        answersBalance = true;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (moves) super.transfer(to, value);
        _answer(transferAnswer);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (moves) super.transferFrom(from, to, value);
        _answer(transferAnswer);
    }

    function balanceOf(address account) public view override returns (uint256) {
        if (!answersBalance) return super.balanceOf(account);
        _answer(balanceAnswer);
    }

    function _answer(bytes memory answer) private pure {
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
