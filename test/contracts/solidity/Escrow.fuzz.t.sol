// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IEscrow } from "../../../contracts/interfaces/IEscrow.sol";
import { Fees } from "../../../contracts/libraries/Fees.sol";
import { Milestones } from "../../../contracts/libraries/Milestones.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { bound, deploy, vm } from "./Vm.sol";

/// @notice Single operations with any amounts, rates and times, against what the product's page says of them.
contract EscrowFuzzTest {
    address private constant PAYER = address(0xa11ce);
    address private constant RECEIVER = address(0xb0b);
    address private constant FEES = address(0xfee);
    uint256 private constant START = 1_800_000_000;

    IEscrow private escrow;
    PlainToken private token;

    function setUp() external {
        escrow = IEscrow(deploy("Escrow.sol:Escrow"));
        token = new PlainToken();
        token.mint(PAYER, type(uint96).max);
        token.mint(RECEIVER, type(uint96).max);
        vm.prank(PAYER);
        token.approve(address(escrow), type(uint256).max);
        vm.prank(RECEIVER);
        token.approve(address(escrow), type(uint256).max);
        vm.warp(START);
    }

    /// @notice The id is what `abi.encode` gives, here and on no other chain.
    function testFuzz_E7_idIsTheHashOfItsEncoding(IEscrow.Order calldata order, uint64 chainId) external {
        vm.assume(chainId != block.chainid && chainId != 0);
        bytes32 id = escrow.orderId(order);
        assert(id == keccak256(abi.encode(block.chainid, address(escrow), order)));
        vm.chainId(chainId);
        assert(escrow.orderId(order) != id);
    }

    /// @notice However an amount is cut up, and at whatever rates, fees are the carried sum, and never more than is paid.
    function testFuzz_E4_feesAreTheCarriedSum(uint96[8] calldata amounts, uint16[8] calldata rates) external pure {
        uint256 due;
        uint256 fees;
        uint16 left;
        for (uint256 i = 0; i < 8; ++i) {
            uint16 bps = uint16(bound(rates[i], 0, Fees.WHOLE));
            uint96 fee;
            (fee, left) = Fees.accrue(amounts[i], bps, left);
            assert(fee <= amounts[i] || amounts[i] == 0);
            due += uint256(amounts[i]) * bps;
            fees += fee;
        }
        assert(fees == due / Fees.WHOLE && left == due % Fees.WHOLE);
    }

    /// @notice Milestones cover the whole amount without gap, in order, each by its share of the weights.
    function testFuzz_E3_milestonesCoverTheAmount(bytes32 weights, uint96 amount) external pure {
        vm.assume(weights != 0 && amount != 0);
        uint256 done;
        uint256 last;
        for (uint256 i = 0; done < amount; ++i) {
            (uint256 index, uint256 end) = Milestones.current(weights, amount, done);
            assert(index < 16 && end > done && end <= amount && (i == 0 || index > last));
            (uint256 same, uint256 sameEnd) = Milestones.current(weights, amount, end - 1);
            assert(same == index && sameEnd == end);
            (done, last) = (end, index);
        }
        assert(done == amount);
    }

    /// @notice Two captures, a refund of any size and the rest back: every unit leaves once, to whom it belongs.
    function testFuzz_E2_E7_everyUnitLeavesOnce(
        uint96 amount,
        uint96 first,
        uint96 second,
        uint96 back,
        uint16 rate
    ) external {
        IEscrow.Order memory order = _order(0);
        amount = uint96(bound(amount, 2, type(uint96).max));
        first = uint96(bound(first, 1, amount - 1));
        second = uint96(bound(second, 1, amount - first));
        vm.prank(PAYER);
        escrow.authorize(order, amount, "");
        vm.prank(RECEIVER);
        escrow.capture(order, first, 0);
        rate = uint16(bound(rate, 0, 10_000));
        vm.prank(RECEIVER);
        escrow.capture(order, second, rate);
        uint256 fee = (uint256(second) * rate) / 10_000;
        assert(token.balanceOf(FEES) == fee);
        assert(token.balanceOf(RECEIVER) == type(uint96).max + uint256(first) + second - fee);

        // The receiver may bring back all that was released, and not a unit more.
        bool fine = back != 0 && back <= first + second;
        if (!fine) vm.expectRevert();
        vm.prank(RECEIVER);
        escrow.refund(order, back, "");
        vm.warp(order.captureDeadline);
        if (amount == first + second) vm.expectRevert();
        escrow.reclaim(order);
        assert(token.balanceOf(PAYER) == type(uint96).max - uint256(first) - second + (fine ? back : 0));
        assert(token.balanceOf(address(escrow)) == 0);
    }

    /// @notice Money in its window is disputable and not releasable, then the other way round, to the second.
    function testFuzz_E5_E6_theWindowDecides(uint32 window, uint32 wait) external {
        IEscrow.Order memory order = _order(uint32(bound(window, 1, 90 days)));
        vm.prank(PAYER);
        escrow.authorize(order, 100, "");
        vm.prank(RECEIVER);
        escrow.capture(order, 100, 0);
        uint256 waited = bound(wait, 0, 2 * uint256(order.disputeWindow));
        vm.warp(START + waited);
        bool over = waited >= order.disputeWindow;
        if (over) vm.expectRevert();
        vm.prank(PAYER);
        escrow.dispute(order);
        if (!over) vm.expectRevert();
        escrow.release(order);
        assert(token.balanceOf(RECEIVER) == type(uint96).max + uint256(over ? 100 : 0));
    }

    /// @notice A dispute that nobody decides is split by the default share, to the unit, once the time is over.
    function testFuzz_E12_theDefaultShareDecides(uint96 amount, uint16 share, uint32 window, uint32 wait) external {
        IEscrow.Order memory order = _order(1 days);
        order.rulingWindow = uint32(bound(window, 0, 90 days));
        order.defaultShareBps = uint16(bound(share, 0, 10_000));
        amount = uint96(bound(amount, 1, type(uint96).max));
        vm.prank(PAYER);
        escrow.authorize(order, amount, "");
        vm.prank(RECEIVER);
        escrow.capture(order, amount, 0);
        vm.prank(PAYER);
        escrow.dispute(order);
        uint256 waited = bound(wait, 0, 2 * uint256(order.rulingWindow));
        vm.warp(START + waited);
        bool over = waited >= order.rulingWindow;
        if (!over) vm.expectRevert();
        escrow.resolveByTimeout(order);
        uint256 toReceiver = over ? (uint256(amount) * order.defaultShareBps) / 10_000 : 0;
        assert(token.balanceOf(RECEIVER) == type(uint96).max + toReceiver);
        assert(token.balanceOf(PAYER) == type(uint96).max - amount + (over ? amount - toReceiver : 0));
    }

    function _order(uint32 disputeWindow) private view returns (IEscrow.Order memory order) {
        order.payer = PAYER;
        order.receiver = RECEIVER;
        order.token = address(token);
        order.feeRecipient = FEES;
        order.maxAmount = type(uint96).max;
        order.maxFeeBps = 10_000;
        order.captureDeadline = uint32(START + 365 days);
        order.refundDeadline = uint32(START + 365 days);
        order.disputeWindow = disputeWindow;
    }
}
