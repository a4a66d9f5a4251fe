// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ITournaments } from "../../../contracts/interfaces/ITournaments.sol";
import { TournamentBelief, TournamentModel } from "./TournamentModel.sol";
import { bound, vm } from "./Vm.sol";

/// @title Whatever people may do to tournaments, in any order
/// @dev Every action predicts whether the contract lets it through and what it moves, and reverts when the contract
/// does anything else; the runner fails on a revert. Hostile contracts try to come back in during every action. The
/// handler itself is the host, pays for everybody and keeps whatever the host receives.
contract TournamentHandler is TournamentModel {
    /// @dev Counts what got through, so that a run which did nothing is noticed.
    mapping(bytes4 action => uint256 count) public done;

    uint256 public reentriesTried;

    /// @dev Sets the clock, and afterwards compares every tournament with what is believed of it (T8, T10).
    modifier watched() {
        vm.warp(time);
        uint256 calls = evil.calls() + hostile.calls();
        _;
        reentriesTried += evil.calls() + hostile.calls() - calls;
        _require(!evil.lastSucceeded(), "the token came back in");
        _require(!hostile.lastSucceeded(), "the player came back in");
        for (uint256 i = 0; i < TOURNAMENTS; ++i) {
            _compare(i);
        }
    }

    receive() external payable {}

    function create(uint256 seed) external watched {
        uint256 index = seed % TOURNAMENTS;
        TournamentBelief storage b = _beliefs[index];
        bool fine = b.stage == ITournaments.Stage.None && time < _terms[index].joinDeadline;
        try tournaments.create{ value: _value(index, _terms[index].bond) }(_terms[index], "") {
            _passed(fine, this.create.selector);
            b.stage = ITournaments.Stage.Open;
            b.held = _terms[index].bond;
        } catch {
            _require(!fine, "a creation was refused");
        }
    }

    function join(uint256 seed, uint256 who) external watched {
        uint256 index = seed % TOURNAMENTS;
        address player = _people[who % PEOPLE];
        TournamentBelief storage b = _beliefs[index];
        bool fine = _signsUp(index) && b.players < 4 && _seats[index][player] == ITournaments.Seat.None;
        try tournaments.join{ value: _value(index, _terms[index].stake) }(_terms[index], player, "") {
            _passed(fine, this.join.selector);
            ++b.players;
            b.held += _terms[index].stake;
            _seats[index][player] = ITournaments.Seat.Joined;
        } catch {
            _require(!fine, "a player was refused");
        }
    }

    function leave(uint256 seed, uint256 who) external watched {
        uint256 index = seed % TOURNAMENTS;
        address player = _people[who % PEOPLE];
        TournamentBelief storage b = _beliefs[index];
        bool fine = _signsUp(index) && _seats[index][player] == ITournaments.Seat.Joined;
        uint256 before = balance(_terms[index].token, player);
        vm.prank(player);
        try tournaments.leave(_terms[index]) {
            _passed(fine, this.leave.selector);
            --b.players;
            _seats[index][player] = ITournaments.Seat.None;
            _went(index, player, before, _terms[index].stake);
        } catch {
            _require(!fine, "a player was held back");
        }
    }

    function sponsor(uint256 seed, uint256 size) external watched {
        uint256 index = seed % TOURNAMENTS;
        TournamentBelief storage b = _beliefs[index];
        uint96 amount = uint96(bound(size, 0, 1e6));
        bool fine = _signsUp(index) && amount != 0;
        try tournaments.sponsor{ value: _value(index, amount) }(_terms[index], amount, "") {
            _passed(fine, this.sponsor.selector);
            b.sponsored += amount;
            b.held += amount;
            _given[index] += amount;
        } catch {
            _require(!fine, "a sponsor was refused");
        }
    }

    function submitResult(uint256 seed, uint256 dice) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Open);
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms memory t = _terms[index];
        bool fine =
            b.stage == ITournaments.Stage.Open &&
                time >= t.joinDeadline &&
                time < t.resultDeadline &&
                b.players >= t.minimumPlayers;
        (address[] memory players, uint16[] memory ranks) = _ranking(index, dice);
        if (players.length == 0) fine = false;
        try tournaments.submitResult(t, ITournaments.Result(players, ranks, 0, 0)) {
            _passed(fine, this.submitResult.selector);
            _enter(index, ITournaments.Stage.Reported);
            (uint256 pool, ) = _pool(index);
            _believePrizes(index, players, ranks, pool);
        } catch {
            _require(!fine, "a result was refused");
        }
    }

    /// @dev By the player itself, whose money it is: the handler pays only what it is asked for in its own name.
    function challenge(uint256 seed, uint256 who) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Reported);
        address player = _somebody(index, who);
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms memory t = _terms[index];
        bool fine =
            b.stage == ITournaments.Stage.Reported &&
                time < b.changedAt + t.challengeWindow &&
                _seats[index][player] == ITournaments.Seat.Joined;
        uint256 value = _value(index, t.challengeBond);
        vm.prank(player);
        try tournaments.challenge{ value: value }(t, "") {
            _passed(fine, this.challenge.selector);
            _enter(index, ITournaments.Stage.Disputed);
            b.challenger = player;
            b.held += t.challengeBond;
        } catch {
            _require(!fine, "a challenge was refused");
        }
    }

    function rule(uint256 seed, uint256 dice) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Disputed);
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms memory t = _terms[index];
        bool fine = b.stage == ITournaments.Stage.Disputed && time < b.changedAt + t.rulingWindow;
        (address[] memory players, uint16[] memory ranks) = _ranking(index, dice);
        address challenger = b.challenger;
        uint256 before = balance(t.token, challenger);
        bytes32 reported = tournaments.tournamentState(ids[index]).root;
        vm.prank(REFEREE);
        try tournaments.rule(t, ITournaments.Result(players, ranks, 0, 0)) {
            _passed(fine, this.rule.selector);
            (uint256 pool, uint256 rake) = _pool(index);
            _believePrizes(index, players, ranks, pool);
            bool upheld = tournaments.tournamentState(ids[index]).root == reported;
            uint256 bonds = uint256(t.bond) + t.challengeBond;
            if (upheld) b.held -= bonds;
            else _went(index, challenger, before, bonds);
            _conclude(index, pool, rake);
        } catch {
            _require(!fine, "a ruling was refused");
        }
    }

    function annul(uint256 seed) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Disputed);
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms memory t = _terms[index];
        bool fine = b.stage == ITournaments.Stage.Disputed && time < b.changedAt + t.rulingWindow;
        uint256 before = balance(t.token, b.challenger);
        vm.prank(REFEREE);
        try tournaments.annul(t) {
            _passed(fine, this.annul.selector);
            _callOff(index, ITournaments.Stage.Refunding, t.stake);
            _went(index, b.challenger, before, uint256(t.bond) + t.challengeBond);
        } catch {
            _require(!fine, "an annulment was refused");
        }
    }

    function finalize(uint256 seed) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Reported);
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms memory t = _terms[index];
        bool fine = b.stage == ITournaments.Stage.Reported && time >= b.changedAt + t.challengeWindow;
        try tournaments.finalize(t) {
            _passed(fine, this.finalize.selector);
            _concludeUndisputed(index);
        } catch {
            _require(!fine, "a finalization was refused");
        }
    }

    /// @notice Pays any player, winner or not, as often as anyone likes (T3, T4, T5, T7).
    function pay(uint256 seed, uint256 who) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Final);
        address player = _people[who % PEOPLE];
        TournamentBelief storage b = _beliefs[index];
        uint256 prize = _prizes[index][player];
        // Whoever wins nothing tries with the whole pool, or with a prize of zero, which is left out.
        uint96 amount = uint96(prize == 0 && seed % 3 != 0 ? b.unpaid : prize);
        bool again = amount == 0 || _seats[index][player] == ITournaments.Seat.Settled;
        bool fine = b.stage == ITournaments.Stage.Final && (again || prize != 0);
        ITournaments.Prize[] memory prizes = new ITournaments.Prize[](1);
        prizes[0] = ITournaments.Prize(player, amount, _proof(index, player));
        uint256 before = balance(_terms[index].token, player);
        uint256 keeperBefore = balance(_terms[index].token, KEEPER);
        vm.prank(KEEPER);
        try tournaments.payMany(_terms[index], prizes) {
            _passed(fine, this.pay.selector);
            if (again) return;
            _seats[index][player] = ITournaments.Seat.Settled;
            b.unpaid -= prize;
            _went(index, player, before, prize);
            uint256 reward = b.rakeLeft < 7 ? b.rakeLeft : 7;
            b.rakeLeft -= reward;
            b.held -= reward;
            _require(balance(_terms[index].token, KEEPER) == keeperBefore + reward, "a keeper's reward is wrong");
            _completeIfPaid(index);
        } catch {
            _require(!fine, "a payment was refused");
        }
    }

    /// @notice A player takes its prize elsewhere, once (T4, T5).
    function claim(uint256 seed, uint256 who) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Final);
        address player = _somebody(index, who);
        TournamentBelief storage b = _beliefs[index];
        uint96 prize = uint96(_prizes[index][player]);
        bool fine =
            b.stage == ITournaments.Stage.Final && prize != 0 && _seats[index][player] == ITournaments.Seat.Joined;
        bytes32[] memory proof = _proof(index, player);
        uint256 before = balance(_terms[index].token, ELSEWHERE);
        vm.prank(player);
        try tournaments.claim(_terms[index], prize, proof, ELSEWHERE) {
            _passed(fine, this.claim.selector);
            _seats[index][player] = ITournaments.Seat.Settled;
            b.unpaid -= prize;
            _went(index, ELSEWHERE, before, prize);
            _completeIfPaid(index);
        } catch {
            _require(!fine, "a claim was refused");
        }
    }

    /// @notice The wallet that refused takes what was kept for it elsewhere (T7).
    function withdrawOwed() external watched {
        uint256 before = ELSEWHERE.balance;
        vm.prank(address(hostile));
        try tournaments.withdrawOwed(address(0), ELSEWHERE) {
            _passed(kept != 0, this.withdrawOwed.selector);
            _require(ELSEWHERE.balance == before + kept, "what was kept is not what came");
            kept = 0;
        } catch {
            _require(kept == 0, "what was kept was refused");
        }
    }

    /// @notice Anybody, at any time (T6).
    function cancel(uint256 seed, bool byHost) external watched {
        uint256 index = seed % TOURNAMENTS;
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Stage stage = b.stage;
        bool fine = _cancellable(index, byHost);
        uint256 before = balance(_terms[index].token, b.challenger);
        if (!byHost) vm.prank(KEEPER);
        try tournaments.cancel(_terms[index]) {
            _passed(fine, this.cancel.selector);
            if (stage == ITournaments.Stage.Final) _abandon(index);
            else _refundAll(index, stage, before);
        } catch {
            _require(!fine, "a cancellation was refused");
        }
    }

    function refund(uint256 seed, uint256 who) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Refunding);
        bool toHost = who % 6 == 5;
        address account = toHost ? address(this) : _people[who % 6];
        TournamentBelief storage b = _beliefs[index];
        bool refunding = b.stage == ITournaments.Stage.Refunding;
        bool fine = refunding || b.stage == ITournaments.Stage.Abandoned;
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        uint256 before = balance(_terms[index].token, account);
        try tournaments.refund(_terms[index], accounts) {
            _passed(fine, this.refund.selector);
            uint256 amount;
            if (_seats[index][account] == ITournaments.Seat.Joined) {
                amount = b.share;
                _seats[index][account] = ITournaments.Seat.Settled;
            }
            if (refunding && toHost) {
                amount += _given[index];
                _given[index] = 0;
            }
            _went(index, account, before, amount);
        } catch {
            _require(!fine, "a refund was refused");
        }
    }

    function pass(uint256 seconds_) external {
        if (seconds_ % 32 == 0) time += 180 days;
        else time += seconds_ % 4 == 0 ? bound(seconds_ >> 8, 1, 1 hours) : bound(seconds_ >> 8, 1, 1 days);
    }

    /// @notice What the hostile contracts do when they get a chance, and whether the wallet refuses payment.
    function plot(uint256 seed, bool refuses) external watched {
        ITournaments.Terms memory t = _terms[seed % TOURNAMENTS];
        bytes[] memory calls = new bytes[](5);
        address[] memory accounts = new address[](1);
        accounts[0] = address(hostile);
        calls[0] = abi.encodeCall(tournaments.leave, (t));
        calls[1] = abi.encodeCall(tournaments.cancel, (t));
        calls[2] = abi.encodeCall(tournaments.refund, (t, accounts));
        calls[3] = abi.encodeCall(tournaments.finalize, (t));
        calls[4] = abi.encodeCall(tournaments.withdrawOwed, (t.token, address(hostile)));
        bytes memory call = calls[(seed >> 8) % 5];
        evil.setCallback(address(tournaments), call, seed % 2 == 0);
        hostile.setCallback(address(tournaments), call);
        hostile.setRefusing(refuses);
    }

    /// @dev Mostly a tournament at this stage if there is one, so that what is rare is tried where it can succeed.
    function _pick(uint256 seed, ITournaments.Stage stage) internal view returns (uint256 index) {
        index = seed % TOURNAMENTS;
        if ((seed >> 8) % 8 == 0) return index;
        for (uint256 i = 0; i < TOURNAMENTS; ++i) {
            uint256 other = (index + i) % TOURNAMENTS;
            if (_beliefs[other].stage == stage) return other;
        }
    }

    /// @dev Mostly a player of this tournament.
    function _somebody(uint256 index, uint256 who) private view returns (address) {
        for (uint256 i = 0; (who >> 8) % 8 != 0 && i < PEOPLE; ++i) {
            address player = _people[((who % PEOPLE) + i) % PEOPLE];
            if (_seats[index][player] == ITournaments.Seat.Joined) return player;
        }
        return _people[who % PEOPLE];
    }

    function _signsUp(uint256 index) internal view returns (bool) {
        return _beliefs[index].stage == ITournaments.Stage.Open && time < _terms[index].joinDeadline;
    }

    function _cancellable(uint256 index, bool byHost) private view returns (bool) {
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms storage t = _terms[index];
        if (b.stage == ITournaments.Stage.Disputed) return time >= b.changedAt + t.rulingWindow;
        if (b.stage == ITournaments.Stage.Final) return time >= b.changedAt + 180 days;
        if (b.stage != ITournaments.Stage.Open) return false;
        if (time < t.joinDeadline) return byHost;
        return b.players < t.minimumPlayers || time >= t.resultDeadline;
    }

    /// @dev Out of Open with the bond back or, too late, shared; out of Disputed with both bonds back.
    function _refundAll(uint256 index, ITournaments.Stage stage, uint256 challengerBefore) private {
        TournamentBelief storage b = _beliefs[index];
        ITournaments.Terms storage t = _terms[index];
        if (stage == ITournaments.Stage.Disputed) {
            b.held -= t.bond;
            _went(index, b.challenger, challengerBefore, t.challengeBond);
            _callOff(index, ITournaments.Stage.Refunding, t.stake);
        } else if (time < t.joinDeadline || b.players < t.minimumPlayers) {
            b.held -= t.bond;
            _callOff(index, ITournaments.Stage.Refunding, t.stake);
        } else {
            b.held -= t.bond % b.players;
            _callOff(index, ITournaments.Stage.Refunding, t.stake + t.bond / b.players);
        }
    }

    function _abandon(uint256 index) private {
        TournamentBelief storage b = _beliefs[index];
        uint256 waiting;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (_seats[index][_people[i]] == ITournaments.Seat.Joined) ++waiting;
        }
        uint256 left = b.unpaid + b.rakeLeft;
        b.held -= left % waiting;
        b.unpaid = 0;
        b.rakeLeft = 0;
        _callOff(index, ITournaments.Stage.Abandoned, left / waiting);
    }

    /// @dev The host has its bond back.
    function _concludeUndisputed(uint256 index) internal {
        (uint256 pool, uint256 rake) = _pool(index);
        _beliefs[index].held -= _terms[index].bond;
        _conclude(index, pool, rake);
    }

    function _conclude(uint256 index, uint256 pool, uint256 rake) private {
        _beliefs[index].unpaid = pool;
        _beliefs[index].rakeLeft = rake;
        _enter(index, ITournaments.Stage.Final);
        _completeIfPaid(index);
    }

    function _completeIfPaid(uint256 index) private {
        TournamentBelief storage b = _beliefs[index];
        if (b.unpaid != 0) return;
        b.held -= b.rakeLeft;
        b.rakeLeft = 0;
        _enter(index, ITournaments.Stage.Paid);
    }

    function _callOff(uint256 index, ITournaments.Stage stage, uint256 share) private {
        _beliefs[index].share = share;
        _enter(index, stage);
    }

    function _enter(uint256 index, ITournaments.Stage stage) internal {
        _beliefs[index].stage = stage;
        _beliefs[index].changedAt = time;
    }

    /// @dev Money left the tournament: it arrived, or it is kept for a wallet that refused it (T2, T7).
    function _went(uint256 index, address to, uint256 before, uint256 amount) private {
        _beliefs[index].held -= amount;
        if (amount != 0 && _refuses(index, to)) {
            kept += amount;
            amount = 0;
        }
        _require(balance(_terms[index].token, to) == before + amount, "a payment is wrong");
    }

    function _passed(bool fine, bytes4 action) internal {
        _require(fine, "something got through");
        ++done[action];
    }

    function _value(uint256 index, uint256 amount) private view returns (uint256) {
        return _terms[index].token == address(0) ? amount : 0;
    }

    function _compare(uint256 index) private view {
        TournamentBelief storage b = _beliefs[index];
        ITournaments.State memory state = tournaments.tournamentState(ids[index]);
        _require(state.stage == b.stage, "stage");
        _require(state.players == b.players, "players");
        _require(state.changedAt == b.changedAt, "changedAt");
        _require(state.sponsored == b.sponsored, "sponsored");
        _require(state.unpaid == b.unpaid, "unpaid");
        _require(state.rakeLeft == b.rakeLeft, "rakeLeft");
        _require(state.share == b.share, "share");
        _require(state.challenger == b.challenger, "challenger");
    }
}
