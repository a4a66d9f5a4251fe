// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ITournaments } from "../../../contracts/interfaces/ITournaments.sol";
import { TournamentTerms } from "../../../contracts/libraries/TournamentTerms.sol";
import { TournamentHandler } from "./TournamentHandler.sol";
import { TournamentBelief } from "./TournamentModel.sol";
import { vm } from "./Vm.sol";

/// @title What people sign and somebody else submits
/// @dev The keeper submits all of it. A quarter of what it submits is signed for something else or was submitted before,
/// and must be refused (T9).
contract TournamentSigners is TournamentHandler {
    bytes32 private constant CONFIRMATION_TYPEHASH = keccak256("Confirmation(bytes32 tournamentId,bytes32 root)");
    bytes32 private constant AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @dev Of the last authorization that went through, to be tried again.
    uint256 private _lastSalt;

    mapping(address payer => mapping(bytes32 nonce => bool)) private _used;

    /// @notice Makes a result final by the signatures of all players (T9, T12).
    function confirm(uint256 seed, uint256 dice) external watched {
        uint256 index = _pick(seed, ITournaments.Stage.Reported);
        ITournaments.Terms memory t = _terms[index];
        (address[] memory players, ) = _ranking(index, 0);
        bytes32 root = tournaments.tournamentState(ids[index]).root;
        bool fine = _beliefs[index].stage == ITournaments.Stage.Reported && players.length != 0;
        if (dice % 4 == 0) {
            fine = false;
            // Either another result was confirmed, or somebody is missing.
            if (dice % 8 == 0) root = keccak256(abi.encode(root));
            else if (players.length != 0) players = _without(players, dice >> 8);
        }
        bytes[] memory signatures = new bytes[](players.length);
        for (uint256 i = 0; i < players.length; ++i) {
            signatures[i] = _confirmation(index, players[i], root);
        }
        vm.prank(KEEPER);
        try tournaments.confirm(t, players, signatures) {
            _passed(fine, this.confirm.selector);
            _concludeUndisputed(index);
        } catch {
            _require(!fine, "a confirmation was refused");
        }
    }

    /// @notice Somebody without a coin enters a player by a signature (T9).
    function joinSigned(uint256 seed, uint256 who, uint256 dice) external watched {
        // The first of the tournaments has a stake in the token that takes signatures.
        address payer = _people[who % (PEOPLE - 1)];
        address player = _people[(who >> 8) % PEOPLE];
        TournamentBelief storage b = _beliefs[0];
        bool fine = _signsUp(0) && b.players < 4 && _seats[0][player] == ITournaments.Seat.None;
        bytes32 purpose = TournamentTerms.joinPurpose(ids[0], player);
        (bytes memory payment, bool valid) = _authorization(payer, _terms[0].stake, purpose, seed, dice);
        uint256 before = plain.balanceOf(payer);
        vm.prank(KEEPER);
        try tournaments.join(_terms[0], player, payment) {
            _passed(fine && valid, this.joinSigned.selector);
            _spent(payer, before, _terms[0].stake, purpose, payment);
            ++b.players;
            b.held += _terms[0].stake;
            _seats[0][player] = ITournaments.Seat.Joined;
        } catch {
            _require(!fine || !valid, "a signed stake was refused");
        }
    }

    /// @notice A player disputes a result by a signature (T9).
    function challengeSigned(uint256 seed, uint256 who, uint256 dice) external watched {
        address player = _people[who % (PEOPLE - 1)];
        TournamentBelief storage b = _beliefs[0];
        ITournaments.Terms memory t = _terms[0];
        bool fine =
            b.stage == ITournaments.Stage.Reported &&
                time < b.changedAt + t.challengeWindow &&
                _seats[0][player] == ITournaments.Seat.Joined;
        bytes32 purpose = TournamentTerms.challengePurpose(ids[0], tournaments.tournamentState(ids[0]).root);
        (bytes memory payment, bool valid) = _authorization(player, t.challengeBond, purpose, seed, dice);
        uint256 before = plain.balanceOf(player);
        vm.prank(KEEPER);
        try tournaments.challenge(t, payment) {
            _passed(fine && valid, this.challengeSigned.selector);
            _spent(player, before, t.challengeBond, purpose, payment);
            _enter(0, ITournaments.Stage.Disputed);
            b.challenger = player;
            b.held += t.challengeBond;
        } catch {
            _require(!fine || !valid, "a signed challenge was refused");
        }
    }

    /// @dev A payment as `Payments` takes it, and whether it is what it says.
    function _authorization(
        address payer,
        uint256 amount,
        bytes32 purpose,
        uint256 seed,
        uint256 dice
    ) private view returns (bytes memory payment, bool valid) {
        uint256 salt = dice % 8 == 0 ? _lastSalt : uint256(keccak256(abi.encode(seed, dice)));
        bytes32 nonce = keccak256(abi.encode(purpose, salt));
        valid = !_used[payer][nonce];
        // Signed for something else: what is paid must be bound to its purpose.
        bytes32 signedNonce = nonce;
        if (dice % 8 == 1) {
            signedNonce = keccak256(abi.encode(keccak256(abi.encode(purpose)), salt));
            valid = false;
        }
        bytes32 structHash = keccak256(
            abi.encode(AUTHORIZATION_TYPEHASH, payer, tournaments, amount, 0, type(uint256).max, signedNonce)
        );
        bytes memory signature = _sign(payer, plain.DOMAIN_SEPARATOR(), structHash);
        payment = abi.encodePacked(bytes1(0x02), payer, uint256(0), type(uint256).max, salt, signature);
    }

    /// @dev What was signed was taken, from whoever signed, and is used up.
    function _spent(address payer, uint256 before, uint256 amount, bytes32 purpose, bytes memory payment) private {
        uint256 salt;
        // The byte that says how, an address and two words come before it.
        assembly ("memory-safe") {
            salt := mload(add(payment, 117))
        }
        _lastSalt = salt;
        _used[payer][keccak256(abi.encode(purpose, salt))] = true;
        _require(plain.balanceOf(payer) + amount == before, "a signature cost something else");
    }

    /// @dev The hostile wallet takes any bytes for its signature.
    function _confirmation(uint256 index, address player, bytes32 root) private view returns (bytes memory) {
        if (_keys[player] == 0) return "";
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Sluice Tournaments"),
                keccak256("1"),
                block.chainid,
                tournaments
            )
        );
        return _sign(player, domain, keccak256(abi.encode(CONFIRMATION_TYPEHASH, ids[index], root)));
    }

    function _sign(address by, bytes32 domain, bytes32 structHash) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            _keys[by],
            keccak256(abi.encodePacked("\x19\x01", domain, structHash))
        );
        return abi.encodePacked(r, s, v);
    }

    function _without(address[] memory all, uint256 seed) private pure returns (address[] memory rest) {
        uint256 missing = seed % all.length;
        rest = new address[](all.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) {
            rest[i] = all[i < missing ? i : i + 1];
        }
    }
}
