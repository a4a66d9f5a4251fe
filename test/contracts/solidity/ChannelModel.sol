// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IStreamChannels } from "../../../contracts/interfaces/IStreamChannels.sol";
import { CallbackToken } from "../../../contracts/mocks/CallbackToken.sol";
import { HostileWallet } from "../../../contracts/mocks/HostileWallet.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { RotatingWallet } from "../../../contracts/mocks/RotatingWallet.sol";
import { deploy, vm } from "./Vm.sol";

/// @notice What must be true of one channel, kept without looking at the contract.
struct Belief {
    uint256 deposited;
    uint256 claimed;
    uint256 refunded;
    uint256 highestSigned;
    uint256 openedAt;
    uint256 deadline;
    bool closed;
}

/// @title The people, tokens and channels of the invariant tests, and what is believed of them
/// @dev Eight channels over a plain token, a re-entrant token and the native coin; hostile wallets as payer, payee and
/// both; a contract wallet as signer; with and without a rate.
abstract contract ChannelModel {
    uint256 internal constant CHANNELS = 8;
    uint256 internal constant SIGNER_KEY = 0x51a1ce;
    uint96 internal constant RATE = 1e6;
    uint256 internal constant OTHER_KEY = 0xbad;
    address internal constant OPERATOR = address(0x0b0b0b);

    IStreamChannels public immutable channels;
    PlainToken public immutable plain;
    CallbackToken public immutable evil;
    HostileWallet public immutable hostilePayer;
    HostileWallet public immutable hostilePayee;

    IStreamChannels.Channel[CHANNELS] internal _terms;
    Belief[CHANNELS] internal _beliefs;
    bytes32[CHANNELS] public ids;

    /// @dev What was given away besides deposits, by token; zero is the native coin.
    mapping(address token => uint256 amount) public donated;

    /// @dev The runner forgets a warp between calls, so the clock is kept here.
    uint256 public time = 1_800_000_000;

    error Disproved(string what);

    constructor() {
        channels = IStreamChannels(deploy("StreamChannels.sol:StreamChannels"));
        plain = new PlainToken();
        evil = new CallbackToken();
        hostilePayer = new HostileWallet();
        hostilePayee = new HostileWallet();
        plain.mint(address(this), type(uint128).max);
        evil.mint(address(this), type(uint128).max);
        plain.approve(address(channels), type(uint256).max);
        evil.approve(address(channels), type(uint256).max);
        vm.deal(address(this), type(uint128).max);

        address key = vm.addr(SIGNER_KEY);
        address wallet = address(new RotatingWallet(key));
        address payer = address(0xa11ce);
        address payee = address(0xb0b);
        address evilPayer = address(hostilePayer);
        address evilPayee = address(hostilePayee);
        _terms[0] = _channel(payer, payee, address(plain), key, 0);
        _terms[1] = _channel(address(0xcafe), payee, address(plain), key, RATE);
        _terms[2] = _channel(payer, payee, address(plain), wallet, 0);
        _terms[3] = _channel(payer, payee, address(evil), key, 0);
        _terms[4] = _channel(evilPayer, payee, address(evil), key, RATE);
        _terms[5] = _channel(evilPayer, payee, address(0), key, 0);
        _terms[6] = _channel(payer, evilPayee, address(0), wallet, RATE);
        _terms[7] = _channel(evilPayer, evilPayee, address(0), key, 0);
        for (uint256 i = 0; i < CHANNELS; ++i) {
            ids[i] = channels.channelId(_terms[i]);
        }
    }

    function belief(uint256 index) external view returns (Belief memory) {
        return _beliefs[index];
    }

    function terms(uint256 index) external view returns (IStreamChannels.Channel memory) {
        return _terms[index];
    }

    function balance(address token, address account) public view returns (uint256) {
        return token == address(0) ? account.balance : PlainToken(token).balanceOf(account);
    }

    /// @dev Whether deposit and rate cover the amount now.
    function _covered(uint256 index, uint256 amount) internal view returns (bool) {
        IStreamChannels.Channel storage channel = _terms[index];
        Belief storage b = _beliefs[index];
        if (amount > b.deposited) return false;
        if (channel.rate == 0) return true;
        return amount <= uint256(channel.burst) + uint256(channel.rate) * (time - b.openedAt);
    }

    function _isOpen(uint256 index) internal view returns (bool) {
        return _beliefs[index].openedAt != 0 && !_beliefs[index].closed;
    }

    /// @dev Whether a payment in this channel's token would be refused; only the native coin can be.
    function _refuses(uint256 index, address recipient, uint256 amount) internal view returns (bool) {
        if (amount == 0 || _terms[index].token != address(0)) return false;
        if (recipient == address(hostilePayer)) return hostilePayer.refusing();
        return recipient == address(hostilePayee) && hostilePayee.refusing();
    }

    function _require(bool holds, string memory what) internal pure {
        if (!holds) revert Disproved(what);
    }

    function _voucher(uint256 key, uint256 index, uint96 amount) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("Voucher(bytes32 channelId,uint96 cumulativeAmount)");
        bytes32 structHash = keccak256(abi.encode(typeHash, ids[index], amount));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", _domain(), structHash)));
        return abi.encodePacked(r, s, v);
    }

    function _claim(
        uint256 index,
        uint96 amount,
        bytes memory signature
    ) internal view returns (IStreamChannels.Claim memory) {
        IStreamChannels.Channel memory channel = _terms[index];
        return
            IStreamChannels.Claim({
                payer: channel.payer,
                signer: channel.signer,
                grace: channel.grace,
                rate: channel.rate,
                burst: channel.burst,
                salt: channel.salt,
                cumulativeAmount: amount,
                signature: signature
            });
    }

    function _domain() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Sluice Stream Channels"),
                    keccak256("1"),
                    block.chainid,
                    address(channels)
                )
            );
    }

    function _channel(
        address payer,
        address payee,
        address token,
        address signer,
        uint96 rate
    ) private pure returns (IStreamChannels.Channel memory) {
        return
            IStreamChannels.Channel({
                payer: payer,
                payee: payee,
                operator: OPERATOR,
                token: token,
                signer: signer,
                grace: 1 days,
                rate: rate,
                burst: rate * 100,
                salt: 0
            });
    }
}
