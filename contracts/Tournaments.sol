// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { MerkleProof } from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ITournaments } from "./interfaces/ITournaments.sol";
import { Owed } from "./libraries/Owed.sol";
import { Payments } from "./libraries/Payments.sol";
import { Payouts } from "./libraries/Payouts.sol";
import { Prizes } from "./libraries/Prizes.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { TournamentTerms } from "./libraries/TournamentTerms.sol";

/// @title Tournaments with stakes, sponsors and automatic payout
/// @notice The rules and their reasons are in `ITournaments`.
contract Tournaments is ITournaments, EIP712, Multicall, Owed {
    using TournamentTerms for Terms;

    /// @dev | slot | fields                                                                                        |
    /// |------|-----------------------------------------------------------------------------------------------------|
    /// | 0    | stage 8 · players 32 · changedAt 32 · sponsored 96: all that signing up touches                     |
    /// | 1    | unpaid 96 · rakeLeft 96 · settled 32: all that a payout changes                                     |
    /// | 2    | root 256                                                                                            |
    /// | 3    | challenger 160 · share 96: for tournaments that are disputed or called off                          |
    struct Tournament {
        Stage stage;
        uint32 players;
        uint32 changedAt;
        uint96 sponsored;
        uint96 unpaid;
        uint96 rakeLeft;
        uint32 settled;
        bytes32 root;
        address challenger;
        uint96 share;
    }

    /// @dev One slot: seat 8 · sponsored 96.
    struct Account {
        Seat seat;
        uint96 sponsored;
    }

    /// @dev Fields up to this size are ranked on the chain, so that neither host nor referee can leave the table.
    uint256 private constant RANKED_FIELD = 64;

    /// @dev How long winners have before prizes that nobody can prove are given up.
    uint256 private constant PAYOUT_PERIOD = 180 days;

    bytes32 private constant CONFIRMATION_TYPEHASH = keccak256("Confirmation(bytes32 tournamentId,bytes32 root)");

    mapping(bytes32 tournamentId => Tournament) private _tournaments;
    mapping(bytes32 tournamentId => mapping(address account => Account)) private _accounts;

    constructor() EIP712("Sluice Tournaments", "1") {}

    /// @inheritdoc ITournaments
    function create(Terms calldata terms, bytes calldata payment) external payable nonReentrant returns (bytes32 id) {
        Tournament storage t;
        (id, t) = _at(terms, Stage.None);
        terms.requireValid();
        address payer = Payments.payer(payment);
        if (payer != terms.host) revert CallerIsNotHost(id, payer, terms.host);
        t.stage = Stage.Open;
        emit TournamentCreated(id, terms.host, terms.token, terms);
        Payments.take(terms.token, terms.bond, TournamentTerms.createPurpose(id), payment);
    }

    /// @inheritdoc ITournaments
    function sponsor(Terms calldata terms, uint96 amount, bytes calldata payment) external payable nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Open);
        _requireBefore(id, terms.joinDeadline);
        if (amount == 0) revert SponsorshipIsZero(id);
        terms.requirePot(uint256(t.sponsored) + amount);
        address payer = Payments.payer(payment);
        t.sponsored += amount;
        _accounts[id][payer].sponsored += amount;
        emit TournamentSponsored(id, payer, amount);
        Payments.take(terms.token, amount, TournamentTerms.sponsorPurpose(id), payment);
    }

    /// @inheritdoc ITournaments
    function join(Terms calldata terms, address player, bytes calldata payment) external payable nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Open);
        _requireBefore(id, terms.joinDeadline);
        if (player == address(0)) revert PlayerIsZero(id);
        uint32 players = t.players;
        if (players == terms.maximumPlayers) revert FieldIsFull(id, players, terms.maximumPlayers);
        Account storage account = _accounts[id][player];
        if (account.seat != Seat.None) revert AlreadyJoined(id, player);
        t.players = players + 1;
        account.seat = Seat.Joined;
        emit PlayerJoined(id, player, Payments.payer(payment));
        Payments.take(terms.token, terms.stake, TournamentTerms.joinPurpose(id, player), payment);
    }

    /// @inheritdoc ITournaments
    function leave(Terms calldata terms) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Open);
        _requireBefore(id, terms.joinDeadline);
        _requirePlayer(id, msg.sender);
        _accounts[id][msg.sender].seat = Seat.None;
        --t.players;
        emit PlayerLeft(id, msg.sender);
        _payOrKeep(terms.token, msg.sender, terms.stake);
    }

    /// @inheritdoc ITournaments
    function submitResult(Terms calldata terms, Result calldata result) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Open);
        if (msg.sender != terms.host) revert CallerIsNotHost(id, msg.sender, terms.host);
        _requireReached(id, terms.joinDeadline);
        _requireBefore(id, terms.resultDeadline);
        if (t.players < terms.minimumPlayers) revert TooFewPlayers(id, t.players, terms.minimumPlayers);
        bytes32 root = _rootOf(id, t, terms, result);
        t.root = root;
        _enter(t, Stage.Reported);
        emit ResultSubmitted(id, root, block.timestamp + terms.challengeWindow, result);
    }

    /// @inheritdoc ITournaments
    function confirm(
        Terms calldata terms,
        address[] calldata players,
        bytes[] calldata signatures
    ) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Reported);
        _requireField(id, t.players, players);
        if (signatures.length != players.length) revert LengthMismatch(signatures.length, players.length);
        bytes32 root = t.root;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONFIRMATION_TYPEHASH, id, root)));
        for (uint256 i = 0; i < players.length; ++i) {
            if (!Signatures.isValid(players[i], digest, signatures[i])) {
                revert InvalidConfirmation(id, players[i], root);
            }
        }
        _conclude(id, t, terms);
        _payOrKeep(terms.token, terms.host, terms.bond);
    }

    /// @inheritdoc ITournaments
    function challenge(Terms calldata terms, bytes calldata payment) external payable nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Reported);
        _requireBefore(id, uint256(t.changedAt) + terms.challengeWindow);
        address challenger = Payments.payer(payment);
        _requirePlayer(id, challenger);
        t.challenger = challenger;
        _enter(t, Stage.Disputed);
        emit ResultChallenged(id, challenger, block.timestamp + terms.rulingWindow);
        Payments.take(terms.token, terms.challengeBond, TournamentTerms.challengePurpose(id, t.root), payment);
    }

    /// @inheritdoc ITournaments
    function rule(Terms calldata terms, Result calldata result) external nonReentrant {
        (bytes32 id, Tournament storage t) = _atRuling(terms);
        bytes32 root = _rootOf(id, t, terms, result);
        bool upheld = root == t.root;
        t.root = root;
        emit DisputeRuled(id, upheld, root, result);
        _conclude(id, t, terms);
        _payBothBonds(terms, upheld ? terms.host : t.challenger);
    }

    /// @inheritdoc ITournaments
    function annul(Terms calldata terms) external nonReentrant {
        (bytes32 id, Tournament storage t) = _atRuling(terms);
        _callOff(id, t, Stage.Refunding, Reason.Annulled, terms.stake);
        _payBothBonds(terms, t.challenger);
    }

    /// @inheritdoc ITournaments
    function finalize(Terms calldata terms) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Reported);
        _requireReached(id, uint256(t.changedAt) + terms.challengeWindow);
        _conclude(id, t, terms);
        _payOrKeep(terms.token, terms.host, terms.bond);
    }

    /// @inheritdoc ITournaments
    function payMany(Terms calldata terms, Prize[] calldata prizes) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Final);
        uint256 paid;
        for (uint256 i = 0; i < prizes.length; ++i) {
            Prize calldata prize = prizes[i];
            // A root that the host made up may have leaves of zero: paying them is no service.
            if (prize.amount == 0 || _accounts[id][prize.player].seat == Seat.Settled) continue;
            _settle(id, t, prize.player, prize.amount, prize.proof);
            _payOrKeep(terms.token, prize.player, prize.amount);
            ++paid;
        }
        _rewardKeeper(id, t, terms, paid);
        _completeIfPaid(id, t, terms);
    }

    /// @inheritdoc ITournaments
    function claim(Terms calldata terms, uint96 amount, bytes32[] calldata proof, address to) external nonReentrant {
        (bytes32 id, Tournament storage t) = _at(terms, Stage.Final);
        if (to == address(0)) revert DestinationIsZero();
        if (_accounts[id][msg.sender].seat == Seat.Settled) revert AlreadyPaid(id, msg.sender);
        _settle(id, t, msg.sender, amount, proof);
        Payouts.pay(terms.token, to, amount);
        _completeIfPaid(id, t, terms);
    }

    /// @inheritdoc ITournaments
    function cancel(Terms calldata terms) external nonReentrant {
        bytes32 id = terms.id();
        Tournament storage t = _tournaments[id];
        if (t.stage == Stage.Disputed) {
            _requireReached(id, uint256(t.changedAt) + terms.rulingWindow);
            _callOff(id, t, Stage.Refunding, Reason.NoRuling, terms.stake);
            _payOrKeep(terms.token, terms.host, terms.bond);
            _payOrKeep(terms.token, t.challenger, terms.challengeBond);
        } else if (t.stage == Stage.Final) {
            _abandon(id, t, terms);
        } else {
            _requireStage(id, t.stage, Stage.Open);
            _cancelOpen(id, t, terms);
        }
    }

    /// @inheritdoc ITournaments
    function refund(Terms calldata terms, address[] calldata accounts) external nonReentrant {
        bytes32 id = terms.id();
        Tournament storage t = _tournaments[id];
        Stage stage = t.stage;
        if (stage != Stage.Abandoned) _requireStage(id, stage, Stage.Refunding);
        uint96 share = t.share;
        for (uint256 i = 0; i < accounts.length; ++i) {
            Account storage account = _accounts[id][accounts[i]];
            uint256 amount;
            if (account.seat == Seat.Joined) {
                account.seat = Seat.Settled;
                amount = share;
            }
            if (stage == Stage.Refunding) {
                amount += account.sponsored;
                account.sponsored = 0;
            }
            if (amount == 0) continue;
            emit Refunded(id, accounts[i], amount);
            _payOrKeep(terms.token, accounts[i], amount);
        }
    }

    /// @inheritdoc ITournaments
    function tournamentId(Terms calldata terms) external view returns (bytes32) {
        return terms.id();
    }

    /// @inheritdoc ITournaments
    function tournamentState(bytes32 id) external view returns (State memory) {
        Tournament storage t = _tournaments[id];
        return
            State({
                stage: t.stage,
                players: t.players,
                changedAt: t.changedAt,
                settled: t.settled,
                sponsored: t.sponsored,
                unpaid: t.unpaid,
                rakeLeft: t.rakeLeft,
                share: t.share,
                challenger: t.challenger,
                root: t.root
            });
    }

    /// @inheritdoc ITournaments
    function accountState(bytes32 id, address account) external view returns (Seat seat, uint96 sponsored) {
        Account storage a = _accounts[id][account];
        return (a.seat, a.sponsored);
    }

    /// @dev The three ways out before a result: the host's own, for want of players, and for want of a result.
    function _cancelOpen(bytes32 id, Tournament storage t, Terms calldata terms) private {
        uint32 players = t.players;
        if (block.timestamp < terms.joinDeadline) {
            if (msg.sender != terms.host) revert CallerIsNotHost(id, msg.sender, terms.host);
            _callOff(id, t, Stage.Refunding, Reason.HostCancelled, terms.stake);
            _payOrKeep(terms.token, terms.host, terms.bond);
        } else if (players < terms.minimumPlayers) {
            _callOff(id, t, Stage.Refunding, Reason.TooFewPlayers, terms.stake);
            _payOrKeep(terms.token, terms.host, terms.bond);
        } else {
            _requireReached(id, terms.resultDeadline);
            // No overflow: there are two players or more, so neither summand has more than 95 bits.
            _callOff(id, t, Stage.Refunding, Reason.NoResult, terms.stake + terms.bond / players);
            _payOrKeep(terms.token, terms.host, terms.bond % players);
        }
    }

    /// @dev Prizes that nobody could prove for half a year, and the rake that waited for them.
    function _abandon(bytes32 id, Tournament storage t, Terms calldata terms) private {
        _requireReached(id, uint256(t.changedAt) + PAYOUT_PERIOD);
        uint256 left = uint256(t.unpaid) + t.rakeLeft;
        uint256 waiting = t.players - t.settled;
        uint256 share = waiting == 0 ? 0 : left / waiting;
        t.unpaid = 0;
        t.rakeLeft = 0;
        _callOff(id, t, Stage.Abandoned, Reason.PrizesUnclaimed, uint96(share));
        _payOrKeep(terms.token, terms.host, left - share * waiting);
    }

    function _callOff(bytes32 id, Tournament storage t, Stage stage, Reason reason, uint96 share) private {
        t.share = share;
        _enter(t, stage);
        emit TournamentCancelled(id, reason, share);
    }

    function _conclude(bytes32 id, Tournament storage t, Terms calldata terms) private {
        (uint96 pool, uint96 rake) = terms.split(t.players, t.sponsored);
        t.unpaid = pool;
        t.rakeLeft = rake;
        _enter(t, Stage.Final);
        emit TournamentFinalized(id, t.root, pool, rake);
        _completeIfPaid(id, t, terms);
    }

    /// @dev Marks a prize as paid. Only players are paid, and each once, whatever a result claims.
    function _settle(
        bytes32 id,
        Tournament storage t,
        address player,
        uint96 amount,
        bytes32[] calldata proof
    ) private {
        _requirePlayer(id, player);
        if (!MerkleProof.verifyCalldata(proof, t.root, Prizes.leaf(player, amount))) {
            revert InvalidProof(id, player, amount);
        }
        uint96 unpaid = t.unpaid;
        if (amount > unpaid) revert PrizeExceedsPool(id, amount, unpaid);
        _accounts[id][player].seat = Seat.Settled;
        t.unpaid = unpaid - amount;
        ++t.settled;
        emit PrizePaid(id, player, amount);
    }

    function _rewardKeeper(bytes32 id, Tournament storage t, Terms calldata terms, uint256 paid) private {
        uint96 rakeLeft = t.rakeLeft;
        uint256 earned = paid * terms.keeperReward;
        uint96 reward = earned < rakeLeft ? uint96(earned) : rakeLeft;
        if (reward == 0) return;
        t.rakeLeft = rakeLeft - reward;
        emit KeeperRewarded(id, msg.sender, reward);
        _payOrKeep(terms.token, msg.sender, reward);
    }

    /// @dev The host waits for its rake until the winners are paid, so it is the first of the keepers.
    function _completeIfPaid(bytes32 id, Tournament storage t, Terms calldata terms) private {
        if (t.unpaid != 0) return;
        uint96 rake = t.rakeLeft;
        t.rakeLeft = 0;
        _enter(t, Stage.Paid);
        emit TournamentPaid(id, rake);
        _payOrKeep(terms.token, terms.host, rake);
    }

    function _payBothBonds(Terms calldata terms, address winner) private {
        _payOrKeep(terms.token, winner, uint256(terms.bond) + terms.challengeBond);
    }

    function _enter(Tournament storage t, Stage stage) private {
        t.stage = stage;
        t.changedAt = SafeCast.toUint32(block.timestamp);
    }

    function _at(Terms calldata terms, Stage stage) private view returns (bytes32 id, Tournament storage t) {
        id = terms.id();
        t = _tournaments[id];
        _requireStage(id, t.stage, stage);
    }

    function _atRuling(Terms calldata terms) private view returns (bytes32 id, Tournament storage t) {
        (id, t) = _at(terms, Stage.Disputed);
        if (msg.sender != terms.referee) revert CallerIsNotReferee(id, msg.sender, terms.referee);
        _requireBefore(id, uint256(t.changedAt) + terms.rulingWindow);
    }

    function _rootOf(
        bytes32 id,
        Tournament storage t,
        Terms calldata terms,
        Result calldata result
    ) private view returns (bytes32) {
        uint32 players = t.players;
        (uint96 pool, ) = terms.split(players, t.sponsored);
        if (result.players.length == 0) {
            if (players <= RANKED_FIELD) revert RankingRequired(id, players, RANKED_FIELD);
            if (result.total != pool) revert TotalIsNotPool(id, result.total, pool);
            return result.root;
        }
        if (result.root != 0 || result.total != 0) revert AmbiguousResult(id);
        _requireField(id, players, result.players);
        if (result.ranks.length != players) revert LengthMismatch(result.ranks.length, players);
        return Prizes.root(terms.payouts, pool, result.players, result.ranks);
    }

    /// @dev The list is the whole field: as many as joined, each a player, none twice.
    function _requireField(bytes32 id, uint32 count, address[] calldata players) private view {
        if (players.length != count) revert FieldIncomplete(id, players.length, count);
        for (uint256 i = 0; i < players.length; ++i) {
            if (i != 0 && players[i] <= players[i - 1]) revert PlayersNotAscending(id, players[i - 1], players[i]);
            _requirePlayer(id, players[i]);
        }
    }

    function _requirePlayer(bytes32 id, address account) private view {
        if (_accounts[id][account].seat != Seat.Joined) revert NotAPlayer(id, account);
    }

    function _requireBefore(bytes32 id, uint256 deadline) private view {
        if (block.timestamp >= deadline) revert DeadlinePassed(id, deadline, block.timestamp);
    }

    function _requireReached(bytes32 id, uint256 deadline) private view {
        if (block.timestamp < deadline) revert DeadlineNotReached(id, deadline, block.timestamp);
    }

    function _requireStage(bytes32 id, Stage stage, Stage needed) private pure {
        if (stage != needed) revert WrongStage(id, stage, needed);
    }
}
