// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { StreamChannels } from "../StreamChannels.sol";
import { Vouchers } from "../libraries/Vouchers.sol";

/// @notice The contract with its hashes in sight. Tests and vectors only.
contract StreamChannelsHarness is StreamChannels {
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function voucherDigest(bytes32 id, uint96 cumulativeAmount) external view returns (bytes32) {
        return Vouchers.digest(_domainSeparatorV4(), Vouchers.VOUCHER_TYPEHASH, id, cumulativeAmount);
    }

    function closeDigest(bytes32 id, uint96 capturedAmount) external view returns (bytes32) {
        return Vouchers.digest(_domainSeparatorV4(), Vouchers.CLOSE_TYPEHASH, id, capturedAmount);
    }

    function claimChannelId(
        address payee,
        address operator,
        address token,
        Claim calldata item
    ) external view returns (bytes32) {
        return Vouchers.channelId(payee, operator, token, item);
    }

    /// @notice Id, voucher digest and close digest of many channels at once.
    function hashes(
        Channel[] calldata channels,
        uint96[] calldata cumulativeAmounts,
        uint96[] calldata capturedAmounts
    ) external view returns (bytes32[3][] memory results) {
        bytes32 domain = _domainSeparatorV4();
        results = new bytes32[3][](channels.length);
        for (uint256 i = 0; i < channels.length; ++i) {
            bytes32 id = Vouchers.channelId(channels[i]);
            results[i][0] = id;
            results[i][1] = Vouchers.digest(domain, Vouchers.VOUCHER_TYPEHASH, id, cumulativeAmounts[i]);
            results[i][2] = Vouchers.digest(domain, Vouchers.CLOSE_TYPEHASH, id, capturedAmounts[i]);
        }
    }

    function authorizationNonce(bytes32 id, bytes32 salt) external pure returns (bytes32) {
        return Vouchers.authorizationNonce(id, salt);
    }

    function permit2Witness(bytes32 id) external pure returns (bytes32) {
        return Vouchers.permit2Witness(id);
    }

    function witnessTypeString() external pure returns (string memory) {
        return Vouchers.WITNESS_TYPE_STRING;
    }
}
