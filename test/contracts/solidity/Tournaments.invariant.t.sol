// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ITournaments } from "../../../contracts/interfaces/ITournaments.sol";
import { TournamentBelief } from "./TournamentModel.sol";
import { TournamentSigners } from "./TournamentSigners.sol";

/// @dev The runner calls only what a test file itself declares.
contract TournamentsHandler is TournamentSigners {}

/// @notice The invariants of the contract, after any sequence of what people may do.
/// @dev The handler compares the contract's state, every payment and every refusal with a model after each action and
/// reverts on the first difference, which is where T3 to T12 would show. What remains are sums.
contract TournamentsInvariantTest {
    TournamentsHandler private handler;

    error TooRare(bytes4 action, uint256 count, uint256 expected);

    function setUp() external {
        handler = new TournamentsHandler();
    }

    /// @dev Read by the runner: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Per token, the contract holds exactly what it holds for its tournaments and keeps for a refusing wallet;
    /// per tournament, what is held is what its stage says, and nothing once it is paid.
    /// @dev One invariant, not two: each walks alone, and a walk takes gigabytes of the runner's memory.
    function invariant_T1_T2_everythingIsAccountedFor() external view {
        _balancesCoverLiabilities();
        _heldFollowsFromTheStage();
    }

    /// @notice The handler is no test if it is always refused: four tournaments, each to another end, take it through all
    /// of its actions, with the hostile contracts trying to come back in.
    function test_everyActionOfTheHandlerGetsThrough() external {
        uint256 day = (86_399 << 8) | 1;
        handler.plot(1, false);
        for (uint256 i = 0; i < 4; ++i) {
            handler.create(i);
            for (uint256 who = 1; who < 5; ++who) {
                handler.join(i, who);
            }
            handler.leave(i, 1);
            handler.sponsor(i, 500);
        }
        handler.pass(day);
        handler.pass(day);
        for (uint256 i = 0; i < 4; ++i) {
            handler.submitResult(i, uint256(keccak256(abi.encode(i))));
            if (i != 0) handler.challenge(i, 2);
        }
        handler.rule(1, 7);
        handler.annul(2);
        handler.pass(day);
        handler.finalize(0);
        handler.cancel(3, false);
        for (uint256 who = 0; who < 5; ++who) {
            handler.claim(1, who);
        }
        handler.withdrawOwed();
        for (uint256 who = 0; who < 6; ++who) {
            handler.pay(0, who);
            handler.pay(1, who);
            handler.refund(2, who);
            handler.refund(3, who);
        }
        _reached(handler.create.selector, 4);
        _reached(handler.join.selector, 16);
        _reached(handler.leave.selector, 4);
        _reached(handler.sponsor.selector, 4);
        _reached(handler.submitResult.selector, 4);
        _reached(handler.challenge.selector, 3);
        _reached(handler.rule.selector, 1);
        _reached(handler.annul.selector, 1);
        _reached(handler.finalize.selector, 1);
        _reached(handler.claim.selector, 1);
        _reached(handler.pay.selector, 1);
        _reached(handler.cancel.selector, 1);
        _reached(handler.refund.selector, 12);
        assert(
            handler.belief(0).stage == ITournaments.Stage.Paid && handler.belief(1).stage == ITournaments.Stage.Paid
        );
        assert(handler.belief(2).held == 0 && handler.belief(3).held == 0);
        if (handler.reentriesTried() < 10) revert TooRare(0, handler.reentriesTried(), 10);
        _balancesCoverLiabilities();
    }

    /// @notice What is signed gets through once, and nothing that was signed for something else.
    function test_everythingSignedGetsThrough() external {
        uint256 day = (86_399 << 8) | 1;
        for (uint256 i = 0; i < 2; ++i) {
            handler.create(i);
        }
        // The first pays for the second, twice; for the third what was signed for something else; and then for itself.
        handler.joinSigned(1, 256, 2);
        handler.leave(0, 1);
        handler.joinSigned(1, 256, 8);
        handler.joinSigned(1, 2 * 256, 9);
        handler.joinSigned(2, 5 * 256, 2);
        handler.joinSigned(3, 256 + 1, 2);
        handler.joinSigned(4, 4 * 256 + 2, 2);
        for (uint256 who = 2; who < 5; ++who) {
            handler.join(1, who);
        }
        _reached(handler.joinSigned.selector, 4);
        handler.pass(day);
        handler.pass(day);
        for (uint256 i = 0; i < 2; ++i) {
            handler.submitResult(i, 9);
        }
        handler.challengeSigned(1, 0, 9);
        handler.challengeSigned(1, 0, 2);
        handler.confirm(1, 0);
        handler.confirm(1, 4);
        handler.confirm(1, 1);
        _reached(handler.challengeSigned.selector, 1);
        _reached(handler.confirm.selector, 1);
        assert(handler.belief(0).stage == ITournaments.Stage.Disputed && handler.belief(0).players == 3);
        assert(handler.belief(1).stage == ITournaments.Stage.Final);
        _balancesCoverLiabilities();
        _heldFollowsFromTheStage();
    }

    function _reached(bytes4 action, uint256 expected) private view {
        if (handler.done(action) < expected) revert TooRare(action, handler.done(action), expected);
    }

    function _balancesCoverLiabilities() private view {
        address contract_ = address(handler.tournaments());
        uint256[3] memory held;
        for (uint256 i = 0; i < 4; ++i) {
            held[i % 3] += handler.belief(i).held;
        }
        assert(handler.balance(address(handler.plain()), contract_) == held[0]);
        assert(handler.balance(address(handler.evil()), contract_) == held[1]);
        assert(handler.balance(address(0), contract_) == held[2] + handler.kept());
        assert(handler.tournaments().owed(address(handler.hostile()), address(0)) == handler.kept());
    }

    function _heldFollowsFromTheStage() private view {
        for (uint256 i = 0; i < 4; ++i) {
            TournamentBelief memory b = handler.belief(i);
            ITournaments.Terms memory terms = handler.terms(i);
            uint256 pot = uint256(terms.stake) * b.players + b.sponsored;
            if (b.stage == ITournaments.Stage.None || b.stage == ITournaments.Stage.Paid) assert(b.held == 0);
            if (b.stage == ITournaments.Stage.Open || b.stage == ITournaments.Stage.Reported) {
                assert(b.held == pot + terms.bond);
            }
            if (b.stage == ITournaments.Stage.Disputed) assert(b.held == pot + terms.bond + terms.challengeBond);
            if (b.stage == ITournaments.Stage.Final) assert(b.held == b.unpaid + b.rakeLeft && b.held <= pot);
        }
    }
}
