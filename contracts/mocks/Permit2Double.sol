// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { MessageHashUtils } from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import { IPermit2 } from "../interfaces/external/IFundingTokens.sol";
import { Permit2Allowances } from "./Permit2Allowances.sol";

/// @notice A double of Permit2, not Permit2 itself: one transfer with a witness, unordered nonces in bitmaps, deadlines,
/// signatures of 64 and 65 bytes and by ERC-1271, checked in the order of the original; and its allowances. Its domain
/// names the address it stands at, so put its code at the canonical one. Tests only.
contract Permit2Double is IPermit2, Permit2Allowances {
    using SafeERC20 for IERC20;

    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant TOKEN_PERMISSIONS_TYPEHASH = keccak256("TokenPermissions(address token,uint256 amount)");
    string private constant WITNESS_TYPE_STUB =
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,";

    /// @notice For each owner and upper 248 bits of a nonce, which of the lower 8 bits' values were used.
    mapping(address owner => mapping(uint256 word => uint256 bits)) public nonceBitmap;

    error InvalidAmount(uint256 maxAmount);
    error InvalidContractSignature();
    error InvalidSignature();
    error InvalidSignatureLength();
    error InvalidSigner();

    function permitWitnessTransferFrom(
        PermitTransferFrom calldata signed,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes32 witness,
        string calldata witnessTypeString,
        bytes calldata signature
    ) external {
        if (block.timestamp > signed.deadline) revert SignatureExpired(signed.deadline);
        if (transferDetails.requestedAmount > signed.permitted.amount) revert InvalidAmount(signed.permitted.amount);
        _useNonce(owner, signed.nonce);
        _requireSigned(signature, _structHash(signed, witness, witnessTypeString), owner);
        IERC20(signed.permitted.token).safeTransferFrom(owner, transferDetails.to, transferDetails.requestedAmount);
    }

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Permit2"), block.chainid, address(this)));
    }

    function _useNonce(address owner, uint256 nonce) private {
        uint256 bit = 1 << (nonce & 0xff);
        uint256 word = nonce >> 8;
        if (nonceBitmap[owner][word] & bit != 0) revert InvalidNonce();
        nonceBitmap[owner][word] |= bit;
    }

    function _structHash(
        PermitTransferFrom calldata signed,
        bytes32 witness,
        string calldata witnessTypeString
    ) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encodePacked(WITNESS_TYPE_STUB, witnessTypeString)),
                    keccak256(abi.encode(TOKEN_PERMISSIONS_TYPEHASH, signed.permitted)),
                    msg.sender,
                    signed.nonce,
                    signed.deadline,
                    witness
                )
            );
    }

    /// @dev Like the original, asks an owner with code and never its key, and accepts high `s` values.
    function _requireSigned(bytes calldata signature, bytes32 structHash, address owner) internal view override {
        bytes32 digest = MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), structHash);
        if (owner.code.length != 0) {
            if (IERC1271(owner).isValidSignature(digest, signature) != IERC1271.isValidSignature.selector) {
                revert InvalidContractSignature();
            }
            return;
        }
        if (signature.length != 64 && signature.length != 65) revert InvalidSignatureLength();
        bytes32 r = bytes32(signature);
        bytes32 s = bytes32(signature[32:]);
        uint8 v = signature.length == 65 ? uint8(signature[64]) : uint8(uint256(s) >> 255) + 27;
        if (signature.length == 64) s &= bytes32(uint256(type(int256).max));
        address recovered = ecrecover(digest, v, r, s);
        if (recovered == address(0)) revert InvalidSignature();
        if (recovered != owner) revert InvalidSigner();
    }
}
