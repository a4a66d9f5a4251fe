// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { P256 } from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title One check for every kind of signer
/// @notice Accepts ECDSA over secp256k1 (64 or 65 bytes), P-256 (128 bytes) and ERC-1271 wallets.
/// @dev ECDSA comes first: an EIP-7702 account has code, yet its key must keep working. Only low `s` values count.
library Signatures {
    /// @notice Whether `signature` over `digest` is `signer`'s.
    /// @dev A P-256 signer is `address(uint160(uint256(keccak256(x ‖ y))))` and signs `sha256(digest)`, because the
    /// key stores of browsers hash what they are given.
    /// @param signer an account, a P-256 key's address or an ERC-1271 wallet; zero never matches
    /// @param digest the EIP-712 digest
    /// @param signature 64 bytes `r ‖ vs` (EIP-2098), 65 bytes `r ‖ s ‖ v`, 128 bytes `r ‖ s ‖ x ‖ y`, or anything else
    /// an ERC-1271 wallet understands
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address recovered;
        if (signature.length == 64) {
            (recovered, , ) = ECDSA.tryRecover(digest, _word(signature, 0), _word(signature, 32));
        } else if (signature.length == 65) {
            (recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        } else if (signature.length == 128 && isP256Key(signer, signature)) {
            return _isValidP256(digest, signature);
        }
        if (recovered == signer && signer != address(0)) return true;
        return
            signer.code.length != 0 && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }

    /// @notice Whether the public key inside a 128-byte signature is the one that `signer` stands for.
    function isP256Key(address signer, bytes calldata signature) internal pure returns (bool) {
        return signer == address(uint160(uint256(keccak256(signature[64:128]))));
    }

    function _isValidP256(bytes32 digest, bytes calldata signature) private view returns (bool) {
        return
            P256.verify(
                sha256(abi.encode(digest)),
                _word(signature, 0),
                _word(signature, 32),
                _word(signature, 64),
                _word(signature, 96)
            );
    }

    /// @dev The 32 bytes at `offset`; the caller has checked the length, so the bounds check of a slice is not repeated.
    function _word(bytes calldata signature, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(signature.offset, offset))
        }
    }
}
