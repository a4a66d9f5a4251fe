// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Hashes } from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import { TournamentTerms } from "./TournamentTerms.sol";

/// @title From a ranking to a tree of prizes
/// @notice A ranking and the payout table give each player's prize; the prizes' tree is what winners are paid by, like
/// the tree of a field too large to rank here.
library Prizes {
    /// @notice A rank lies beyond the number of players.
    error RankOutOfRange(uint256 rank, uint256 players);

    /// @notice Nobody holds this rank, though worse ones are held. After a tie of n, n - 1 ranks are skipped.
    error RankMissing(uint256 rank, uint256 ranked);

    /// @notice Nobody showed up.
    error NobodyRanked(uint256 players);

    /// @notice The root of the tree of all prizes above zero, in the order of `players`; zero when there are none.
    function root(
        bytes calldata payouts,
        uint256 pool,
        address[] calldata players,
        uint16[] calldata ranks
    ) internal pure returns (bytes32) {
        uint256[] memory amounts = amountsOf(payouts, pool, ranks);
        bytes32[] memory leaves = new bytes32[](players.length);
        uint256 count;
        for (uint256 i = 0; i < players.length; ++i) {
            if (amounts[i] == 0) continue;
            leaves[count] = leaf(players[i], amounts[i]);
            ++count;
        }
        return _rootOf(leaves, count);
    }

    /// @notice Each player's prize. Ties share what their places receive together; what cannot be divided, and what
    /// belongs to places that nobody holds, goes to the first of those ranked best.
    function amountsOf(
        bytes calldata payouts,
        uint256 pool,
        uint16[] calldata ranks
    ) internal pure returns (uint256[] memory amounts) {
        (uint256[] memory held, uint256 ranked) = _count(ranks);
        uint256[] memory shares = new uint256[](ranked + 1);
        uint256 left = pool;
        uint256 tied;
        for (uint256 rank = 1; rank <= ranked; rank += tied) {
            tied = held[rank];
            if (tied == 0) revert RankMissing(rank, ranked);
            uint256 points = TournamentTerms.basisPoints(payouts, rank, tied);
            shares[rank] = (pool * points) / (TournamentTerms.BASIS_POINTS * tied);
            left -= shares[rank] * tied;
        }
        amounts = new uint256[](ranks.length);
        for (uint256 i = 0; i < ranks.length; ++i) {
            uint256 rank = ranks[i];
            if (rank == 0) continue;
            amounts[i] = shares[rank];
            if (rank == 1 && left != 0) {
                amounts[i] += left;
                left = 0;
            }
        }
    }

    /// @notice A prize's place in a tree. Hashed twice, so that no inner node can pass for a prize.
    function leaf(address player, uint256 amount) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(player, amount))));
    }

    /// @return held how many hold each rank
    /// @return ranked how many hold any
    function _count(uint16[] calldata ranks) private pure returns (uint256[] memory held, uint256 ranked) {
        held = new uint256[](ranks.length + 1);
        for (uint256 i = 0; i < ranks.length; ++i) {
            uint256 rank = ranks[i];
            if (rank > ranks.length) revert RankOutOfRange(rank, ranks.length);
            ++held[rank];
        }
        ranked = ranks.length - held[0];
        if (ranked == 0) revert NobodyRanked(ranks.length);
    }

    /// @dev Pairs neighbours layer by layer; the last of an odd layer moves up as it is. Overwrites `nodes`.
    function _rootOf(bytes32[] memory nodes, uint256 count) private pure returns (bytes32) {
        if (count == 0) return 0;
        while (count > 1) {
            uint256 pairs = count / 2;
            for (uint256 i = 0; i < pairs; ++i) {
                nodes[i] = Hashes.commutativeKeccak256(nodes[2 * i], nodes[2 * i + 1]);
            }
            if (count % 2 == 1) nodes[pairs] = nodes[count - 1];
            count = pairs + (count % 2);
        }
        return nodes[0];
    }
}
