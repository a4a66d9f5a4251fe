// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { Relay } from "./Relay.sol";

/// @notice A contract wallet whose owner may change: accepts what its present owner signed. Tests only.
contract RotatingWallet is IERC1271, Relay {
    address public owner;

    constructor(address firstOwner) {
        owner = firstOwner;
    }

    receive() external payable {}

    function setOwner(address newOwner) external {
        owner = newOwner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        bool valid = recovered != address(0) && recovered == owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
