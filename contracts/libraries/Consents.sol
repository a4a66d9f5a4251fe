// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a subscriber signs
/// @dev Each function gives the EIP-712 struct hash. An id names chain, contract, plan and subscriber, and the nonce goes
/// up with every signature used, so that none serves twice or elsewhere.
library Consents {
    bytes32 private constant SUBSCRIBE_TYPEHASH = keccak256(
        "Subscribe(bytes32 subscriptionId,uint96 maxPrice,uint32 start,uint32 end,uint16 nonce,uint256 deadline)"
    );
    bytes32 private constant REQUEST_TYPEHASH = keccak256(
        "Request(string action,bytes32 subscriptionId,uint16 nonce,uint256 deadline)"
    );
    bytes32 private constant CHANGE_PLAN_TYPEHASH = keccak256(
        "ChangePlan(bytes32 subscriptionId,bytes32 newPlanId,uint96 maxPrice,uint16 nonce,uint256 deadline)"
    );
    bytes32 private constant WITHDRAW_TYPEHASH = keccak256(
        "Withdraw(bytes32 subscriptionId,address to,uint96 amount,uint16 nonce,uint256 deadline)"
    );

    bytes32 internal constant PAUSE = keccak256("pause");
    bytes32 internal constant RESUME = keccak256("resume");
    bytes32 internal constant CANCEL = keccak256("cancel");

    function subscribe(
        bytes32 id,
        uint96 maxPrice,
        uint32 start,
        uint32 end,
        uint16 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(SUBSCRIBE_TYPEHASH, id, maxPrice, start, end, nonce, deadline));
    }

    /// @param action the hash of the action's name
    function request(bytes32 action, bytes32 id, uint16 nonce, uint256 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(REQUEST_TYPEHASH, action, id, nonce, deadline));
    }

    function changePlan(
        bytes32 id,
        bytes32 newPlanId,
        uint96 maxPrice,
        uint16 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHANGE_PLAN_TYPEHASH, id, newPlanId, maxPrice, nonce, deadline));
    }

    function withdraw(
        bytes32 id,
        address to,
        uint96 amount,
        uint16 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAW_TYPEHASH, id, to, amount, nonce, deadline));
    }
}
