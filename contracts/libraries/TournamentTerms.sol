// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ITournaments } from "../interfaces/ITournaments.sol";

/// @title What the terms of a tournament say
/// @notice Their id, whether they are fair enough to be created, and what follows from them alone.
library TournamentTerms {
    uint256 internal constant BASIS_POINTS = 10_000;

    uint16 private constant MAXIMUM_RAKE = 5_000;
    uint256 private constant LONGEST_SIGN_UP = 365 days;
    uint256 private constant LONGEST_PLAY = 90 days;
    uint256 private constant SHORTEST_WINDOW = 15 minutes;
    uint256 private constant LONGEST_WINDOW = 30 days;

    bytes32 private constant CREATE_TYPEHASH = keccak256("Create(bytes32 tournamentId)");
    bytes32 private constant SPONSOR_TYPEHASH = keccak256("Sponsor(bytes32 tournamentId)");
    bytes32 private constant JOIN_TYPEHASH = keccak256("Join(bytes32 tournamentId,address player)");
    bytes32 private constant CHALLENGE_TYPEHASH = keccak256("Challenge(bytes32 tournamentId,bytes32 root)");

    /// @notice `keccak256(abi.encode(block.chainid, address(this), terms))`.
    function id(ITournaments.Terms calldata terms) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), terms));
    }

    /// @notice Refuses terms under which somebody could not get out, or the prizes not be worked out.
    function requireValid(ITournaments.Terms calldata terms) internal view {
        if (terms.referee == address(0) || terms.referee == terms.host) {
            revert ITournaments.RefereeNotIndependent(terms.referee, terms.host);
        }
        if (terms.minimumPlayers < 2 || terms.minimumPlayers > terms.maximumPlayers) {
            revert ITournaments.FieldOutOfRange(terms.minimumPlayers, terms.maximumPlayers);
        }
        requirePot(terms, 0);
        _requireTime(terms.joinDeadline, block.timestamp + 1, block.timestamp + LONGEST_SIGN_UP);
        _requireTime(terms.resultDeadline, uint256(terms.joinDeadline) + 1, uint256(terms.joinDeadline) + LONGEST_PLAY);
        _requireTime(terms.challengeWindow, SHORTEST_WINDOW, LONGEST_WINDOW);
        _requireTime(terms.rulingWindow, SHORTEST_WINDOW, LONGEST_WINDOW);
        if (terms.rake > MAXIMUM_RAKE) revert ITournaments.RakeTooHigh(terms.rake, MAXIMUM_RAKE);
        uint256 given = basisPoints(terms.payouts, 1, terms.payouts.length / 2);
        if (given != BASIS_POINTS || terms.payouts.length % 2 != 0) {
            revert ITournaments.PayoutsIncomplete(given, BASIS_POINTS);
        }
    }

    /// @notice Refuses sponsor money with which a full field would no longer fit 96 bits.
    function requirePot(ITournaments.Terms calldata terms, uint256 sponsored) internal pure {
        uint256 pot = uint256(terms.stake) * terms.maximumPlayers + sponsored;
        if (pot > type(uint96).max) revert ITournaments.PotTooLarge(pot, type(uint96).max);
    }

    /// @notice What `count` ranks from `rank` on receive together; ranks beyond the table receive nothing.
    function basisPoints(bytes calldata payouts, uint256 rank, uint256 count) internal pure returns (uint256 sum) {
        uint256 places = payouts.length / 2;
        for (uint256 place = rank - 1; place < rank - 1 + count && place < places; ++place) {
            sum += uint16(bytes2(payouts[2 * place:2 * place + 2]));
        }
    }

    /// @notice The stakes of `players` and what sponsors gave, split into prizes and the host's rake.
    function split(
        ITournaments.Terms calldata terms,
        uint32 players,
        uint96 sponsored
    ) internal pure returns (uint96 pool, uint96 rake) {
        uint256 stakes = uint256(terms.stake) * players;
        // Neither overflows: `requirePot` held for a full field and all sponsor money.
        rake = uint96((stakes * terms.rake) / BASIS_POINTS);
        pool = uint96(stakes + sponsored - rake);
    }

    /// @notice What the host's payment of the bond is for.
    function createPurpose(bytes32 tournamentId) internal pure returns (bytes32) {
        return keccak256(abi.encode(CREATE_TYPEHASH, tournamentId));
    }

    /// @notice What a sponsor's payment is for.
    function sponsorPurpose(bytes32 tournamentId) internal pure returns (bytes32) {
        return keccak256(abi.encode(SPONSOR_TYPEHASH, tournamentId));
    }

    /// @notice What the payment of a player's stake is for.
    function joinPurpose(bytes32 tournamentId, address player) internal pure returns (bytes32) {
        return keccak256(abi.encode(JOIN_TYPEHASH, tournamentId, player));
    }

    /// @notice What the payment of a challenger's bond is for.
    function challengePurpose(bytes32 tournamentId, bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHALLENGE_TYPEHASH, tournamentId, root));
    }

    function _requireTime(uint256 time, uint256 earliest, uint256 latest) private pure {
        if (time < earliest || time > latest) revert ITournaments.TimeOutOfRange(time, earliest, latest);
    }
}
