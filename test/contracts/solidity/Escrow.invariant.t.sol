// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IEscrow } from "../../../contracts/interfaces/IEscrow.sol";
import { EscrowHandler } from "./EscrowHandler.sol";
import { OrderBelief } from "./EscrowModel.sol";

/// @dev The runner calls only what a test file itself declares.
contract OrdersHandler is EscrowHandler {}

/// @notice The invariants of the contract, after any sequence of what people may do.
/// @dev The handler compares the contract's state, every payment and every refusal with a model after each action and
/// reverts on the first difference, which is where E3, E5 to E7 (what must succeed does, what must not does not), E8 (a
/// wallet that refuses is kept its money), E9 to E12 would show. What remains are sums.
contract EscrowInvariantTest {
    OrdersHandler private handler;

    mapping(bytes4 action => uint256 count) private _done;
    uint256 private _reentries;

    error TooRare(bytes4 action, uint256 count, uint256 expected);

    function setUp() external {
        handler = new OrdersHandler();
    }

    /// @dev Read by the runner: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Per token, the contract holds exactly what it holds for orders, keeps for wallets that refuse, and was
    /// given; per order, what came in is there, went to the receiver's side or went back; fees are the carried sum.
    /// @dev One invariant, not three: each walks alone, and a walk takes gigabytes of the runner's memory.
    function invariant_E1_E2_E4_everythingIsAccountedFor() external view {
        _accountsAddUp();
    }

    /// @notice The handler is no test if it is always refused: on a long walk every action gets through often, and after
    /// each walk everybody gets out by the last window.
    function test_E5_everyActionOfTheHandlerGetsThrough() external {
        uint256 dice = uint256(keccak256("walk"));
        for (uint256 walk = 0; walk < 20; ++walk) {
            handler = new OrdersHandler();
            for (uint256 step = 0; step < 120; ++step) {
                dice = uint256(keccak256(abi.encode(dice)));
                _act(dice % 20, dice >> 8, uint256(keccak256(abi.encode(dice, "size"))));
            }
            handler.end();
            _accountsAddUp();
            for (uint256 i = 0; i < 6; ++i) {
                assert(handler.held(i) == 0);
            }
            _countAll();
        }
        _atLeast(handler.authorize.selector, 80);
        _atLeast(handler.charge.selector, 5);
        _atLeast(handler.capture.selector, 100);
        _atLeast(handler.release.selector, 15);
        _atLeast(handler.releaseMilestone.selector, 15);
        _atLeast(handler.refund.selector, 40);
        _atLeast(IEscrow.void.selector, 4);
        _atLeast(IEscrow.reclaim.selector, 4);
        _atLeast(handler.dispute.selector, 15);
        _atLeast(handler.rule.selector, 5);
        _atLeast(handler.resolveByTimeout.selector, 4);
        _atLeast(handler.settle.selector, 8);
        _atLeast(handler.intrude.selector, 80);
        _atLeast(handler.withdrawOwed.selector, 5);
        if (_reentries < 100) revert TooRare(0, _reentries, 100);
    }

    function _act(uint256 action, uint256 seed, uint256 size) private {
        if (action < 4) handler.authorize(seed, size);
        else if (action == 4) handler.charge(seed, size, size % 4 != 0);
        else if (action < 8) handler.capture(seed, size, size >> 128);
        else if (action == 8) handler.release(seed, size % 3 == 0);
        else if (action == 9) handler.releaseMilestone(seed, size);
        else if (action == 10) handler.refund(seed, size);
        else if (action == 11) handler.dispute(seed);
        else if (action == 12) handler.rule(seed, size);
        else if (action == 13) handler.resolveByTimeout(seed);
        else if (action == 14) handler.intrude(seed, size);
        else if (action == 15) handler.withdrawOwed(size % 2 == 0);
        else if (action == 16) handler.plot(seed, size, size % 5 == 0, size % 7 == 0);
        else if (action == 17) handler.pass(seed);
        else if (size % 5 == 0) handler.settle(seed, size >> 8, uint8(size >> 64));
        else if (size % 5 == 1) handler.giveBack(seed, seed % 4 == 0);
        else if (size % 5 == 2) handler.donate(seed, size >> 8);
        else handler.pass(seed);
    }

    function _countAll() private {
        _count(handler.authorize.selector);
        _count(handler.charge.selector);
        _count(handler.capture.selector);
        _count(handler.release.selector);
        _count(handler.releaseMilestone.selector);
        _count(handler.refund.selector);
        _count(IEscrow.void.selector);
        _count(IEscrow.reclaim.selector);
        _count(handler.dispute.selector);
        _count(handler.rule.selector);
        _count(handler.resolveByTimeout.selector);
        _count(handler.settle.selector);
        _count(handler.intrude.selector);
        _count(handler.withdrawOwed.selector);
        _reentries += handler.reentriesTried();
    }

    function _count(bytes4 action) private {
        _done[action] += handler.done(action);
    }

    function _atLeast(bytes4 action, uint256 expected) private view {
        if (_done[action] < expected) revert TooRare(action, _done[action], expected);
    }

    function _accountsAddUp() private view {
        uint256[3] memory held;
        for (uint256 i = 0; i < 6; ++i) {
            held[
                i < 2
                    ? 0
                    : i == 2
                        ? 1
                        : 2
            ] += handler.held(i);
            OrderBelief memory b = handler.belief(i);
            assert(b.takenIn == b.authorized + b.pending + b.disputed + b.toReceiverSide + b.toPayer);
            assert(b.fees == b.feeDue / 10_000 && b.released <= b.toReceiverSide);
        }
        address hostile = address(handler.hostile());
        address spiteful = address(handler.spiteful());
        uint256 kept = handler.kept(hostile) + handler.kept(spiteful);
        _holds(address(handler.plain()), held[0]);
        _holds(address(handler.evil()), held[1]);
        _holds(address(0), held[2] + kept);
        assert(handler.escrow().owed(hostile, address(0)) == handler.kept(hostile));
        assert(handler.escrow().owed(spiteful, address(0)) == handler.kept(spiteful));
    }

    function _holds(address token, uint256 owed) private view {
        assert(handler.balance(token, address(handler.escrow())) == owed + handler.donated(token));
    }
}
