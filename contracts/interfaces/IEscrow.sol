// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IOwed } from "./IOwed.sol";

/// @title Orders that are paid in advance and earned later
/// @notice A payer's money is held for an order and moves only as its terms allow: captured by the receiver, disputed by
/// the payer, split by an arbiter or by agreement, and given back when it is not earned in time.
/// @dev The terms of an order travel in calldata and are identified by their hash. Every base unit of an order is
/// authorized, pending, disputed or released; docs/products/escrow.md says what is true in each of these places. There
/// is no owner, no upgrade, no pause and no fee but the order's own. Amounts are base units of the order's token, times
/// are seconds, shares are ten-thousandths. What cannot be paid to its recipient is kept for it, see `IOwed`. The
/// receiver's side is the receiver or the operator.
interface IEscrow is IOwed {
    /// @notice The terms of an order, fixed for its whole life.
    /// @param payer pays, may dispute, and gets back whatever is not earned
    /// @param receiver is paid; may be a cold wallet
    /// @param operator the receiver's server key: acts for the receiver but never receives anything; zero: none
    /// @param arbiter splits what is disputed; zero: none, then a dispute ends by agreement or by the default share
    /// @param token an ERC-20 token, or zero for the chain's native coin
    /// @param feeRecipient gets the fee, which is taken out of what the receiver is paid; zero when there is none
    /// @param maxAmount the most that can ever be captured
    /// @param minFeeBps the lowest rate of the fee
    /// @param maxFeeBps the highest rate of the fee
    /// @param captureDeadline from this second on nothing can be captured, and what is authorized goes back to the payer
    /// @param refundDeadline from this second on released money cannot be refunded here; not before `captureDeadline`
    /// @param disputeWindow how long captured money is pending, up to 90 days; zero: it is released at capture
    /// @param rulingWindow how long the arbiter has for a dispute, up to 90 days
    /// @param defaultShareBps the receiver's share of a dispute that the arbiter did not decide in time
    /// @param milestones sixteen weights of 16 bits, the first leftmost, that cut `maxAmount` up; zero: no milestones
    /// @param metadata the hash of what is bought
    /// @param salt distinguishes orders with otherwise equal terms
    struct Order {
        address payer;
        address receiver;
        address operator;
        address arbiter;
        address token;
        address feeRecipient;
        uint96 maxAmount;
        uint16 minFeeBps;
        uint16 maxFeeBps;
        uint32 captureDeadline;
        uint32 refundDeadline;
        uint32 disputeWindow;
        uint32 rulingWindow;
        uint16 defaultShareBps;
        bytes32 milestones;
        bytes32 metadata;
        bytes32 salt;
    }

    /// @notice What the contract knows of an order.
    /// @param opened whether it was ever authorized; all else is zero before
    /// @param authorized taken from the payer and not captured
    /// @param pending captured, neither released nor disputed
    /// @param disputed frozen until it is split
    /// @param released paid to the receiver and the fee recipient, and not refunded
    /// @param feeBps the rate for what is released next
    /// @param releasableAt from when on anyone may release what is pending, and the payer may no longer dispute it
    /// @param rulableUntil from when on the arbiter can no longer split what is disputed, and anyone may by the default
    struct OrderState {
        bool opened;
        uint96 authorized;
        uint96 pending;
        uint96 disputed;
        uint96 released;
        uint16 feeBps;
        uint32 releasableAt;
        uint32 rulableUntil;
    }

    /// @notice The payer's money was taken in for an order. The chain alone suffices to rebuild every order.
    event OrderAuthorized(
        bytes32 indexed orderId,
        address indexed payer,
        address indexed receiver,
        Order order,
        uint96 amount
    );

    /// @notice `amount` was captured; it is pending until `releasableAt`, or released already when that is now.
    event OrderCaptured(bytes32 indexed orderId, uint96 amount, uint16 feeBps, uint256 releasableAt);

    /// @notice `amount` was released: `fee` of it to the fee recipient, the rest to the receiver.
    event OrderReleased(bytes32 indexed orderId, uint96 amount, uint96 fee);

    /// @notice The payer paid a milestone: `authorized` of `amount` had not been captured. `OrderReleased` follows.
    event MilestoneReleased(bytes32 indexed orderId, uint256 milestone, uint96 amount, uint96 authorized);

    /// @notice The receiver's side gave `amount` back to the payer, `pending` of it from what was held.
    event OrderRefunded(bytes32 indexed orderId, uint96 amount, uint96 pending);

    /// @notice The receiver's side gave up what was authorized.
    event OrderVoided(bytes32 indexed orderId, uint96 amount);

    /// @notice What was authorized went back to the payer after the capture deadline.
    event OrderReclaimed(bytes32 indexed orderId, uint96 amount);

    /// @notice The payer disputed what was pending; `disputed` is frozen in all, until `rulableUntil` for the arbiter.
    event OrderDisputed(bytes32 indexed orderId, uint96 disputed, uint256 rulableUntil);

    /// @notice The arbiter split what was disputed. The fee comes out of `toReceiver`, see `OrderReleased`.
    event OrderRuled(bytes32 indexed orderId, uint96 toReceiver, uint96 toPayer);

    /// @notice What was disputed was split by the order's default share.
    event OrderTimedOut(bytes32 indexed orderId, uint96 toReceiver, uint96 toPayer);

    /// @notice Both sides split everything that was held. The fee comes out of `toReceiver`, see `OrderReleased`.
    event OrderSettled(bytes32 indexed orderId, uint96 toReceiver, uint96 toPayer);

    /// @notice The payer of the terms is zero.
    error PayerIsZero();

    /// @notice The receiver of the terms is zero.
    error ReceiverIsZero();

    /// @notice The terms have a fee and nobody to receive it.
    error FeeRecipientIsZero(uint16 maxFeeBps);

    /// @notice The range of the fee is empty or goes beyond the whole.
    error FeeRangeInvalid(uint16 minFeeBps, uint16 maxFeeBps);

    /// @notice The default share is more than the whole.
    error ShareTooLarge(uint16 shareBps, uint16 whole);

    /// @notice The refund deadline lies before the capture deadline.
    error RefundDeadlineTooEarly(uint32 refundDeadline, uint32 captureDeadline);

    /// @notice A window is longer than allowed.
    error WindowTooLong(uint32 window, uint32 maximum);

    /// @notice The last possible decision of these terms lies beyond what 32 bits of seconds can tell.
    error DeadlineTooLate(uint256 deadline, uint256 maximum);

    /// @notice An arbiter or milestones would protect nobody without a dispute window.
    error DisputeWindowIsZero(address arbiter, bytes32 milestones);

    /// @notice An amount of zero was given.
    error AmountIsZero(bytes32 orderId);

    /// @notice The order was authorized before; its terms can never be used again.
    error OrderAlreadyAuthorized(bytes32 orderId);

    /// @notice The terms were never authorized.
    error OrderNotAuthorized(bytes32 orderId);

    /// @notice The money is not the payer's own.
    error PaymentNotFromPayer(bytes32 orderId, address from, address payer);

    /// @notice More was to be taken in than the terms allow.
    error AmountExceedsMaximum(bytes32 orderId, uint256 amount, uint256 maximum);

    /// @notice An order with milestones is authorized whole.
    error AmountBelowMilestones(bytes32 orderId, uint256 amount, uint256 maximum);

    /// @notice The capture deadline has passed.
    error CaptureTooLate(bytes32 orderId, uint256 captureDeadline, uint256 currentTime);

    /// @notice More was to be captured than is authorized.
    error AmountExceedsAuthorized(bytes32 orderId, uint256 amount, uint256 authorized);

    /// @notice The rate lies outside what the caller may choose.
    error FeeOutOfRange(bytes32 orderId, uint16 feeBps, uint16 minimum, uint16 maximum);

    /// @notice Another capture is not released yet, and milestones are captured one at a time.
    error MilestoneNotReleased(bytes32 orderId, uint256 pending, uint256 disputed);

    /// @notice More was to be captured than is left of the milestone.
    error AmountExceedsMilestone(bytes32 orderId, uint256 amount, uint256 left);

    /// @notice The order has no milestones.
    error NoMilestones(bytes32 orderId);

    /// @notice Another milestone than the named one is the current one.
    error MilestoneNotCurrent(bytes32 orderId, uint256 milestone, uint256 current);

    /// @notice Nothing is authorized.
    error NothingAuthorized(bytes32 orderId);

    /// @notice Nothing is pending.
    error NothingPending(bytes32 orderId);

    /// @notice Nothing is disputed.
    error NothingDisputed(bytes32 orderId);

    /// @notice Nothing is authorized, pending or disputed.
    error NothingHeld(bytes32 orderId);

    /// @notice The capture deadline has not passed.
    error ReclaimTooEarly(bytes32 orderId, uint256 captureDeadline, uint256 currentTime);

    /// @notice The dispute window is not over, and the caller is not the payer.
    error ReleaseTooEarly(bytes32 orderId, uint256 releasableAt, uint256 currentTime);

    /// @notice More was to be refunded than is pending or released.
    error RefundExceedsCaptured(bytes32 orderId, uint256 amount, uint256 captured);

    /// @notice The refund deadline has passed, and more was to be refunded than is pending.
    error RefundTooLate(bytes32 orderId, uint256 refundDeadline, uint256 currentTime);

    /// @notice The dispute window is over.
    error DisputeTooLate(bytes32 orderId, uint256 releasableAt, uint256 currentTime);

    /// @notice The arbiter's time is over; the default share decides.
    error RulingTooLate(bytes32 orderId, uint256 rulableUntil, uint256 currentTime);

    /// @notice The arbiter's time is not over.
    error TimeoutTooEarly(bytes32 orderId, uint256 rulableUntil, uint256 currentTime);

    /// @notice The two parts do not add up to what is to be split.
    error SplitMismatch(bytes32 orderId, uint256 sum, uint256 expected);

    /// @notice The settlement's deadline has passed.
    error SettlementExpired(bytes32 orderId, uint256 deadline, uint256 currentTime);

    /// @notice The settlement is not signed by the payer, who does not call either.
    error PayerDidNotAgree(bytes32 orderId, address payer);

    /// @notice The settlement is signed neither by the receiver nor by its operator, who do not call either.
    error ReceiverDidNotAgree(bytes32 orderId, address receiver, address operator);

    /// @notice Only the payer may do this.
    error CallerIsNotPayer(bytes32 orderId, address caller, address payer);

    /// @notice Only the receiver or its operator may do this.
    error CallerIsNotReceiver(bytes32 orderId, address caller, address receiver, address operator);

    /// @notice Only the payer, the receiver or its operator may do this.
    error CallerIsNoParty(bytes32 orderId, address caller);

    /// @notice Only the arbiter may do this.
    error CallerIsNotArbiter(bytes32 orderId, address caller, address arbiter);

    /// @notice Takes `amount` of the payer's money in for an order, before its capture deadline, once.
    /// @dev Anyone submits a signed payment; its purpose is the order's id.
    /// @param order the terms
    /// @param amount base units up to `maxAmount`; all of it when the order has milestones
    /// @param payment how the payer pays, see `Payments`; the native coin must be sent as exactly this value
    function authorize(Order calldata order, uint96 amount, bytes calldata payment) external payable;

    /// @notice Captures part of what is authorized, before the capture deadline. Receiver's side only, repeatedly.
    /// @dev Released at once without a dispute window; else all that is pending waits for the window from now on, except
    /// what waited long enough, which is released. With milestones, no further than the current one's end, and only when
    /// nothing captured before is pending or disputed.
    /// @param order the terms
    /// @param amount base units
    /// @param feeBps the rate for whatever is released from now on
    function capture(Order calldata order, uint96 amount, uint16 feeBps) external;

    /// @notice `authorize` and `capture` of the same amount at once, by the receiver's side or the payer.
    /// @param order the terms
    /// @param amount base units
    /// @param feeBps the rate; the payer may only choose the lowest
    /// @param payment as for `authorize`
    function charge(Order calldata order, uint96 amount, uint16 feeBps, bytes calldata payment) external payable;

    /// @notice Sends what is pending to the receiver: anyone once the dispute window is over, the payer at any time.
    /// @param order the terms
    function release(Order calldata order) external;

    /// @notice Sends what is left of the current milestone to the receiver, captured or not. Payer only.
    /// @param order the terms
    /// @param milestone the current milestone's number, from zero
    function releaseMilestone(Order calldata order, uint256 milestone) external;

    /// @notice Gives money back to the payer: what is pending first, then released money, which the receiver's side
    /// brings before the refund deadline. Receiver's side only.
    /// @param order the terms
    /// @param amount base units
    /// @param payment how the part that is not pending is paid, see `Payments`; the purpose of a signature is
    /// `keccak256(abi.encode(keccak256("Refund(bytes32 orderId)"), orderId))`
    function refund(Order calldata order, uint96 amount, bytes calldata payment) external payable;

    /// @notice Sends what is authorized back to the payer. Receiver's side only, at any time.
    /// @param order the terms
    function void(Order calldata order) external;

    /// @notice Sends what is authorized back to the payer from the capture deadline on. Anyone may call.
    /// @param order the terms
    function reclaim(Order calldata order) external;

    /// @notice Freezes what is pending, within the dispute window. Payer only.
    /// @param order the terms
    function dispute(Order calldata order) external;

    /// @notice Splits what is disputed, within the ruling window. Arbiter only.
    /// @param order the terms
    /// @param toReceiver base units, of which the fee is taken
    /// @param toPayer base units; both add up to what is disputed
    function rule(Order calldata order, uint96 toReceiver, uint96 toPayer) external;

    /// @notice Splits what is disputed by the default share, once the ruling window is over. Anyone may call.
    /// @param order the terms
    function resolveByTimeout(Order calldata order) external;

    /// @notice Splits everything that is held as both sides agreed. A side that calls has agreed.
    /// @dev Signatures are of `Settlement(bytes32 orderId,uint96 toReceiver,uint96 toPayer,uint256 deadline)`, in any
    /// form that stream channels accept.
    /// @param order the terms
    /// @param toReceiver base units, of which the fee is taken
    /// @param toPayer base units; both add up to what is authorized, pending and disputed
    /// @param deadline the last second in which the agreement holds
    /// @param payerSignature the payer's; ignored when the payer calls
    /// @param receiverSignature the receiver's or operator's; ignored when one of them calls
    function settle(
        Order calldata order,
        uint96 toReceiver,
        uint96 toPayer,
        uint256 deadline,
        bytes calldata payerSignature,
        bytes calldata receiverSignature
    ) external;

    /// @notice The id of these terms on this chain and contract.
    /// @param order the terms
    /// @return the hash of chain id, contract and terms
    function orderId(Order calldata order) external view returns (bytes32);

    /// @notice What the contract knows of an order.
    /// @param id the order's id
    function orderState(bytes32 id) external view returns (OrderState memory);
}
