// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheatcodes of Hardhat's Solidity test runner that these tests use.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);
    function assume(bool condition) external pure;
    function chainId(uint256 id) external;
    function deal(address account, uint256 balance) external;
    function expectRevert() external;
    function expectRevert(bytes calldata reason) external;
    function getCode(string calldata artifact) external view returns (bytes memory creationCode);
    function prank(address sender) external;
    function publicKeyP256(uint256 privateKey) external pure returns (uint256 x, uint256 y);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 privateKey, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function warp(uint256 timestamp) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice Brings a random number into a range, both ends included.
function bound(uint256 value, uint256 low, uint256 high) pure returns (uint256) {
    return low + (value % (high - low + 1));
}

/// @notice Deploys what the build made of a contract, so that the very code that goes on a chain is tested, however the
/// test itself is compiled.
function deploy(string memory artifact) returns (address deployed) {
    bytes memory code = vm.getCode(artifact);
    assembly ("memory-safe") {
        deployed := create(0, add(code, 0x20), mload(code))
    }
    if (deployed == address(0)) revert NotDeployed(artifact);
}

error NotDeployed(string artifact);
