// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { IStreamChannels } from "./interfaces/IStreamChannels.sol";
import { ChannelSlot, ChannelSlots } from "./libraries/ChannelSlots.sol";
import { Funding } from "./libraries/Funding.sol";
import { Payouts } from "./libraries/Payouts.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { Vouchers } from "./libraries/Vouchers.sol";

/// @title One-way payment channels for live streams
/// @notice The rules and their reasons are in `IStreamChannels`.
contract StreamChannels is IStreamChannels, EIP712, Multicall, ReentrancyGuardTransient {
    uint32 private constant MINIMUM_GRACE = 15 minutes;
    uint32 private constant MAXIMUM_GRACE = 30 days;

    constructor() EIP712("Sluice Stream Channels", "1") {}

    /// @inheritdoc IStreamChannels
    function deposit(Channel calldata channel, uint96 amount) external payable nonReentrant {
        _credit(channel, amount);
        Funding.take(channel.token, msg.sender, amount);
    }

    /// @inheritdoc IStreamChannels
    function depositWithPermit(
        Channel calldata channel,
        uint96 amount,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        _requireToken(channel, _credit(channel, amount));
        Funding.takeWithPermit(channel.token, msg.sender, amount, deadline, signature);
    }

    /// @inheritdoc IStreamChannels
    function depositWithAuthorization(
        Channel calldata channel,
        uint96 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external nonReentrant {
        bytes32 id = _credit(channel, amount);
        _requireToken(channel, id);
        bytes32 nonce = Vouchers.authorizationNonce(id, salt);
        Funding.takeWithAuthorization(channel.token, channel.payer, amount, validAfter, validBefore, nonce, signature);
    }

    /// @inheritdoc IStreamChannels
    function depositWithPermit2(
        Channel calldata channel,
        uint96 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        bytes32 id = _credit(channel, amount);
        _requireToken(channel, id);
        Funding.takeWithPermit2(
            channel.token,
            channel.payer,
            amount,
            nonce,
            deadline,
            Vouchers.permit2Witness(id),
            Vouchers.WITNESS_TYPE_STRING,
            signature
        );
    }

    /// @inheritdoc IStreamChannels
    function claim(address payee, address operator, address token, Claim[] calldata claims) external nonReentrant {
        bytes32 domain = _domainSeparatorV4();
        uint256 total;
        for (uint256 i = 0; i < claims.length; ++i) {
            unchecked {
                // No overflow: calldata cannot hold 2^160 claims of 96 bits.
                total += _claim(domain, payee, operator, token, claims[i]);
            }
        }
        Payouts.pay(token, payee, total);
    }

    /// @inheritdoc IStreamChannels
    function close(
        Channel calldata channel,
        uint96 cumulativeAmount,
        uint96 capturedAmount,
        bytes calldata voucherSignature,
        bytes calldata payeeSignature
    ) external nonReentrant {
        bytes32 id = Vouchers.channelId(channel);
        ChannelSlot slot = _openSlot(id);
        _requirePayeeConsent(channel, id, capturedAmount, payeeSignature);

        uint96 claimed = slot.claimed();
        uint96 captured = claimed;
        if (capturedAmount > claimed) {
            captured = capturedAmount;
            if (captured > cumulativeAmount) revert CaptureExceedsVoucher(id, captured, cumulativeAmount);
            _requireCovered(id, slot, channel.rate, channel.burst, captured);
            _requireVoucher(_domainSeparatorV4(), id, channel.signer, cumulativeAmount, voucherSignature);
        }

        uint96 refunded = slot.deposited() - captured;
        slot.withClaimed(captured).withClosed().store(id);
        emit ChannelClosed(id, captured, refunded);
        Payouts.pay(channel.token, channel.payee, captured - claimed);
        Payouts.pay(channel.token, channel.payer, refunded);
    }

    /// @inheritdoc IStreamChannels
    function requestClose(Channel calldata channel) external nonReentrant {
        bytes32 id = Vouchers.channelId(channel);
        if (msg.sender != channel.payer) revert CallerIsNotPayer(id, msg.sender, channel.payer);
        ChannelSlot slot = _openSlot(id);
        _requireNoCloseRequested(id, slot, channel.grace);
        slot.withCloseRequested().store(id);
        emit ChannelCloseRequested(id, block.timestamp + channel.grace);
    }

    /// @inheritdoc IStreamChannels
    function withdraw(Channel calldata channel) external nonReentrant {
        bytes32 id = Vouchers.channelId(channel);
        ChannelSlot slot = _openSlot(id);
        uint256 requestedAt = slot.closeRequestedAt();
        if (requestedAt == 0) revert CloseNotRequested(id);
        uint256 withdrawableAt = requestedAt + channel.grace;
        if (block.timestamp < withdrawableAt) revert GraceNotOver(id, withdrawableAt, block.timestamp);

        uint96 claimed = slot.claimed();
        uint96 refunded = slot.deposited() - claimed;
        slot.withClosed().store(id);
        emit ChannelClosed(id, claimed, refunded);
        Payouts.pay(channel.token, channel.payer, refunded);
    }

    /// @inheritdoc IStreamChannels
    function channelId(Channel calldata channel) external view returns (bytes32) {
        return Vouchers.channelId(channel);
    }

    /// @inheritdoc IStreamChannels
    function channelState(
        bytes32 id
    ) external view returns (uint96 deposited, uint96 claimed, uint32 openedAt, uint32 closeRequestedAt, bool closed) {
        ChannelSlot slot = ChannelSlots.load(id);
        return (slot.deposited(), slot.claimed(), slot.openedAt(), slot.closeRequestedAt(), slot.isClosed());
    }

    /// @dev Records a deposit that the caller takes in right after. The guard keeps a token's callback out meanwhile.
    function _credit(Channel calldata channel, uint96 amount) private returns (bytes32 id) {
        id = Vouchers.channelId(channel);
        if (amount == 0) revert DepositIsZero(id);
        ChannelSlot slot = ChannelSlots.load(id);
        if (!slot.isOpened()) {
            _requireValidTerms(channel);
            ChannelSlots.open(amount).store(id);
            Vouchers.emitOpened(id, channel, amount);
            return id;
        }
        if (slot.isClosed()) revert ChannelAlreadyClosed(id);
        _requireNoCloseRequested(id, slot, channel.grace);
        uint256 deposited = uint256(slot.deposited()) + amount;
        if (deposited > type(uint96).max) revert DepositTooLarge(id, deposited, type(uint96).max);
        slot.withDeposited(uint96(deposited)).store(id);
        emit ChannelDeposited(id, amount, uint96(deposited));
    }

    /// @return the base units this voucher adds to what the payee is paid; zero when it grants nothing new
    function _claim(
        bytes32 domain,
        address payee,
        address operator,
        address token,
        Claim calldata item
    ) private returns (uint256) {
        bytes32 id = Vouchers.channelId(payee, operator, token, item);
        ChannelSlot slot = ChannelSlots.load(id);
        uint96 claimed = slot.claimed();
        uint96 amount = item.cumulativeAmount;
        if (amount <= claimed) return 0;
        _requireOpen(id, slot);
        _requireCovered(id, slot, item.rate, item.burst, amount);
        _requireVoucher(domain, id, item.signer, amount, item.signature);

        slot.withClaimed(amount).store(id);
        emit ChannelClaimed(id, amount);
        unchecked {
            return amount - claimed; // amount > claimed, see above
        }
    }

    function _openSlot(bytes32 id) private view returns (ChannelSlot slot) {
        slot = ChannelSlots.load(id);
        _requireOpen(id, slot);
    }

    function _requireOpen(bytes32 id, ChannelSlot slot) private pure {
        if (!slot.isOpened()) revert ChannelNotOpen(id);
        if (slot.isClosed()) revert ChannelAlreadyClosed(id);
    }

    function _requireNoCloseRequested(bytes32 id, ChannelSlot slot, uint32 grace) private pure {
        uint256 requestedAt = slot.closeRequestedAt();
        if (requestedAt != 0) revert ClosePending(id, requestedAt + grace);
    }

    /// @dev Deposit and rate together bound what a stolen session key can ever cost the payer.
    function _requireCovered(bytes32 id, ChannelSlot slot, uint96 rate, uint96 burst, uint96 amount) private view {
        uint96 deposited = slot.deposited();
        if (amount > deposited) revert AmountExceedsDeposit(id, amount, deposited);
        if (rate == 0) return;
        uint256 allowed;
        unchecked {
            // No overflow: 96 bits times a time in seconds, and a channel was not opened in the future.
            allowed = uint256(burst) + uint256(rate) * (block.timestamp - slot.openedAt());
        }
        if (amount > allowed) revert AmountExceedsRate(id, amount, allowed);
    }

    function _requireVoucher(
        bytes32 domain,
        bytes32 id,
        address signer,
        uint96 amount,
        bytes calldata signature
    ) private view {
        bytes32 digest = Vouchers.digest(domain, Vouchers.VOUCHER_TYPEHASH, id, amount);
        if (!Signatures.isValid(signer, digest, signature)) revert InvalidVoucher(id, signer, amount);
    }

    function _requirePayeeConsent(
        Channel calldata channel,
        bytes32 id,
        uint96 capturedAmount,
        bytes calldata signature
    ) private view {
        address payee = channel.payee;
        address operator = channel.operator;
        if (msg.sender == payee || msg.sender == operator) return;
        bytes32 digest = Vouchers.digest(_domainSeparatorV4(), Vouchers.CLOSE_TYPEHASH, id, capturedAmount);
        if (Signatures.isValid(payee, digest, signature)) return;
        if (!Signatures.isValid(operator, digest, signature)) revert InvalidClose(id, capturedAmount);
    }

    function _requireValidTerms(Channel calldata channel) private pure {
        if (channel.payer == address(0)) revert PayerIsZero();
        if (channel.payee == address(0)) revert PayeeIsZero();
        if (channel.signer == address(0)) revert SignerIsZero();
        uint32 grace = channel.grace;
        if (grace < MINIMUM_GRACE || grace > MAXIMUM_GRACE) {
            revert GraceOutOfRange(grace, MINIMUM_GRACE, MAXIMUM_GRACE);
        }
    }

    function _requireToken(Channel calldata channel, bytes32 id) private pure {
        if (channel.token == address(0)) revert TokenRequired(id);
    }
}
