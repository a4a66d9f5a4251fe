// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IEscrow } from "../../../contracts/interfaces/IEscrow.sol";
import { IOwed } from "../../../contracts/interfaces/IOwed.sol";
import { EscrowModel, OrderBelief } from "./EscrowModel.sol";
import { bound, vm } from "./Vm.sol";

/// @title Whatever people may do to orders, in any order
/// @dev Every action predicts whether the contract lets it through and what it moves, and reverts when the contract does
/// anything else; the runner fails on a revert. Hostile contracts try to come back in during every action.
contract EscrowHandler is EscrowModel {
    /// @dev Where an action looks for something to act on.
    enum Place {
        Authorized,
        Pending,
        Disputed,
        Released
    }

    /// @dev Sets the clock, and afterwards compares every order with what is believed of it (E2, E3, E10).
    modifier watched() {
        vm.warp(time);
        uint256 calls = _callbacks();
        _;
        reentriesTried += _callbacks() - calls;
        _nobodyCameBackIn();
        for (uint256 i = 0; i < ORDERS; ++i) {
            _compare(i);
        }
    }

    function authorize(uint256 seed, uint256 size) external watched {
        uint256 index = seed % ORDERS;
        IEscrow.Order memory o = _orders[index];
        uint96 amount = uint96(seed % 3 == 0 ? bound(size, 0, uint256(o.maxAmount) + 1) : o.maxAmount);
        bool fine = _authorizable(index, amount);
        Holdings memory h = _holdings(index);
        vm.prank(o.payer);
        try escrow.authorize{ value: o.token == address(0) ? amount : 0 }(o, amount, "") {
            _passed(fine, this.authorize.selector);
            _opened(index, amount);
            _require(balance(o.token, address(escrow)) == h.held + amount, "another amount came in");
        } catch {
            _require(!fine, "an authorization was refused");
        }
    }

    /// @notice By the payer, at the lowest rate; the receiver's own money never pays (E9).
    function charge(uint256 seed, uint256 size, bool byPayer) external watched {
        uint256 index = seed % ORDERS;
        IEscrow.Order memory o = _orders[index];
        uint96 amount = uint96(bound(size, 1, o.maxAmount));
        bool fine = byPayer && o.milestones == 0 && _authorizable(index, amount);
        Holdings memory h = _holdings(index);
        vm.prank(byPayer ? o.payer : o.receiver);
        try escrow.charge{ value: o.token == address(0) ? amount : 0 }(o, amount, o.minFeeBps, "") {
            _passed(fine, this.charge.selector);
            _opened(index, amount);
            h.payer -= amount;
            _believeCapture(index, h, amount, o.minFeeBps);
        } catch {
            _require(!fine, "a charge was refused");
        }
    }

    function capture(uint256 seed, uint256 size, uint256 rate) external watched {
        uint256 index = _where(seed, Place.Authorized);
        IEscrow.Order memory o = _orders[index];
        uint96 amount = uint96(
            seed % 2 == 0 ? bound(size, 0, _beliefs[index].authorized + 1) : bound(size, 0, _room(index))
        );
        uint16 feeBps = uint16(
            bound(rate, seed % 16 == 0 ? 0 : o.minFeeBps, uint256(o.maxFeeBps) + (seed % 16 == 1 ? 1 : 0))
        );
        bool fine = _capturable(index, amount) && feeBps >= o.minFeeBps && feeBps <= o.maxFeeBps;
        Holdings memory h = _holdings(index);
        vm.prank(seed % 5 == 0 ? o.operator : o.receiver);
        try escrow.capture(o, amount, feeBps) {
            _passed(fine, this.capture.selector);
            _believeCapture(index, h, amount, feeBps);
        } catch {
            _require(!fine, "a capture was refused");
        }
    }

    /// @notice Anybody, and the payer early (E6).
    function release(uint256 seed, bool byPayer) external watched {
        uint256 index = _where(seed, Place.Pending);
        IEscrow.Order memory o = _orders[index];
        OrderBelief storage b = _beliefs[index];
        bool fine = b.pending != 0 && (byPayer || time >= b.releasableAt);
        Holdings memory h = _holdings(index);
        vm.prank(byPayer ? o.payer : STRANGER);
        try escrow.release(o) {
            _passed(fine, this.release.selector);
            uint256 amount = b.pending;
            b.pending = 0;
            b.releasableAt = 0;
            _released(index, h, amount, 0);
        } catch {
            _require(!fine, "a release was refused");
        }
    }

    function releaseMilestone(uint256 seed, uint256 named) external watched {
        uint256 index = seed % 7 == 0 ? seed % ORDERS : (seed % 2 == 0 ? 2 : 5);
        OrderBelief storage b = _beliefs[index];
        uint256 left = b.authorized + b.pending;
        bool fine = _orders[index].milestones != 0 && b.opened && b.disputed == 0 && left != 0;
        (uint256 current, uint256 end) = fine ? _milestoneAt(index, _orders[index].maxAmount - left) : (0, 0);
        uint256 milestone = named % 4 == 0 ? named % 3 : current;
        if (milestone != current) fine = false;
        Holdings memory h = _holdings(index);
        vm.prank(_orders[index].payer);
        try escrow.releaseMilestone(_orders[index], milestone) {
            _passed(fine, this.releaseMilestone.selector);
            uint256 amount = b.authorized == 0 ? b.pending : end + left - _orders[index].maxAmount;
            b.authorized -= amount - b.pending;
            b.pending = 0;
            b.releasableAt = 0;
            b.rulableUntil = 0;
            _released(index, h, amount, 0);
        } catch {
            _require(!fine, "a milestone was refused");
        }
    }

    /// @notice Out of what is pending, and with the receiver's own money beyond it (E7).
    function refund(uint256 seed, uint256 size) external watched {
        uint256 index = _where(seed, seed % 2 == 0 ? Place.Pending : Place.Released);
        IEscrow.Order memory o = _orders[index];
        OrderBelief storage b = _beliefs[index];
        uint96 amount = uint96(bound(size, 0, b.pending + b.released + 1));
        uint256 brought = amount > b.pending ? amount - b.pending : 0;
        bool fine =
            b.opened && amount != 0 && amount <= b.pending + b.released && (brought == 0 || time < o.refundDeadline);
        Holdings memory h = _holdings(index);
        vm.prank(brought == 0 && seed % 3 == 0 ? o.operator : o.receiver);
        try escrow.refund{ value: o.token == address(0) ? brought : 0 }(o, amount, "") {
            _passed(fine, this.refund.selector);
            b.pending -= amount - brought;
            b.released -= brought;
            b.takenIn += brought;
            h.receiver -= brought;
            _released(index, h, 0, amount);
        } catch {
            _require(!fine, "a refund was refused");
        }
    }

    /// @notice What is authorized goes back: by the receiver's side at any time, by anybody after the deadline (E5).
    function giveBack(uint256 seed, bool byReceiver) external watched {
        uint256 index = _where(seed, Place.Authorized);
        IEscrow.Order memory o = _orders[index];
        uint256 amount = _beliefs[index].authorized;
        bool fine = amount != 0 && (byReceiver || time >= o.captureDeadline);
        Holdings memory h = _holdings(index);
        vm.prank(byReceiver ? (seed % 3 == 0 ? o.operator : o.receiver) : STRANGER);
        (bool through, ) = address(escrow).call(
            byReceiver ? abi.encodeCall(escrow.void, (o)) : abi.encodeCall(escrow.reclaim, (o))
        );
        _require(through == fine, "what is authorized went or stayed");
        if (!through) return;
        _passed(fine, byReceiver ? escrow.void.selector : escrow.reclaim.selector);
        _beliefs[index].authorized = 0;
        _released(index, h, 0, amount);
    }

    function dispute(uint256 seed) external watched {
        uint256 index = _where(seed, Place.Pending);
        OrderBelief storage b = _beliefs[index];
        bool fine = b.pending != 0 && time < b.releasableAt;
        vm.prank(_orders[index].payer);
        try escrow.dispute(_orders[index]) {
            _passed(fine, this.dispute.selector);
            b.disputed += b.pending;
            b.rulableUntil = time + _orders[index].rulingWindow;
            b.pending = 0;
            b.releasableAt = 0;
        } catch {
            _require(!fine, "a dispute was refused");
        }
    }

    function rule(uint256 seed, uint256 part) external watched {
        uint256 index = _where(seed, Place.Disputed);
        OrderBelief storage b = _beliefs[index];
        uint96 toReceiver = uint96(bound(part, 0, b.disputed));
        uint96 toPayer = uint96(b.disputed - toReceiver + (seed % 9 == 0 ? 1 : 0));
        bool fine = _orders[index].arbiter != address(0) && b.disputed != 0 && time < b.rulableUntil && seed % 9 != 0;
        Holdings memory h = _holdings(index);
        vm.prank(ARBITER);
        try escrow.rule(_orders[index], toReceiver, toPayer) {
            _passed(fine, this.rule.selector);
            b.disputed = 0;
            b.rulableUntil = 0;
            _released(index, h, toReceiver, toPayer);
        } catch {
            _require(!fine, "a ruling was refused");
        }
    }

    /// @notice Anybody, once the arbiter had its time (E12).
    function resolveByTimeout(uint256 seed) external watched {
        uint256 index = _where(seed, Place.Disputed);
        OrderBelief storage b = _beliefs[index];
        bool fine = b.disputed != 0 && time >= b.rulableUntil;
        Holdings memory h = _holdings(index);
        vm.prank(STRANGER);
        try escrow.resolveByTimeout(_orders[index]) {
            _passed(fine, this.resolveByTimeout.selector);
            uint256 toReceiver = (b.disputed * _orders[index].defaultShareBps) / 10_000;
            uint256 toPayer = b.disputed - toReceiver;
            b.disputed = 0;
            b.rulableUntil = 0;
            _released(index, h, toReceiver, toPayer);
        } catch {
            _require(!fine, "a timeout was refused");
        }
    }

    /// @notice Both sides agree: one calls and the other signed, or both signed and anybody calls (E11).
    function settle(uint256 seed, uint256 part, uint8 way) external watched {
        uint256 index = _where(seed, Place(way % 3));
        uint256 total = held(index);
        uint96 toReceiver = uint96(bound(part, 0, total));
        // One way in eight names a wrong sum, one a deadline that is over, one a signature for another split.
        uint96 toPayer = uint96(total - toReceiver + (way >> 5 == 0 ? 1 : 0));
        uint256 deadline = way >> 5 == 1 ? time - 1 : time;
        bool forged = way >> 5 == 2;
        bytes32 digest = _settlement(index, forged ? toReceiver + 1 : toReceiver, toPayer, deadline);
        bool fine = total != 0 && way >> 5 > 1;
        uint256 caller = (way >> 2) % 3;
        // A hostile wallet calls every signature its own.
        if (forged && caller != 0 && _orders[index].payer != address(hostile)) fine = false;
        if (forged && caller != 1 && _orders[index].receiver != address(spiteful)) fine = false;
        _settle(index, toReceiver, toPayer, deadline, digest, caller, fine);
    }

    /// @notice Whoever is no party gets nowhere (E9).
    function intrude(uint256 seed, uint256 which) external watched {
        IEscrow.Order memory o = _orders[seed % ORDERS];
        vm.prank(STRANGER);
        (bool through, ) = address(escrow).call(_move(o, which % 7));
        _require(!through, "a stranger got through");
        ++done[this.intrude.selector];
    }

    function withdrawOwed(bool spitefully) external watched {
        _takeKept(spitefully ? address(spiteful) : address(hostile), this.withdrawOwed.selector);
    }

    function pass(uint256 seconds_) external {
        time += bound(seconds_ >> 8, 1, seconds_ % 4 == 0 ? 2 days : 12 hours);
    }

    function donate(uint256 seed, uint256 size) external watched {
        _donate(_orders[seed % ORDERS].token, bound(size, 0, 1e9));
    }

    function plot(uint256 seed, uint256 victim, bool refuses, bool alsoRefuses) external watched {
        IEscrow.Order memory o = _orders[victim % ORDERS];
        uint256 kind = (seed >> 8) % 10;
        bytes memory call =
            kind < 7
                ? _move(o, kind)
                : kind == 7
                    ? abi.encodeCall(escrow.release, (o))
                    : kind == 8
                        ? abi.encodeCall(escrow.reclaim, (o))
                        : abi.encodeCall(IOwed.withdrawOwed, (address(0), ELSEWHERE));
        _plot(call, seed % 2 == 0, refuses, alsoRefuses);
    }

    /// @notice After the last window of all orders, one call for each place empties it, whoever vanished (E5, E6, E12).
    function end() external watched {
        time += 4 days + 2 days;
        vm.warp(time);
        for (uint256 i = 0; i < ORDERS; ++i) {
            OrderBelief storage b = _beliefs[i];
            Holdings memory h = _holdings(i);
            if (b.authorized != 0) escrow.reclaim(_orders[i]);
            uint256 toPayer = b.authorized;
            uint256 toReceiver = b.pending;
            if (b.pending != 0) escrow.release(_orders[i]);
            if (b.disputed != 0) escrow.resolveByTimeout(_orders[i]);
            uint256 share = (b.disputed * _orders[i].defaultShareBps) / 10_000;
            if (b.pending != 0) b.releasableAt = 0;
            if (b.disputed != 0) b.rulableUntil = 0;
            toPayer += b.disputed - share;
            (b.authorized, b.pending, b.disputed) = (0, 0, 0);
            _released(i, h, toReceiver + share, toPayer);
        }
    }

    function _settle(
        uint256 index,
        uint96 toReceiver,
        uint96 toPayer,
        uint256 deadline,
        bytes32 digest,
        uint256 caller,
        bool fine
    ) private {
        IEscrow.Order memory o = _orders[index];
        Holdings memory h = _holdings(index);
        bytes memory byPayer = _sign(PAYER_KEY, digest);
        bytes memory byReceiver = _sign(toReceiver % 2 == 0 ? RECEIVER_KEY : OPERATOR_KEY, digest);
        vm.prank(
            caller == 0
                ? o.payer
                : caller == 1
                    ? o.receiver
                    : STRANGER
        );
        try escrow.settle(o, toReceiver, toPayer, deadline, byPayer, byReceiver) {
            _passed(fine, this.settle.selector);
            OrderBelief storage b = _beliefs[index];
            (b.authorized, b.pending, b.disputed, b.releasableAt, b.rulableUntil) = (0, 0, 0, 0, 0);
            _released(index, h, toReceiver, toPayer);
        } catch {
            _require(!fine, "a settlement was refused");
        }
    }

    function _opened(uint256 index, uint256 amount) private {
        OrderBelief storage b = _beliefs[index];
        b.opened = true;
        b.authorized = amount;
        b.feeBps = _orders[index].minFeeBps;
        b.takenIn = amount;
    }

    function _believeCapture(uint256 index, Holdings memory h, uint256 amount, uint256 feeBps) private {
        OrderBelief storage b = _beliefs[index];
        b.authorized -= amount;
        if (_orders[index].disputeWindow == 0) {
            b.feeBps = feeBps;
            _released(index, h, amount, 0);
            return;
        }
        uint256 due = time >= b.releasableAt ? b.pending : 0;
        b.pending = b.pending - due + amount;
        b.releasableAt = time + _orders[index].disputeWindow;
        _released(index, h, due, 0);
        b.feeBps = feeBps;
    }

    /// @dev Something a party may do and nobody else.
    function _move(IEscrow.Order memory o, uint256 which) private view returns (bytes memory) {
        if (which == 0) return abi.encodeCall(escrow.capture, (o, 1, o.minFeeBps));
        if (which == 1) return abi.encodeCall(escrow.charge, (o, 1, o.minFeeBps, ""));
        if (which == 2) return abi.encodeCall(escrow.releaseMilestone, (o, 0));
        if (which == 3) return abi.encodeCall(escrow.refund, (o, 1, ""));
        if (which == 4) return abi.encodeCall(escrow.void, (o));
        if (which == 5) return abi.encodeCall(escrow.dispute, (o));
        return abi.encodeCall(escrow.rule, (o, 1, 0));
    }

    /// @dev Mostly an order with something in this place, so that what is rare is tried where it can succeed.
    function _where(uint256 seed, Place place) private view returns (uint256 index) {
        index = (seed >> 16) % ORDERS;
        if (seed % 8 == 0) return index;
        for (uint256 i = 0; i < ORDERS; ++i) {
            uint256 other = (index + i) % ORDERS;
            OrderBelief storage b = _beliefs[other];
            if (place == Place.Authorized && b.authorized != 0) return other;
            if (place == Place.Pending && b.pending != 0) return other;
            if (place == Place.Disputed && b.disputed != 0) return other;
            if (place == Place.Released && b.released != 0) return other;
        }
    }

    function _authorizable(uint256 index, uint256 amount) private view returns (bool) {
        IEscrow.Order storage o = _orders[index];
        if (_beliefs[index].opened || time >= o.captureDeadline) return false;
        return amount != 0 && amount <= o.maxAmount && (o.milestones == 0 || amount == o.maxAmount);
    }

    function _capturable(uint256 index, uint256 amount) private view returns (bool) {
        OrderBelief storage b = _beliefs[index];
        if (!b.opened || time >= _orders[index].captureDeadline || amount == 0 || amount > b.authorized) return false;
        if (_orders[index].milestones == 0) return true;
        return (b.pending == 0 || time >= b.releasableAt) && b.disputed == 0 && amount <= _room(index);
    }

    /// @dev What may be captured at most, were nothing pending.
    function _room(uint256 index) private view returns (uint256) {
        uint256 authorized = _beliefs[index].authorized;
        if (_orders[index].milestones == 0 || authorized == 0) return authorized;
        uint256 captured = _orders[index].maxAmount - authorized;
        (, uint256 last) = _milestoneAt(index, captured);
        return last - captured;
    }

    function _compare(uint256 index) private view {
        OrderBelief storage b = _beliefs[index];
        IEscrow.OrderState memory state = escrow.orderState(ids[index]);
        _require(state.opened == b.opened, "opened");
        _require(state.authorized == b.authorized, "authorized");
        _require(state.pending == b.pending, "pending");
        _require(state.disputed == b.disputed, "disputed");
        _require(state.released == b.released, "released");
        _require(state.feeBps == b.feeBps, "feeBps");
        _require(state.releasableAt == b.releasableAt, "releasableAt");
        _require(state.rulableUntil == b.rulableUntil, "rulableUntil");
    }
}
