// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Belief } from "./ChannelModel.sol";
import { ChannelHandler } from "./ChannelHandler.sol";

/// @dev The runner calls only what a test file itself declares.
contract Handler is ChannelHandler {}

/// @notice The invariants of the contract, after any sequence of what people may do.
/// @dev The handler compares the contract's state, every payment and every refusal with a model after each action and
/// reverts on the first difference, which is where I3 (totals only grow), I4 (no other channel changes), I6, I7 and
/// I14 (what must succeed does), I8 (deadlines stand), I9 and I10 (closed for ever), I11 (no voucher serves twice),
/// I12 and I13 (repetition and order change nothing) would show. What remains are sums over all channels.
contract StreamChannelsInvariantTest {
    Handler private handler;

    mapping(bytes4 action => uint256 count) private _done;
    uint256 private _reentries;

    error TooRare(bytes4 action, uint256 count, uint256 expected);

    function setUp() external {
        handler = new Handler();
    }

    /// @dev Read by the runner: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Per token, the contract holds what it owes, and beyond that only what it was given.
    function invariant_I1_balanceCoversLiabilities() external view {
        _holdsWhatItOwes(address(handler.plain()));
        _holdsWhatItOwes(address(handler.evil()));
        _holdsWhatItOwes(address(0));
    }

    /// @notice Per channel, claimed and refunded never exceed the deposit and are the deposit once it is closed, nobody
    /// got more than was signed for, and the operator got nothing; for the rest see the handler.
    function invariant_I2_to_I14_modelAgrees() external view {
        for (uint256 i = 0; i < 8; ++i) {
            Belief memory b = handler.belief(i);
            assert(b.claimed + b.refunded <= b.deposited);
            if (b.closed) assert(b.claimed + b.refunded == b.deposited);
            assert(b.claimed <= b.highestSigned);
            assert(handler.balance(handler.terms(i).token, handler.terms(i).operator) == 0);
        }
    }

    /// @notice The handler is no test if it is always refused: on a long walk every action gets through often.
    function test_everyActionOfTheHandlerGetsThrough() external {
        uint256 dice = uint256(keccak256("walk"));
        for (uint256 walk = 0; walk < 20; ++walk) {
            handler = new Handler();
            for (uint256 step = 0; step < 120; ++step) {
                dice = uint256(keccak256(abi.encode(dice)));
                _act(dice % 12, dice >> 8, uint256(keccak256(abi.encode(dice, "size"))));
            }
            _count(handler.deposit.selector);
            _count(handler.claim.selector);
            _count(handler.claimBatch.selector);
            _count(handler.claimForged.selector);
            _count(handler.close.selector);
            _count(handler.requestClose.selector);
            _count(handler.withdraw.selector);
            _reentries += handler.reentriesTried();
        }
        _atLeast(handler.deposit.selector, 200);
        _atLeast(handler.claim.selector, 50);
        _atLeast(handler.claimBatch.selector, 20);
        _atLeast(handler.claimForged.selector, 100);
        _atLeast(handler.close.selector, 20);
        _atLeast(handler.requestClose.selector, 20);
        _atLeast(handler.withdraw.selector, 10);
        if (_reentries < 50) revert TooRare(0, _reentries, 50);
    }

    function _act(uint256 action, uint256 seed, uint256 size) private {
        if (action < 2) handler.deposit(seed, size);
        else if (action < 4) handler.sign(seed, size);
        else if (action == 4) handler.claim(seed, size);
        else if (action == 5) handler.claimBatch(seed, size);
        else if (action == 6) handler.claimForged(seed, size);
        else if (action == 7) handler.close(seed, size, size >> 128);
        else if (action == 8) handler.requestClose(seed, size % 3 != 0);
        else if (action == 9) handler.withdraw(seed);
        else if (action == 10) handler.pass(seed);
        else if (size % 3 == 0) handler.donate(seed, size >> 8);
        else handler.plot(seed, size, size % 5 == 0, size % 7 == 0);
    }

    function _atLeast(bytes4 action, uint256 expected) private view {
        if (_done[action] < expected) revert TooRare(action, _done[action], expected);
    }

    function _count(bytes4 action) private {
        _done[action] += handler.done(action);
    }

    function _holdsWhatItOwes(address token) private view {
        uint256 owed;
        for (uint256 i = 0; i < 8; ++i) {
            if (handler.terms(i).token != token) continue;
            Belief memory b = handler.belief(i);
            if (!b.closed) owed += b.deposited - b.claimed;
        }
        assert(handler.balance(token, address(handler.channels())) == owed + handler.donated(token));
    }
}
