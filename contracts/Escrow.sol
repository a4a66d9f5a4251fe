// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { IEscrow } from "./interfaces/IEscrow.sol";
import { Fees } from "./libraries/Fees.sol";
import { Funding } from "./libraries/Funding.sol";
import { Milestones } from "./libraries/Milestones.sol";
import { Owed } from "./libraries/Owed.sol";
import { Payments } from "./libraries/Payments.sol";
import { Signatures } from "./libraries/Signatures.sol";

/// @title Orders that are paid in advance and earned later
/// @notice The rules are in `IEscrow`, their reasons in docs/products/escrow.md.
contract Escrow is IEscrow, EIP712, Multicall, Owed {
    /// @dev One word, for every order. `opened` is never unset.
    ///
    /// | bits    | field        | meaning                                                  |
    /// |---------|--------------|----------------------------------------------------------|
    /// | 0–95    | authorized   | base units taken in and not captured                     |
    /// | 96–191  | released     | base units paid to the receiver's side and not refunded  |
    /// | 192–207 | feeBps       | rate for what is released next                           |
    /// | 208–223 | feeRemainder | what the last fee's division left over                   |
    /// | 224–231 | opened       | whether the order was ever authorized                    |
    struct Account {
        uint96 authorized;
        uint96 released;
        uint16 feeBps;
        uint16 feeRemainder;
        bool opened;
    }

    /// @dev One word, only for orders with a dispute window, and zero while nothing of theirs is captured and held.
    ///
    /// | bits    | field        | meaning                                                  |
    /// |---------|--------------|----------------------------------------------------------|
    /// | 0–95    | pending      | base units captured, neither released nor disputed       |
    /// | 96–191  | disputed     | base units frozen                                        |
    /// | 192–223 | releasableAt | second from which on what is pending is the receiver's   |
    /// | 224–255 | rulableUntil | second from which on the default share decides           |
    struct Held {
        uint96 pending;
        uint96 disputed;
        uint32 releasableAt;
        uint32 rulableUntil;
    }

    uint32 private constant MAXIMUM_WINDOW = 90 days;

    bytes32 private constant REFUND_TYPEHASH = keccak256("Refund(bytes32 orderId)");
    bytes32 private constant SETTLEMENT_TYPEHASH = keccak256(
        "Settlement(bytes32 orderId,uint96 toReceiver,uint96 toPayer,uint256 deadline)"
    );

    mapping(bytes32 id => Account) private _accounts;
    mapping(bytes32 id => Held) private _held;

    constructor() EIP712("Sluice Escrow", "1") {}

    /// @inheritdoc IEscrow
    function authorize(Order calldata order, uint96 amount, bytes calldata payment) external payable nonReentrant {
        _authorize(order, amount, payment);
    }

    /// @inheritdoc IEscrow
    function capture(Order calldata order, uint96 amount, uint16 feeBps) external nonReentrant {
        bytes32 id = _requireReceiver(order);
        _requireRate(id, feeBps, order.minFeeBps, order.maxFeeBps);
        _capture(order, id, amount, feeBps);
    }

    /// @inheritdoc IEscrow
    function charge(
        Order calldata order,
        uint96 amount,
        uint16 feeBps,
        bytes calldata payment
    ) external payable nonReentrant {
        bool byReceiver = _isReceiver(order);
        if (!byReceiver && msg.sender != order.payer) revert CallerIsNoParty(_id(order), msg.sender);
        bytes32 id = _authorize(order, amount, payment);
        _requireRate(id, feeBps, order.minFeeBps, byReceiver ? order.maxFeeBps : order.minFeeBps);
        _capture(order, id, amount, feeBps);
    }

    /// @inheritdoc IEscrow
    function release(Order calldata order) external nonReentrant {
        bytes32 id = _id(order);
        Held memory held = _held[id];
        uint96 amount = held.pending;
        if (amount == 0) revert NothingPending(id);
        if (block.timestamp < held.releasableAt && msg.sender != order.payer) {
            revert ReleaseTooEarly(id, held.releasableAt, block.timestamp);
        }
        held.pending = 0;
        held.releasableAt = 0;
        _held[id] = held;
        _release(order, id, _accounts[id], amount);
    }

    /// @inheritdoc IEscrow
    function releaseMilestone(Order calldata order, uint256 milestone) external nonReentrant {
        bytes32 id = _requirePayer(order);
        if (order.milestones == 0) revert NoMilestones(id);
        Account memory account = _openAccount(id);
        Held memory held = _held[id];
        if (held.disputed != 0) revert MilestoneNotReleased(id, held.pending, held.disputed);
        uint256 left = uint256(account.authorized) + held.pending;
        if (left == 0) revert NothingHeld(id);
        uint256 done = order.maxAmount - left;
        (uint256 current, uint256 end) = Milestones.current(order.milestones, order.maxAmount, done);
        if (milestone != current) revert MilestoneNotCurrent(id, milestone, current);

        // Once what was left went back to the payer, nothing can complete the milestone any more.
        uint96 amount = account.authorized == 0 ? held.pending : uint96(end - done);
        uint96 authorized = amount - held.pending;
        account.authorized -= authorized;
        delete _held[id];
        emit MilestoneReleased(id, milestone, amount, authorized);
        _release(order, id, account, amount);
    }

    /// @inheritdoc IEscrow
    function refund(Order calldata order, uint96 amount, bytes calldata payment) external payable nonReentrant {
        bytes32 id = _requireReceiver(order);
        if (amount == 0) revert AmountIsZero(id);
        Account memory account = _openAccount(id);
        Held memory held = _held[id];
        uint256 captured = uint256(held.pending) + account.released;
        if (amount > captured) revert RefundExceedsCaptured(id, amount, captured);

        uint96 pending = amount < held.pending ? amount : held.pending;
        uint96 brought = amount - pending;
        emit OrderRefunded(id, amount, pending);
        if (pending != 0) {
            held.pending -= pending;
            _held[id] = held;
        }
        if (brought != 0) {
            if (block.timestamp >= order.refundDeadline) {
                revert RefundTooLate(id, order.refundDeadline, block.timestamp);
            }
            account.released -= brought;
            _accounts[id] = account;
            Payments.take(order.token, brought, keccak256(abi.encode(REFUND_TYPEHASH, id)), payment);
        } else if (msg.value != 0) {
            revert Funding.WrongNativeValue(msg.value, 0);
        }
        _payOrKeep(order.token, order.payer, amount);
    }

    /// @inheritdoc IEscrow
    function void(Order calldata order) external nonReentrant {
        bytes32 id = _requireReceiver(order);
        uint96 amount = _takeAuthorized(id);
        emit OrderVoided(id, amount);
        _payOrKeep(order.token, order.payer, amount);
    }

    /// @inheritdoc IEscrow
    function reclaim(Order calldata order) external nonReentrant {
        bytes32 id = _id(order);
        if (block.timestamp < order.captureDeadline) {
            revert ReclaimTooEarly(id, order.captureDeadline, block.timestamp);
        }
        uint96 amount = _takeAuthorized(id);
        emit OrderReclaimed(id, amount);
        _payOrKeep(order.token, order.payer, amount);
    }

    /// @inheritdoc IEscrow
    function dispute(Order calldata order) external nonReentrant {
        bytes32 id = _requirePayer(order);
        Held memory held = _held[id];
        if (held.pending == 0) revert NothingPending(id);
        if (block.timestamp >= held.releasableAt) {
            revert DisputeTooLate(id, held.releasableAt, block.timestamp);
        }
        held.disputed += held.pending;
        held.rulableUntil = uint32(block.timestamp + order.rulingWindow); // fits, see _requireValidTerms
        held.pending = 0;
        held.releasableAt = 0;
        _held[id] = held;
        emit OrderDisputed(id, held.disputed, held.rulableUntil);
    }

    /// @inheritdoc IEscrow
    function rule(Order calldata order, uint96 toReceiver, uint96 toPayer) external nonReentrant {
        bytes32 id = _id(order);
        if (msg.sender != order.arbiter) revert CallerIsNotArbiter(id, msg.sender, order.arbiter);
        (uint96 disputed, uint32 rulableUntil) = _takeDisputed(id);
        if (block.timestamp >= rulableUntil) revert RulingTooLate(id, rulableUntil, block.timestamp);
        _requireSplit(id, toReceiver, toPayer, disputed);
        emit OrderRuled(id, toReceiver, toPayer);
        _split(order, id, _accounts[id], toReceiver, toPayer);
    }

    /// @inheritdoc IEscrow
    function resolveByTimeout(Order calldata order) external nonReentrant {
        bytes32 id = _id(order);
        (uint96 disputed, uint32 rulableUntil) = _takeDisputed(id);
        if (block.timestamp < rulableUntil) revert TimeoutTooEarly(id, rulableUntil, block.timestamp);
        uint96 toReceiver = uint96((uint256(disputed) * order.defaultShareBps) / Fees.WHOLE);
        uint96 toPayer = disputed - toReceiver;
        emit OrderTimedOut(id, toReceiver, toPayer);
        _split(order, id, _accounts[id], toReceiver, toPayer);
    }

    /// @inheritdoc IEscrow
    function settle(
        Order calldata order,
        uint96 toReceiver,
        uint96 toPayer,
        uint256 deadline,
        bytes calldata payerSignature,
        bytes calldata receiverSignature
    ) external nonReentrant {
        bytes32 id = _id(order);
        Account memory account = _accounts[id];
        Held memory held = _held[id];
        uint256 total = uint256(account.authorized) + held.pending + held.disputed;
        if (total == 0) revert NothingHeld(id);
        if (block.timestamp > deadline) revert SettlementExpired(id, deadline, block.timestamp);
        _requireSplit(id, toReceiver, toPayer, total);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(SETTLEMENT_TYPEHASH, id, toReceiver, toPayer, deadline))
        );
        _requireAgreement(order, id, digest, payerSignature, receiverSignature);

        account.authorized = 0;
        delete _held[id];
        emit OrderSettled(id, toReceiver, toPayer);
        _split(order, id, account, toReceiver, toPayer);
    }

    /// @inheritdoc IEscrow
    function orderId(Order calldata order) external view returns (bytes32) {
        return _id(order);
    }

    /// @inheritdoc IEscrow
    function orderState(bytes32 id) external view returns (OrderState memory) {
        Account memory account = _accounts[id];
        Held memory held = _held[id];
        return
            OrderState({
                opened: account.opened,
                authorized: account.authorized,
                pending: held.pending,
                disputed: held.disputed,
                released: account.released,
                feeBps: account.feeBps,
                releasableAt: held.releasableAt,
                rulableUntil: held.rulableUntil
            });
    }

    /// @dev Recorded before the money is taken in; the guard keeps a token's callback out meanwhile.
    function _authorize(Order calldata order, uint96 amount, bytes calldata payment) private returns (bytes32 id) {
        id = _id(order);
        if (_accounts[id].opened) revert OrderAlreadyAuthorized(id);
        _requireValidTerms(order);
        if (block.timestamp >= order.captureDeadline) {
            revert CaptureTooLate(id, order.captureDeadline, block.timestamp);
        }
        if (amount == 0) revert AmountIsZero(id);
        if (amount > order.maxAmount) revert AmountExceedsMaximum(id, amount, order.maxAmount);
        if (order.milestones != 0 && amount != order.maxAmount) {
            revert AmountBelowMilestones(id, amount, order.maxAmount);
        }
        address from = Payments.payer(payment);
        if (from != order.payer) revert PaymentNotFromPayer(id, from, order.payer);

        _accounts[id] = Account({
            authorized: amount,
            released: 0,
            feeBps: order.minFeeBps,
            feeRemainder: 0,
            opened: true
        });
        emit OrderAuthorized(id, order.payer, order.receiver, order, amount);
        Payments.take(order.token, amount, id, payment);
    }

    /// @dev Callers check who captures and at which rate.
    function _capture(Order calldata order, bytes32 id, uint96 amount, uint16 feeBps) private {
        Account memory account = _openAccount(id);
        if (block.timestamp >= order.captureDeadline) {
            revert CaptureTooLate(id, order.captureDeadline, block.timestamp);
        }
        if (amount == 0) revert AmountIsZero(id);
        if (amount > account.authorized) revert AmountExceedsAuthorized(id, amount, account.authorized);

        uint256 releasableAt = block.timestamp + order.disputeWindow;
        if (order.disputeWindow == 0) {
            account.authorized -= amount;
            account.feeBps = feeBps;
            emit OrderCaptured(id, amount, feeBps, releasableAt);
            _release(order, id, account, amount);
            return;
        }
        Held memory held = _held[id];
        uint96 due = block.timestamp < held.releasableAt ? 0 : held.pending;
        held.pending -= due;
        if (order.milestones != 0) _requireWithinMilestone(order, id, account, held, amount);
        held.pending += amount;
        held.releasableAt = uint32(releasableAt); // fits, see _requireValidTerms
        _held[id] = held;
        uint96 fee = due == 0 ? 0 : _accrue(id, account, due);
        account.authorized -= amount;
        account.feeBps = feeBps;
        _accounts[id] = account;
        emit OrderCaptured(id, amount, feeBps, releasableAt);
        _payOut(order, due, fee);
    }

    /// @dev Stores the account and pays the receiver's side.
    function _release(Order calldata order, bytes32 id, Account memory account, uint96 amount) private {
        uint96 fee = _accrue(id, account, amount);
        _accounts[id] = account;
        _payOut(order, amount, fee);
    }

    /// @dev Stores the account and pays both sides. What a party gets is decided before anyone is paid.
    function _split(
        Order calldata order,
        bytes32 id,
        Account memory account,
        uint96 toReceiver,
        uint96 toPayer
    ) private {
        uint96 fee = toReceiver == 0 ? 0 : _accrue(id, account, toReceiver);
        _accounts[id] = account;
        _payOut(order, toReceiver, fee);
        _payOrKeep(order.token, order.payer, toPayer);
    }

    /// @dev Counts `amount` as released, in memory only.
    /// @return fee the fee recipient's part of it
    function _accrue(bytes32 id, Account memory account, uint96 amount) private returns (uint96 fee) {
        (fee, account.feeRemainder) = Fees.accrue(amount, account.feeBps, account.feeRemainder);
        account.released += amount;
        emit OrderReleased(id, amount, fee);
    }

    function _payOut(Order calldata order, uint96 amount, uint96 fee) private {
        _payOrKeep(order.token, order.feeRecipient, fee);
        _payOrKeep(order.token, order.receiver, amount - fee);
    }

    function _takeAuthorized(bytes32 id) private returns (uint96 amount) {
        amount = _accounts[id].authorized;
        if (amount == 0) revert NothingAuthorized(id);
        _accounts[id].authorized = 0;
    }

    function _takeDisputed(bytes32 id) private returns (uint96 disputed, uint32 rulableUntil) {
        Held memory held = _held[id];
        (disputed, rulableUntil) = (held.disputed, held.rulableUntil);
        if (disputed == 0) revert NothingDisputed(id);
        held.disputed = 0;
        held.rulableUntil = 0;
        _held[id] = held;
    }

    function _id(Order calldata order) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), order));
    }

    function _openAccount(bytes32 id) private view returns (Account memory account) {
        account = _accounts[id];
        if (!account.opened) revert OrderNotAuthorized(id);
    }

    function _isReceiver(Order calldata order) private view returns (bool) {
        return msg.sender == order.receiver || msg.sender == order.operator;
    }

    function _requireReceiver(Order calldata order) private view returns (bytes32 id) {
        id = _id(order);
        if (!_isReceiver(order)) revert CallerIsNotReceiver(id, msg.sender, order.receiver, order.operator);
    }

    function _requirePayer(Order calldata order) private view returns (bytes32 id) {
        id = _id(order);
        if (msg.sender != order.payer) revert CallerIsNotPayer(id, msg.sender, order.payer);
    }

    function _requireAgreement(
        Order calldata order,
        bytes32 id,
        bytes32 digest,
        bytes calldata payerSignature,
        bytes calldata receiverSignature
    ) private view {
        if (msg.sender != order.payer && !Signatures.isValid(order.payer, digest, payerSignature)) {
            revert PayerDidNotAgree(id, order.payer);
        }
        if (_isReceiver(order) || Signatures.isValid(order.receiver, digest, receiverSignature)) return;
        if (!Signatures.isValid(order.operator, digest, receiverSignature)) {
            revert ReceiverDidNotAgree(id, order.receiver, order.operator);
        }
    }

    function _requireRate(bytes32 id, uint16 feeBps, uint16 minimum, uint16 maximum) private pure {
        if (feeBps < minimum || feeBps > maximum) revert FeeOutOfRange(id, feeBps, minimum, maximum);
    }

    function _requireSplit(bytes32 id, uint256 toReceiver, uint256 toPayer, uint256 expected) private pure {
        if (toReceiver + toPayer != expected) revert SplitMismatch(id, toReceiver + toPayer, expected);
    }

    /// @dev What is captured is what is no longer authorized, because an order with milestones is authorized whole.
    function _requireWithinMilestone(
        Order calldata order,
        bytes32 id,
        Account memory account,
        Held memory held,
        uint96 amount
    ) private pure {
        if (held.pending != 0 || held.disputed != 0) revert MilestoneNotReleased(id, held.pending, held.disputed);
        uint256 done = order.maxAmount - account.authorized;
        (, uint256 end) = Milestones.current(order.milestones, order.maxAmount, done);
        if (amount > end - done) revert AmountExceedsMilestone(id, amount, end - done);
    }

    function _requireValidTerms(Order calldata order) private pure {
        if (order.payer == address(0)) revert PayerIsZero();
        if (order.receiver == address(0)) revert ReceiverIsZero();
        if (order.minFeeBps > order.maxFeeBps || order.maxFeeBps > Fees.WHOLE) {
            revert FeeRangeInvalid(order.minFeeBps, order.maxFeeBps);
        }
        if (order.maxFeeBps != 0 && order.feeRecipient == address(0)) revert FeeRecipientIsZero(order.maxFeeBps);
        if (order.defaultShareBps > Fees.WHOLE) revert ShareTooLarge(order.defaultShareBps, Fees.WHOLE);
        if (order.refundDeadline < order.captureDeadline) {
            revert RefundDeadlineTooEarly(order.refundDeadline, order.captureDeadline);
        }
        if (order.disputeWindow > MAXIMUM_WINDOW) revert WindowTooLong(order.disputeWindow, MAXIMUM_WINDOW);
        if (order.rulingWindow > MAXIMUM_WINDOW) revert WindowTooLong(order.rulingWindow, MAXIMUM_WINDOW);
        if (order.disputeWindow == 0 && (order.arbiter != address(0) || order.milestones != 0)) {
            revert DisputeWindowIsZero(order.arbiter, order.milestones);
        }
        uint256 last = uint256(order.captureDeadline) + order.disputeWindow + order.rulingWindow;
        if (last > type(uint32).max) revert DeadlineTooLate(last, type(uint32).max);
    }
}
