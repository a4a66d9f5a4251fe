// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IEscrow } from "../../../contracts/interfaces/IEscrow.sol";
import { Ground } from "./Ground.sol";
import { deploy, vm } from "./Vm.sol";

/// @notice What must be true of one order, kept without looking at the contract.
struct OrderBelief {
    bool opened;
    uint256 authorized;
    uint256 pending;
    uint256 disputed;
    uint256 released;
    uint256 feeBps;
    uint256 releasableAt;
    uint256 rulableUntil;
    /// Every base unit that came in, and where those went that left.
    uint256 takenIn;
    uint256 toReceiverSide;
    uint256 toPayer;
    /// The sum of rate times amount, in ten-thousandths, and what the fee recipient got of it.
    uint256 feeDue;
    uint256 fees;
}

/// @title The people, tokens and orders of the invariant tests, and what is believed of them
/// @dev Six orders over a plain token, a re-entrant token and the native coin: with and without dispute window, arbiter and
/// milestones; hostile wallets as payer, as receiver and as fee recipient.
abstract contract EscrowModel is Ground {
    uint256 internal constant ORDERS = 6;
    uint256 internal constant PAYER_KEY = 0xa11ce;
    uint256 internal constant RECEIVER_KEY = 0xb0b;
    uint256 internal constant OPERATOR_KEY = 0x0b0b;
    address internal constant ARBITER = address(0xa4b);
    address internal constant FEES = address(0xfee);
    address internal constant STRANGER = address(0x57a);

    IEscrow public immutable escrow;

    IEscrow.Order[ORDERS] internal _orders;
    OrderBelief[ORDERS] internal _beliefs;
    bytes32[ORDERS] public ids;

    /// @dev Who has what before an action.
    struct Holdings {
        uint256 payer;
        uint256 receiver;
        uint256 fees;
        uint256 held;
    }

    constructor() {
        escrow = IEscrow(deploy("Escrow.sol:Escrow"));
        address payer = vm.addr(PAYER_KEY);
        address receiver = vm.addr(RECEIVER_KEY);
        _orders[0] = _order(payer, receiver, address(plain), FEES);
        _orders[1] = _order(payer, receiver, address(plain), FEES);
        _orders[2] = _order(payer, receiver, address(evil), FEES);
        _orders[3] = _order(address(hostile), receiver, address(0), FEES);
        _orders[4] = _order(payer, address(spiteful), address(0), address(hostile));
        _orders[5] = _order(address(hostile), address(spiteful), address(0), FEES);
        for (uint256 i = 1; i < ORDERS; ++i) {
            if (i == 4) continue;
            _orders[i].disputeWindow = 1 days;
            _orders[i].defaultShareBps = uint16(2_500 * (i % 3));
            if (i == 3) continue;
            _orders[i].arbiter = ARBITER;
            _orders[i].rulingWindow = 1 days;
        }
        _orders[2].milestones = bytes32(hex"000100030001");
        _orders[5].milestones = bytes32(hex"000900000001");
        for (uint256 i = 0; i < ORDERS; ++i) {
            ids[i] = escrow.orderId(_orders[i]);
            _stock(_orders[i].payer);
            _stock(_orders[i].receiver);
            _stock(_orders[i].feeRecipient);
        }
    }

    function belief(uint256 index) external view returns (OrderBelief memory) {
        return _beliefs[index];
    }

    function order(uint256 index) external view returns (IEscrow.Order memory) {
        return _orders[index];
    }

    /// @notice What the contract holds for an order.
    function held(uint256 index) public view returns (uint256) {
        OrderBelief storage b = _beliefs[index];
        return b.authorized + b.pending + b.disputed;
    }

    function _contract() internal view override returns (address) {
        return address(escrow);
    }

    function _holdings(uint256 index) internal view returns (Holdings memory h) {
        IEscrow.Order storage o = _orders[index];
        h.payer = balance(o.token, o.payer);
        h.receiver = balance(o.token, o.receiver);
        h.fees = balance(o.token, o.feeRecipient);
        h.held = balance(o.token, address(escrow));
    }

    /// @dev Believes that `amount` was released, and holds the balances against it and what the payer got besides.
    function _released(uint256 index, Holdings memory h, uint256 amount, uint256 toPayer) internal {
        OrderBelief storage b = _beliefs[index];
        b.feeDue += amount * b.feeBps;
        uint256 fee = b.feeDue / 10_000 - b.fees;
        b.fees += fee;
        b.released += amount;
        b.toReceiverSide += amount;
        b.toPayer += toPayer;
        IEscrow.Order storage o = _orders[index];
        _got(o.token, o.feeRecipient, h.fees, fee);
        _got(o.token, o.receiver, h.receiver, amount - fee);
        _got(o.token, o.payer, h.payer, toPayer);
    }

    /// @dev Where the milestone ends that goes on at `at`, and which it is: worked out from the page, not the contract.
    function _milestoneAt(uint256 index, uint256 at) internal view returns (uint256 number, uint256 end) {
        uint256 amount = _orders[index].maxAmount;
        uint256[3] memory weights = index == 2 ? [uint256(1), 3, 1] : [uint256(9), 0, 1];
        uint256 total = weights[0] + weights[1] + weights[2];
        uint256 sum;
        for (number = 0; number < 3; ++number) {
            sum += weights[number];
            end = (amount * sum) / total;
            if (end > at) break;
        }
    }

    function _settlement(
        uint256 index,
        uint96 toReceiver,
        uint96 toPayer,
        uint256 deadline
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Settlement(bytes32 orderId,uint96 toReceiver,uint96 toPayer,uint256 deadline)");
        return _typed("Sluice Escrow", keccak256(abi.encode(typeHash, ids[index], toReceiver, toPayer, deadline)));
    }

    function _order(
        address payer,
        address receiver,
        address token,
        address feeRecipient
    ) private view returns (IEscrow.Order memory o) {
        o.payer = payer;
        o.receiver = receiver;
        o.operator = vm.addr(OPERATOR_KEY);
        o.token = token;
        o.feeRecipient = feeRecipient;
        o.maxAmount = 1_000_003;
        o.minFeeBps = 7;
        o.maxFeeBps = 333;
        o.captureDeadline = uint32(time + 4 days);
        o.refundDeadline = uint32(time + 7 days);
    }
}
