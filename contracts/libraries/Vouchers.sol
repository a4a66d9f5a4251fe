// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { MessageHashUtils } from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import { IStreamChannels } from "../interfaces/IStreamChannels.sol";

/// @title What is hashed and signed for a channel
/// @dev These hashes are on the path of every claim, so they are written over memory beyond the free pointer instead
/// of into fresh memory. `abi.encode` would give the same words; a test compares the two.
library Vouchers {
    bytes32 internal constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint96 cumulativeAmount)");
    bytes32 internal constant CLOSE_TYPEHASH = keccak256("Close(bytes32 channelId,uint96 capturedAmount)");
    bytes32 internal constant WITNESS_TYPEHASH = keccak256("ChannelWitness(bytes32 channelId)");

    /// @dev What Permit2 appends to its own type, so that wallets show which channel a transfer is for.
    string internal constant WITNESS_TYPE_STRING =
        "ChannelWitness witness)ChannelWitness(bytes32 channelId)TokenPermissions(address token,uint256 amount)";

    /// @notice `keccak256(abi.encode(block.chainid, address(this), channel))`.
    /// @dev Copies the terms unchecked: terms with dirty bits hash to an id that can never have been opened, because
    /// `emitOpened` refuses them.
    function channelId(IStreamChannels.Channel calldata channel) internal view returns (bytes32 id) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, chainid())
            mstore(add(words, 0x20), address())
            calldatacopy(add(words, 0x40), channel, 0x120)
            id := keccak256(words, 0x160)
        }
    }

    /// @notice The same id, put together from what a batch shares and one of its claims.
    /// @dev `signer` to `salt` are five consecutive words of both structs.
    function channelId(
        address payee,
        address operator,
        address token,
        IStreamChannels.Claim calldata item
    ) internal view returns (bytes32 id) {
        address payer = item.payer;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, chainid())
            mstore(add(words, 0x20), address())
            mstore(add(words, 0x40), payer)
            mstore(add(words, 0x60), payee)
            mstore(add(words, 0x80), operator)
            mstore(add(words, 0xa0), token)
            calldatacopy(add(words, 0xc0), add(item, 0x20), 0xa0)
            id := keccak256(words, 0x160)
        }
    }

    /// @notice Emits `ChannelOpened` with the terms as they stand in calldata.
    /// @dev Reverts, as the compiler's own checks do, when bits are set beyond a field's width.
    function emitOpened(bytes32 id, IStreamChannels.Channel calldata channel, uint96 deposited) internal {
        bytes32 topic = IStreamChannels.ChannelOpened.selector;
        address payer = channel.payer;
        address payee = channel.payee;
        assembly ("memory-safe") {
            let operatorAndToken := or(calldataload(add(channel, 0x40)), calldataload(add(channel, 0x60)))
            let rateAndBurst := or(calldataload(add(channel, 0xc0)), calldataload(add(channel, 0xe0)))
            let dirty := or(shr(160, or(operatorAndToken, calldataload(add(channel, 0x80)))), shr(96, rateAndBurst))
            if or(dirty, shr(32, calldataload(add(channel, 0xa0)))) {
                revert(0, 0)
            }
            let words := mload(0x40)
            calldatacopy(words, channel, 0x120)
            mstore(add(words, 0x120), deposited)
            log4(words, 0x140, topic, id, payer, payee)
        }
    }

    /// @notice The EIP-712 digest of a struct of two words: a channel id and an amount.
    function digest(bytes32 domain, bytes32 typeHash, bytes32 id, uint96 amount) internal pure returns (bytes32) {
        bytes32 structHash;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            mstore(add(words, 0x20), id)
            mstore(add(words, 0x40), amount)
            structHash := keccak256(words, 0x60)
        }
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    /// @notice The EIP-3009 nonce that binds an authorization to a channel; `salt` allows several for one channel.
    function authorizationNonce(bytes32 id, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, salt));
    }

    /// @notice The witness that binds a Permit2 transfer to a channel.
    function permit2Witness(bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITNESS_TYPEHASH, id));
    }
}
