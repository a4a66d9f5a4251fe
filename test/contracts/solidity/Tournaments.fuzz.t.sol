// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { MerkleProof } from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import { ITournaments } from "../../../contracts/interfaces/ITournaments.sol";
import { Prizes } from "../../../contracts/libraries/Prizes.sol";
import { TournamentTerms } from "../../../contracts/libraries/TournamentTerms.sol";
import { bound } from "./Vm.sol";

/// @notice What the libraries of the tournaments promise, for any terms, tables and rankings.
contract TournamentsFuzzTest {
    /// @notice The id is what `abi.encode` gives, and any other term gives another.
    function testFuzz_T9_idIsTheHashOfItsEncoding(ITournaments.Terms calldata terms) external view {
        bytes32 id = TournamentTerms.id(terms);
        assert(id == keccak256(abi.encode(block.chainid, address(this), terms)));
        assert(id != keccak256(abi.encode(block.chainid + 1, address(this), terms)));
    }

    /// @notice Whatever the table, the pool and the ranking: prizes add up to the pool, equal ranks get equally much but
    /// for the rest, which goes to rank one, and no worse rank gets more where the table falls.
    function testFuzz_T11_prizesAddUpToThePool(uint256 seed, uint96 pool, uint8 size) external view {
        uint256 count = bound(size, 1, 64);
        uint16[] memory ranks = _ranks(seed, count);
        uint256[] memory amounts = this.amountsOf(_table(seed, count), pool, ranks);
        uint256 sum;
        uint256 first = count;
        for (uint256 i = 0; i < count; ++i) {
            sum += amounts[i];
            if (ranks[i] == 0) assert(amounts[i] == 0);
            if (ranks[i] == 1 && first == count) first = i;
            for (uint256 j = 0; j < count; ++j) {
                if (i == first || j == first || ranks[i] == 0) continue;
                if (ranks[i] == ranks[j]) assert(amounts[i] == amounts[j]);
                else if (ranks[i] < ranks[j]) assert(amounts[i] >= amounts[j]);
            }
        }
        assert(sum == pool);
    }

    /// @notice Every prize of a tree of any size is proven by its path, and no other amount is.
    function testFuzz_T5_everyPrizeIsProven(uint256 seed, uint8 size) external view {
        uint256 count = bound(size, 1, 64);
        address[] memory players = new address[](count);
        uint16[] memory ranks = new uint16[](count);
        bytes memory table = new bytes(2 * count);
        bytes32[] memory nodes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            players[i] = address(uint160(uint256(keccak256(abi.encode(seed, i)))));
            ranks[i] = 1;
            nodes[i] = Prizes.leaf(players[i], 7);
        }
        // All tie for the whole table, so that each gets exactly seven.
        table[0] = 0x27;
        table[1] = 0x10;
        bytes32 root = this.rootOf(table, 7 * count, players, ranks);
        uint256 place = seed % count;
        bytes32[] memory proof = _path(nodes, place);
        assert(MerkleProof.verify(proof, root, Prizes.leaf(players[place], 7)));
        assert(!MerkleProof.verify(proof, root, Prizes.leaf(players[place], 8)));
    }

    function amountsOf(
        bytes calldata payouts,
        uint256 pool,
        uint16[] calldata ranks
    ) external pure returns (uint256[] memory) {
        return Prizes.amountsOf(payouts, pool, ranks);
    }

    function rootOf(
        bytes calldata payouts,
        uint256 pool,
        address[] calldata players,
        uint16[] calldata ranks
    ) external pure returns (bytes32) {
        return Prizes.root(payouts, pool, players, ranks);
    }

    /// @dev A falling table of at most 10,000: each place gets a random part of what the last one left, at most as much.
    function _table(uint256 seed, uint256 places) private pure returns (bytes memory table) {
        table = new bytes(2 * places);
        uint256 left = 10_000;
        uint256 last = 10_000;
        for (uint256 i = 0; i < places; ++i) {
            uint256 points = (left * (uint256(keccak256(abi.encode(seed, "place", i))) % 100)) / 100;
            if (points > last) points = last;
            last = points;
            left -= points;
            table[2 * i] = bytes1(uint8(points >> 8));
            table[2 * i + 1] = bytes1(uint8(points));
        }
    }

    /// @dev Ranks that follow from random scores; a score of zero did not show up, but somebody always does.
    function _ranks(uint256 seed, uint256 count) private pure returns (uint16[] memory ranks) {
        uint256[] memory scores = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            scores[i] = uint256(keccak256(abi.encode(seed, "score", i))) % 20;
        }
        if (scores[seed % count] == 0) scores[seed % count] = 1;
        ranks = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) {
            if (scores[i] == 0) continue;
            ranks[i] = 1;
            for (uint256 j = 0; j < count; ++j) {
                if (scores[j] > scores[i]) ++ranks[i];
            }
        }
    }

    /// @dev The siblings on the way up; overwrites `nodes`.
    function _path(bytes32[] memory nodes, uint256 place) private pure returns (bytes32[] memory proof) {
        bytes32[] memory path = new bytes32[](7);
        uint256 length;
        uint256 count = nodes.length;
        while (count > 1) {
            if (place ^ 1 < count) path[length++] = nodes[place ^ 1];
            for (uint256 i = 0; i < count; i += 2) {
                bytes32 left = nodes[i];
                if (i + 1 == count) {
                    nodes[i / 2] = left;
                } else {
                    bytes32 right = nodes[i + 1];
                    nodes[i / 2] =
                        left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
                }
            }
            count = (count + 1) / 2;
            place /= 2;
        }
        proof = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            proof[i] = path[i];
        }
    }
}
