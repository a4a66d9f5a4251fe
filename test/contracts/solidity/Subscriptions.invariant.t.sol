// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { SubscriptionHandler } from "./SubscriptionHandler.sol";

/// @dev The runner calls only what a test file itself declares.
contract SubscribersHandler is SubscriptionHandler {}

/// @notice The invariants of the contract, after any sequence of what people may do.
/// @dev The handler compares the contract's state, every payment and every refusal with a model after each action and
/// reverts on the first difference, which is where S2 to S11 would show. What remains is a sum.
contract SubscriptionsInvariantTest {
    SubscribersHandler private handler;

    mapping(bytes4 action => uint256 count) private _done;
    uint256 private _reentries;

    error TooRare(bytes4 action, uint256 count, uint256 expected);

    function setUp() external {
        handler = new SubscribersHandler();
    }

    /// @dev Read by the runner: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Per token, the contract holds exactly the prepaid balances, what it keeps for wallets that refuse, and what
    /// it was given.
    function invariant_S1_prepaidBalancesAreThere() external view {
        _balancesAreThere();
    }

    /// @notice The handler is no test if it is always refused: on a long walk every action gets through often.
    function test_everyActionOfTheHandlerGetsThrough() external {
        uint256 dice = uint256(keccak256("walk"));
        for (uint256 walk = 0; walk < 10; ++walk) {
            handler = new SubscribersHandler();
            for (uint256 step = 0; step < 200; ++step) {
                dice = uint256(keccak256(abi.encode(dice)));
                _act(dice % 24, dice >> 8, uint256(keccak256(abi.encode(dice, "size"))));
            }
            _balancesAreThere();
            _countAll();
        }
        _atLeast(handler.createPlan.selector, 30);
        _atLeast(handler.setPrice.selector, 20);
        _atLeast(handler.subscribe.selector, 50);
        _atLeast(handler.charge.selector, 12);
        _atLeast(handler.chargeBatch.selector, 5);
        _atLeast(handler.pause.selector, 15);
        _atLeast(handler.resume.selector, 8);
        _atLeast(handler.cancel.selector, 20);
        _atLeast(handler.changePlan.selector, 5);
        _atLeast(handler.fund.selector, 25);
        _atLeast(handler.withdraw.selector, 40);
        _atLeast(handler.forge.selector, 40);
        _atLeast(handler.withdrawOwed.selector, 1);
        if (_reentries < 20) revert TooRare(0, _reentries, 20);
    }

    function _act(uint256 action, uint256 seed, uint256 size) private {
        if (action < 2) handler.createPlan(seed, size % 4 != 0);
        else if (action == 2) handler.setPrice(seed, size);
        else if (action < 7) handler.subscribe(seed, size, size >> 3);
        else if (action < 11) handler.charge(seed);
        else if (action == 11) handler.chargeBatch(seed);
        else if (action == 12) handler.pause(seed, size % 2 == 0);
        else if (action < 15) handler.resume(seed, size % 2 == 0);
        else if (action == 15) handler.cancel(seed, size);
        else if (action == 16) handler.changePlan(seed, size);
        else if (action == 17) handler.fund(seed, size);
        else if (action == 18) handler.withdraw(seed, size);
        else if (action == 19) handler.forge(seed, size);
        else if (action == 20) handler.plot(seed, size, size % 5 == 0, size % 2 == 0);
        else if (action == 21) handler.withdrawOwed(true);
        else if (action == 22 && size % 3 == 0) handler.allow(seed);
        else if (action == 22 && size % 3 == 1) handler.donate(seed, size >> 8);
        else handler.pass(seed);
    }

    function _countAll() private {
        _count(handler.createPlan.selector);
        _count(handler.setPrice.selector);
        _count(handler.subscribe.selector);
        _count(handler.charge.selector);
        _count(handler.chargeBatch.selector);
        _count(handler.pause.selector);
        _count(handler.resume.selector);
        _count(handler.cancel.selector);
        _count(handler.changePlan.selector);
        _count(handler.fund.selector);
        _count(handler.withdraw.selector);
        _count(handler.forge.selector);
        _count(handler.withdrawOwed.selector);
        _reentries += handler.reentriesTried();
    }

    function _count(bytes4 action) private {
        _done[action] += handler.done(action);
    }

    function _atLeast(bytes4 action, uint256 expected) private view {
        if (_done[action] < expected) revert TooRare(action, _done[action], expected);
    }

    function _balancesAreThere() private view {
        uint256[5] memory funds;
        for (uint256 plan = 0; plan < 5; ++plan) {
            for (uint256 who = 0; who < 3; ++who) {
                funds[plan] += handler.belief(plan, who).balance;
            }
        }
        uint256 kept = handler.kept(address(handler.hostile())) + handler.kept(address(handler.spiteful()));
        _holds(address(handler.plain()), funds[0] + funds[1] + funds[4]);
        _holds(address(handler.evil()), funds[2]);
        _holds(address(0), funds[3] + kept);
    }

    function _holds(address token, uint256 owed) private view {
        assert(handler.balance(token, address(handler.subscriptions())) == owed + handler.donated(token));
    }
}
