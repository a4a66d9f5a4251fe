// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { IStreamChannels } from "../../../contracts/interfaces/IStreamChannels.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { Belief, ChannelModel } from "./ChannelModel.sol";
import { bound, vm } from "./Vm.sol";

/// @title Whatever people may do to channels, in any order
/// @dev Every action predicts whether the contract lets it through and what it moves, and reverts when the contract
/// does anything else; the runner fails on a revert. Hostile contracts try to come back in during every action.
contract ChannelHandler is ChannelModel {
    /// @dev Counts what got through, so that a run which did nothing is noticed.
    mapping(bytes4 action => uint256 count) public done;

    uint256 public reentriesTried;

    /// @dev Sets the clock, and afterwards compares every channel with what is believed of it (I2 to I5, I8, I9).
    modifier watched() {
        vm.warp(time);
        uint256 calls = _callbacks();
        _;
        reentriesTried += _callbacks() - calls;
        _require(!evil.lastSucceeded(), "the token came back in");
        _require(!hostilePayer.lastSucceeded(), "the payer came back in");
        _require(!hostilePayee.lastSucceeded(), "the payee came back in");
        for (uint256 i = 0; i < CHANNELS; ++i) {
            _compare(i);
        }
    }

    receive() external payable {}

    function deposit(uint256 seed, uint256 size) external watched {
        uint256 index = seed % CHANNELS;
        Belief storage b = _beliefs[index];
        uint256 amount = seed % 97 == 0 ? type(uint96).max : bound(size, 0, 1e9);
        bool fine = amount != 0 && !b.closed && b.deadline == 0 && b.deposited + amount <= type(uint96).max;
        uint256 value = _terms[index].token == address(0) ? amount : 0;
        uint256 before = balance(_terms[index].token, address(channels));
        try channels.deposit{ value: value }(_terms[index], uint96(amount)) {
            _require(fine, "a deposit got through");
            b.deposited += amount;
            if (b.openedAt == 0) b.openedAt = time;
            if (seed % 4 != 0) _sign(index, size >> 64);
            ++done[this.deposit.selector];
        } catch {
            _require(!fine, "a deposit was refused");
            amount = 0;
        }
        _require(
            balance(_terms[index].token, address(channels)) == before + amount,
            "a deposit brought another amount"
        );
    }

    function sign(uint256 seed, uint256 size) external {
        _sign(seed % CHANNELS, size);
    }

    /// @notice Any voucher up to the highest signed one, from anybody (I5, I6, I12, I14).
    function claim(uint256 seed, uint256 size) external watched {
        uint256 index = seed % CHANNELS;
        uint256 amount = seed % 3 == 0 ? _beliefs[index].highestSigned : bound(size, 0, _beliefs[index].highestSigned);
        uint256[] memory order = new uint256[](1);
        order[0] = index;
        _claimAll(order, amount);
    }

    /// @notice A batch over channels of one payee and token, in any order and with repetitions (I12, I13).
    function claimBatch(uint256 seed, uint256 size) external watched {
        uint256[] memory order = new uint256[](4);
        for (uint256 i = 0; i < 4; ++i) {
            order[i] = (seed >> (8 * i)) % 3;
        }
        _claimAll(order, size);
    }

    /// @notice A voucher that nobody signed: above the highest, by another key, or another channel's (I5, I11).
    function claimForged(uint256 seed, uint256 size) external watched {
        uint256 index = seed % CHANNELS;
        IStreamChannels.Channel memory channel = _terms[index];
        Belief storage b = _beliefs[index];
        uint96 amount = uint96(bound(size, b.claimed + 1, type(uint96).max));
        bytes memory signature =
            seed % 2 == 0 ? _voucher(OTHER_KEY, index, amount) : _voucher(SIGNER_KEY, (index + 1) % CHANNELS, amount);
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);
        claims[0] = _claim(index, amount, signature);
        try channels.claim(channel.payee, channel.operator, channel.token, claims) {
            _require(false, "a forged voucher got through");
        } catch {
            ++done[this.claimForged.selector];
        }
    }

    function close(uint256 seed, uint256 size, uint256 part) external watched {
        uint256 index = seed % CHANNELS;
        uint96 cumulative = uint96(bound(size, 0, _beliefs[index].highestSigned));
        uint96 captured = uint96(bound(part, 0, uint256(cumulative) + 1));
        _close(index, cumulative, captured, seed % 5 == 0 ? OPERATOR : _terms[index].payee);
    }

    function requestClose(uint256 seed, bool byPayer) external watched {
        uint256 index = seed % CHANNELS;
        Belief storage b = _beliefs[index];
        bool fine = byPayer && _isOpen(index) && b.deadline == 0;
        vm.prank(byPayer ? _terms[index].payer : _terms[index].payee);
        try channels.requestClose(_terms[index]) {
            _require(fine, "a close request got through");
            b.deadline = time + _terms[index].grace;
            ++done[this.requestClose.selector];
        } catch {
            _require(!fine, "a close request was refused");
        }
    }

    /// @notice Anybody, at any time (I7, I14).
    function withdraw(uint256 seed) external watched {
        uint256 index = seed % 4 == 0 ? (seed >> 2) % CHANNELS : _pending(seed >> 2);
        IStreamChannels.Channel memory channel = _terms[index];
        Belief storage b = _beliefs[index];
        bool fine = _isOpen(index) && b.deadline != 0 && time >= b.deadline;
        if (fine) fine = !_refuses(index, channel.payer, b.deposited - b.claimed);
        uint256 payerBefore = balance(channel.token, channel.payer);
        try channels.withdraw(channel) {
            _require(fine, "a withdrawal got through");
            b.closed = true;
            b.refunded = balance(channel.token, channel.payer) - payerBefore;
            ++done[this.withdraw.selector];
        } catch {
            _require(!fine, "a withdrawal was refused");
        }
    }

    function pass(uint256 seconds_) external {
        time += seconds_ % 2 == 0 ? bound(seconds_, 1, 2 days) : bound(seconds_, 1, 10 minutes);
    }

    /// @notice Gifts and forced coins are nobody's.
    function donate(uint256 seed, uint256 size) external watched {
        uint256 amount = bound(size, 0, 1e9);
        address token = _terms[seed % CHANNELS].token;
        donated[token] += amount;
        if (token == address(0)) {
            vm.deal(address(channels), address(channels).balance + amount);
            return;
        }
        // Outside the contract's own calls nothing keeps the token from calling it: that would be an ordinary call.
        evil.setCallback(address(0), "", false);
        PlainToken(token).transfer(address(channels), amount);
    }

    /// @notice What the hostile contracts do when they get a chance, and whether they refuse payment.
    function plot(uint256 seed, uint256 victim, bool payerRefuses, bool payeeRefuses) external watched {
        bytes memory call = _attack(seed, victim % CHANNELS);
        evil.setCallback(address(channels), call, seed % 2 == 0);
        hostilePayer.setCallback(address(channels), call);
        hostilePayee.setCallback(address(channels), call);
        hostilePayer.setRefusing(payerRefuses);
        hostilePayee.setRefusing(payeeRefuses);
    }

    /// @dev A channel with a pending close if there is one, so that withdrawals are not always too early.
    function _pending(uint256 seed) private view returns (uint256 index) {
        for (uint256 i = 0; i < CHANNELS; ++i) {
            index = (seed + i) % CHANNELS;
            if (_isOpen(index) && _beliefs[index].deadline != 0) return index;
        }
    }

    /// @dev The signer signs up to a ninth above the deposit, as one does who expects a top-up.
    function _sign(uint256 index, uint256 size) private {
        Belief storage b = _beliefs[index];
        uint256 amount = bound(size, 0, b.deposited + b.deposited / 8 + 1);
        if (amount > b.highestSigned && amount <= type(uint96).max) b.highestSigned = amount;
    }

    function _close(uint256 index, uint96 cumulative, uint96 captured, address caller) private {
        IStreamChannels.Channel memory channel = _terms[index];
        Belief storage b = _beliefs[index];
        uint256 final_ = captured > b.claimed ? captured : b.claimed;
        bool fine =
            _isOpen(index) &&
                (captured <= b.claimed || (captured <= cumulative && _covered(index, captured))) &&
                !_refuses(index, channel.payee, final_ - b.claimed) &&
                !_refuses(index, channel.payer, b.deposited - final_);
        uint256 payeeBefore = balance(channel.token, channel.payee);
        uint256 payerBefore = balance(channel.token, channel.payer);
        bytes memory voucher = _voucher(SIGNER_KEY, index, cumulative);
        vm.prank(caller);
        try channels.close(channel, cumulative, captured, voucher, "") {
            _require(fine, "a close got through");
            _require(balance(channel.token, channel.payee) - payeeBefore == final_ - b.claimed, "a close paid wrongly");
            b.claimed = final_;
            b.closed = true;
            b.refunded = balance(channel.token, channel.payer) - payerBefore;
            ++done[this.close.selector];
        } catch {
            _require(!fine, "a close was refused");
        }
    }

    /// @dev Claims for the given channels, which share payee, operator and token, in the given order. The amount is
    /// brought below what each channel's signer signed.
    function _claimAll(uint256[] memory order, uint256 size) private {
        IStreamChannels.Channel memory first = _terms[order[0]];
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](order.length);
        uint256[CHANNELS] memory claimed;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            claimed[i] = _beliefs[i].claimed;
        }
        bool fine = true;
        uint256 total;
        for (uint256 i = 0; i < order.length; ++i) {
            uint256 index = order[i];
            uint96 amount = uint96(
                bound(order.length == 1 ? size : size >> (16 * i), 0, _beliefs[index].highestSigned)
            );
            claims[i] = _claim(index, amount, _voucher(SIGNER_KEY, index, amount));
            if (amount <= claimed[index]) continue;
            if (!_isOpen(index) || !_covered(index, amount)) fine = false;
            total += amount - claimed[index];
            claimed[index] = amount;
        }
        if (_refuses(order[0], first.payee, total)) fine = false;

        uint256 before = balance(first.token, first.payee);
        try channels.claim(first.payee, first.operator, first.token, claims) {
            _require(fine, "a claim got through");
            _require(balance(first.token, first.payee) - before == total, "a claim paid wrongly");
            for (uint256 i = 0; i < CHANNELS; ++i) {
                _beliefs[i].claimed = claimed[i];
            }
            if (total != 0) ++done[order.length == 1 ? this.claim.selector : this.claimBatch.selector];
        } catch {
            _require(!fine, "a claim was refused");
        }
    }

    function _attack(uint256 seed, uint256 victim) private view returns (bytes memory) {
        IStreamChannels.Channel memory channel = _terms[victim];
        uint96 amount = uint96(_beliefs[victim].highestSigned);
        bytes memory voucher = _voucher(SIGNER_KEY, victim, amount);
        uint256 kind = (seed >> 8) % 6;
        if (kind == 0) return abi.encodeCall(channels.deposit, (channel, 1));
        if (kind == 1) return abi.encodeCall(channels.close, (channel, amount, amount, voucher, ""));
        if (kind == 2) return abi.encodeCall(channels.requestClose, (channel));
        if (kind == 3) return abi.encodeCall(channels.withdraw, (channel));
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);
        claims[0] = _claim(victim, amount, voucher);
        bytes memory claiming = abi.encodeCall(
            channels.claim,
            (channel.payee, channel.operator, channel.token, claims)
        );
        if (kind == 4) return claiming;
        bytes[] memory calls = new bytes[](1);
        calls[0] = claiming;
        return abi.encodeCall(Multicall.multicall, (calls));
    }

    function _callbacks() private view returns (uint256) {
        return evil.calls() + hostilePayer.calls() + hostilePayee.calls();
    }

    function _compare(uint256 index) private view {
        Belief storage b = _beliefs[index];
        (uint96 deposited, uint96 claimed, uint32 openedAt, uint32 requestedAt, bool closed) = channels.channelState(
            ids[index]
        );
        _require(deposited == b.deposited, "deposited");
        _require(claimed == b.claimed, "claimed");
        _require(openedAt == b.openedAt, "openedAt");
        _require(closed == b.closed, "closed");
        uint256 deadline = requestedAt == 0 ? 0 : requestedAt + _terms[index].grace;
        _require(deadline == (closed ? 0 : b.deadline), "deadline");
    }
}
