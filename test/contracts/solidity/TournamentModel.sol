// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ITournaments } from "../../../contracts/interfaces/ITournaments.sol";
import { CallbackToken } from "../../../contracts/mocks/CallbackToken.sol";
import { HostileWallet } from "../../../contracts/mocks/HostileWallet.sol";
import { UsdcLikeToken } from "../../../contracts/mocks/UsdcLikeToken.sol";
import { Prizes } from "../../../contracts/libraries/Prizes.sol";
import { deploy, vm } from "./Vm.sol";

/// @notice What must be true of one tournament, kept without looking at the contract.
struct TournamentBelief {
    ITournaments.Stage stage;
    uint256 players;
    uint256 changedAt;
    uint256 sponsored;
    /// What the contract holds for it.
    uint256 held;
    uint256 unpaid;
    uint256 rakeLeft;
    uint256 share;
    address challenger;
}

/// @title The people, tokens and tournaments of the invariant tests, and what is believed of them
/// @dev Four tournaments over a token that takes signatures, a re-entrant token and the native coin. Four of five players
/// have keys, one is a hostile wallet, which calls back and may refuse the native coin.
abstract contract TournamentModel {
    uint256 internal constant TOURNAMENTS = 4;
    uint256 internal constant PEOPLE = 5;
    address internal constant REFEREE = address(0x4ef);
    address internal constant KEEPER = address(0x4ee9e4);
    address internal constant ELSEWHERE = address(0xe15e);

    ITournaments public immutable tournaments;
    /// @dev It takes signatures.
    UsdcLikeToken public immutable plain;
    CallbackToken public immutable evil;
    HostileWallet public immutable hostile;

    ITournaments.Terms[TOURNAMENTS] internal _terms;
    TournamentBelief[TOURNAMENTS] internal _beliefs;
    bytes32[TOURNAMENTS] public ids;

    /// @dev In ascending order, as a ranking lists them; the hostile wallet is the last.
    address[PEOPLE] internal _people;

    /// @dev The hostile wallet has none.
    mapping(address person => uint256) internal _keys;

    mapping(uint256 index => mapping(address player => ITournaments.Seat)) internal _seats;
    mapping(uint256 index => mapping(address player => uint256)) internal _prizes;
    mapping(uint256 index => uint256) internal _given;

    /// @dev What is kept for the hostile wallet, the only one that refuses; only the native coin can be refused.
    uint256 public kept;

    /// @dev The runner forgets a warp between calls, so the clock is kept here.
    uint256 public time = 1_800_000_000;

    error Disproved(string what);

    constructor() {
        tournaments = ITournaments(deploy("Tournaments.sol:Tournaments"));
        plain = new UsdcLikeToken();
        evil = new CallbackToken();
        hostile = new HostileWallet();
        _findPeople();
        _stock(address(this));
        for (uint256 i = 0; i < PEOPLE; ++i) {
            _stock(_people[i]);
        }
        _terms[0] = _tournament(address(plain), 1_000, 97, 3);
        _terms[1] = _tournament(address(evil), 777, 0, 2);
        _terms[2] = _tournament(address(0), 1_000, 50, 2);
        _terms[3] = _tournament(address(plain), 0, 10, 2);
        _terms[3].rake = 5_000;
        for (uint256 i = 0; i < TOURNAMENTS; ++i) {
            ids[i] = tournaments.tournamentId(_terms[i]);
        }
    }

    function belief(uint256 index) external view returns (TournamentBelief memory) {
        return _beliefs[index];
    }

    function terms(uint256 index) external view returns (ITournaments.Terms memory) {
        return _terms[index];
    }

    function balance(address token, address account) public view returns (uint256) {
        return token == address(0) ? account.balance : IERC20(token).balanceOf(account);
    }

    /// @dev The ranks of whoever has joined, in order of address: random, with ties and absences, and always valid.
    function _ranking(
        uint256 index,
        uint256 seed
    ) internal view returns (address[] memory players, uint16[] memory ranks) {
        uint256 count = _beliefs[index].players;
        players = new address[](count);
        ranks = new uint16[](count);
        uint256[] memory scores = new uint256[](count);
        uint256 next;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (_seats[index][_people[i]] != ITournaments.Seat.Joined) continue;
            players[next] = _people[i];
            // A score of zero did not show up; somebody always does.
            scores[next] = next == 0 ? 1 + (seed % 3) : (seed >> (8 * next)) % 4;
            ++next;
        }
        for (uint256 i = 0; i < count; ++i) {
            if (scores[i] == 0) continue;
            ranks[i] = 1;
            for (uint256 j = 0; j < count; ++j) {
                if (scores[j] > scores[i]) ++ranks[i];
            }
        }
    }

    /// @dev Remembers what each wins: of the table 50, 30, 20 per cent, ties sharing, the rest to the first of the best.
    function _believePrizes(uint256 index, address[] memory players, uint16[] memory ranks, uint256 pool) internal {
        uint256 left = pool;
        address first;
        for (uint256 i = 0; i < players.length; ++i) {
            uint256 prize;
            if (ranks[i] != 0) {
                uint256 tied;
                for (uint256 j = 0; j < players.length; ++j) {
                    if (ranks[j] == ranks[i]) ++tied;
                }
                uint256 points;
                for (uint256 place = ranks[i]; place < ranks[i] + tied; ++place) {
                    points +=
                        place == 1
                            ? 5_000
                            : place == 2
                                ? 3_000
                                : place == 3
                                    ? 2_000
                                    : 0;
                }
                prize = (pool * points) / (10_000 * tied);
            }
            if (ranks[i] == 1 && first == address(0)) first = players[i];
            _prizes[index][players[i]] = prize;
            left -= prize;
        }
        _prizes[index][first] += left;
    }

    /// @dev The proof of one player's prize among those believed.
    function _proof(uint256 index, address player) internal view returns (bytes32[] memory proof) {
        bytes32[] memory nodes = new bytes32[](PEOPLE);
        uint256 count;
        uint256 place;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            uint256 prize = _prizes[index][_people[i]];
            if (prize == 0) continue;
            if (_people[i] == player) place = count;
            nodes[count++] = Prizes.leaf(_people[i], prize);
        }
        bytes32[] memory path = new bytes32[](3);
        uint256 length;
        while (count > 1) {
            if (place ^ 1 < count) path[length++] = nodes[place ^ 1];
            for (uint256 i = 0; i < count; i += 2) {
                nodes[i / 2] = i + 1 < count ? _pair(nodes[i], nodes[i + 1]) : nodes[i];
            }
            count = (count + 1) / 2;
            place /= 2;
        }
        proof = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            proof[i] = path[i];
        }
    }

    function _pool(uint256 index) internal view returns (uint256 pool, uint256 rake) {
        uint256 stakes = uint256(_terms[index].stake) * _beliefs[index].players;
        rake = (stakes * _terms[index].rake) / 10_000;
        pool = stakes - rake + _beliefs[index].sponsored;
    }

    /// @dev Whether a payment in this tournament's token would be refused; only the native coin can be.
    function _refuses(uint256 index, address recipient) internal view returns (bool) {
        return _terms[index].token == address(0) && recipient == address(hostile) && hostile.refusing();
    }

    /// @dev Four keys whose addresses come before the hostile wallet's.
    function _findPeople() private {
        _people[PEOPLE - 1] = address(hostile);
        uint256 found;
        for (uint256 key = 1; found < PEOPLE - 1; ++key) {
            address person = vm.addr(key);
            if (person >= address(hostile)) continue;
            _keys[person] = key;
            uint256 place = found++;
            for (; place != 0 && _people[place - 1] > person; --place) {
                _people[place] = _people[place - 1];
            }
            _people[place] = person;
        }
    }

    function _require(bool holds, string memory what) internal pure {
        if (!holds) revert Disproved(what);
    }

    function _stock(address account) internal {
        plain.mint(account, type(uint96).max);
        evil.mint(account, type(uint96).max);
        vm.prank(account);
        plain.approve(address(tournaments), type(uint256).max);
        vm.prank(account);
        evil.approve(address(tournaments), type(uint256).max);
        vm.deal(account, type(uint96).max);
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _tournament(
        address token,
        uint96 stake,
        uint96 bond,
        uint32 minimum
    ) private view returns (ITournaments.Terms memory) {
        return
            ITournaments.Terms({
                host: address(this),
                token: token,
                referee: REFEREE,
                stake: stake,
                bond: bond,
                challengeBond: 31,
                keeperReward: 7,
                minimumPlayers: minimum,
                maximumPlayers: 4,
                joinDeadline: uint32(time + 2 days),
                resultDeadline: uint32(time + 4 days),
                challengeWindow: 1 days,
                rulingWindow: 1 days,
                rake: 333,
                rulesHash: 0,
                salt: 0,
                payouts: hex"13880bb807d0"
            });
    }
}
