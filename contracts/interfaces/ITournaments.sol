// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IOwed } from "./IOwed.sol";

/// @title Tournaments with stakes, sponsors and automatic payout
/// @notice Players put a stake in, the host reports who came where, players may dispute it before a referee, and the
/// winners are paid without doing anything. Whoever vanishes, everybody else gets out in bounded time.
/// @dev The terms travel in calldata and are identified by their hash. A deadline is the first second that is too late;
/// whatever waits for it works from that second on. There is no owner, no upgrade, no pause and no fee but the host's.
/// Amounts are base units of the tournament's token, times are seconds. The states are in docs/products/tournament.md.
interface ITournaments is IOwed {
    /// @notice Where a tournament stands.
    /// @dev `None`: never created. `Open`: players join and leave until the join deadline, then the host reports.
    /// `Reported`: a result stands and may be challenged. `Disputed`: the referee decides. `Final`: winners are paid.
    /// `Paid`: everything has gone out. `Refunding`: players and sponsors get back what they put in. `Abandoned`: prizes
    /// that nobody could prove are shared among the players who got none.
    enum Stage {
        None,
        Open,
        Reported,
        Disputed,
        Final,
        Paid,
        Refunding,
        Abandoned
    }

    /// @notice Where an account stands in a tournament. `Settled`: it got its prize or its refund.
    enum Seat {
        None,
        Joined,
        Settled
    }

    /// @notice Why a tournament ended without its prizes.
    enum Reason {
        HostCancelled,
        TooFewPlayers,
        NoResult,
        NoRuling,
        Annulled,
        PrizesUnclaimed
    }

    /// @notice The terms of a tournament, fixed for its whole life.
    /// @param host creates it, reports the result, receives the rake and its bond back
    /// @param token an ERC-20 token, or zero for the chain's native coin
    /// @param referee decides disputes; neither zero nor the host
    /// @param stake what each player puts in; may be zero when sponsors pay for everything
    /// @param bond what the host puts in; the players' when no result comes in time
    /// @param challengeBond what a challenger puts in; the host's when the result is upheld
    /// @param keeperReward for each winner that somebody pays, out of the rake until that is used up
    /// @param minimumPlayers without which it does not start; at least two
    /// @param maximumPlayers that may join
    /// @param joinDeadline from this second on nobody joins, leaves or sponsors; at most 365 days away
    /// @param resultDeadline from this second on no result is accepted; at most 90 days after the join deadline
    /// @param challengeWindow how long a result may be challenged, from 15 minutes to 30 days
    /// @param rulingWindow how long the referee has, from 15 minutes to 30 days
    /// @param rake the host's share of the stakes in basis points, at most 5,000
    /// @param rulesHash hash of the rules as players were shown them
    /// @param salt distinguishes tournaments with otherwise equal terms
    /// @param payouts what each rank receives of the prize pool, two bytes of basis points a rank, 10,000 in all
    struct Terms {
        address host;
        address token;
        address referee;
        uint96 stake;
        uint96 bond;
        uint96 challengeBond;
        uint96 keeperReward;
        uint32 minimumPlayers;
        uint32 maximumPlayers;
        uint32 joinDeadline;
        uint32 resultDeadline;
        uint32 challengeWindow;
        uint32 rulingWindow;
        uint16 rake;
        bytes32 rulesHash;
        bytes32 salt;
        bytes payouts;
    }

    /// @notice Who came where: either `players` and `ranks`, from which the contract works the prizes out, or, for more
    /// than 64 players, `root` and `total` of prizes worked out elsewhere.
    /// @param players every player, in ascending order of address
    /// @param ranks of `players`: 1 is best, equal ranks are ties and use up as many places, 0 did not show up
    /// @param root of the Merkle tree whose leaves are `keccak256(keccak256(abi.encode(player, amount)))`
    /// @param total of the tree's amounts; must be the whole prize pool
    struct Result {
        address[] players;
        uint16[] ranks;
        bytes32 root;
        uint96 total;
    }

    /// @notice A prize and the proof that the result contains it.
    struct Prize {
        address player;
        uint96 amount;
        bytes32[] proof;
    }

    /// @notice What the contract knows of a tournament.
    /// @param players who have joined and not left
    /// @param changedAt the second of the last change of stage after the start
    /// @param settled players who got their prize
    /// @param sponsored base units from sponsors
    /// @param unpaid prizes not paid yet; zero before the result is final
    /// @param rakeLeft of the rake, not yet paid to keepers or the host; zero before the result is final
    /// @param share what each player who got nothing yet receives when refunded
    /// @param challenger who disputed the result
    /// @param root of the result's prizes
    struct State {
        Stage stage;
        uint32 players;
        uint32 changedAt;
        uint32 settled;
        uint96 sponsored;
        uint96 unpaid;
        uint96 rakeLeft;
        uint96 share;
        address challenger;
        bytes32 root;
    }

    /// @notice A tournament opened for players. The chain alone suffices to rebuild every tournament.
    event TournamentCreated(bytes32 indexed tournamentId, address indexed host, address indexed token, Terms terms);

    /// @notice `player` joined; `payer` paid the stake.
    event PlayerJoined(bytes32 indexed tournamentId, address indexed player, address payer);

    /// @notice `player` left and got the stake.
    event PlayerLeft(bytes32 indexed tournamentId, address indexed player);

    /// @notice `sponsor` added `amount` to the prizes.
    event TournamentSponsored(bytes32 indexed tournamentId, address indexed sponsor, uint96 amount);

    /// @notice The host reported a result; it may be challenged until `finalizableAt`.
    event ResultSubmitted(bytes32 indexed tournamentId, bytes32 root, uint256 finalizableAt, Result result);

    /// @notice `challenger` disputed the result; the referee may rule until `rulingDeadline`.
    event ResultChallenged(bytes32 indexed tournamentId, address indexed challenger, uint256 rulingDeadline);

    /// @notice The referee decided, and with it whether the host's result stood.
    event DisputeRuled(bytes32 indexed tournamentId, bool upheld, bytes32 root, Result result);

    /// @notice The result is final: `pool` goes to the winners, `rake` to keepers and the host.
    event TournamentFinalized(bytes32 indexed tournamentId, bytes32 root, uint96 pool, uint96 rake);

    /// @notice `player` was sent its prize, or it is kept for it (`PaymentKept`).
    event PrizePaid(bytes32 indexed tournamentId, address indexed player, uint96 amount);

    /// @notice `keeper` was rewarded for paying winners.
    event KeeperRewarded(bytes32 indexed tournamentId, address indexed keeper, uint96 amount);

    /// @notice Every prize is paid, and the host received what was left of the rake.
    event TournamentPaid(bytes32 indexed tournamentId, uint96 rake);

    /// @notice The tournament ended without its prizes; each player still to be settled gets `share`.
    event TournamentCancelled(bytes32 indexed tournamentId, Reason reason, uint96 share);

    /// @notice `account` was sent back `amount` of stake, compensation and sponsor money.
    event Refunded(bytes32 indexed tournamentId, address indexed account, uint256 amount);

    /// @notice The referee of the terms is zero or the host itself.
    error RefereeNotIndependent(address referee, address host);

    /// @notice Fewer than two players, or a minimum above the maximum.
    error FieldOutOfRange(uint32 minimumPlayers, uint32 maximumPlayers);

    /// @notice The stakes of a full field, with what sponsors gave, are more than a tournament can hold.
    error PotTooLarge(uint256 pot, uint256 maximum);

    /// @notice A time of the terms lies outside `earliest` to `latest`.
    error TimeOutOfRange(uint256 time, uint256 earliest, uint256 latest);

    /// @notice The rake is more than a host may take.
    error RakeTooHigh(uint16 rake, uint16 maximum);

    /// @notice The payout table does not give away exactly everything.
    error PayoutsIncomplete(uint256 basisPoints, uint256 expected);

    /// @notice The tournament's stage does not allow this.
    error WrongStage(bytes32 tournamentId, Stage stage, Stage needed);

    /// @notice It is too late.
    error DeadlinePassed(bytes32 tournamentId, uint256 deadline, uint256 currentTime);

    /// @notice It is too early.
    error DeadlineNotReached(bytes32 tournamentId, uint256 deadline, uint256 currentTime);

    /// @notice Only the host may do this.
    error CallerIsNotHost(bytes32 tournamentId, address caller, address host);

    /// @notice Only the referee may do this.
    error CallerIsNotReferee(bytes32 tournamentId, address caller, address referee);

    /// @notice The player is zero, so nobody could be paid.
    error PlayerIsZero(bytes32 tournamentId);

    /// @notice As many have joined as may.
    error FieldIsFull(bytes32 tournamentId, uint256 players, uint256 maximum);

    /// @notice The player has joined already.
    error AlreadyJoined(bytes32 tournamentId, address player);

    /// @notice The account is no player of this tournament.
    error NotAPlayer(bytes32 tournamentId, address account);

    /// @notice The account got its prize already.
    error AlreadyPaid(bytes32 tournamentId, address player);

    /// @notice A sponsor gave nothing.
    error SponsorshipIsZero(bytes32 tournamentId);

    /// @notice Too few players had joined at the deadline; all that is left is `cancel`.
    error TooFewPlayers(bytes32 tournamentId, uint256 players, uint256 minimum);

    /// @notice A field this small is ranked, so that its prizes follow the table.
    error RankingRequired(bytes32 tournamentId, uint256 players, uint256 largest);

    /// @notice The result is both a ranking and a root.
    error AmbiguousResult(bytes32 tournamentId);

    /// @notice The total of the prizes is not the prize pool.
    error TotalIsNotPool(bytes32 tournamentId, uint256 total, uint256 pool);

    /// @notice The list does not name as many players as joined.
    error FieldIncomplete(bytes32 tournamentId, uint256 listed, uint256 players);

    /// @notice Players are listed in ascending order, each once.
    error PlayersNotAscending(bytes32 tournamentId, address player, address next);

    /// @notice The list has not one entry for each player.
    error LengthMismatch(uint256 length, uint256 expected);

    /// @notice The signature of a confirmation is not this player's.
    error InvalidConfirmation(bytes32 tournamentId, address player, bytes32 root);

    /// @notice The result does not contain this prize.
    error InvalidProof(bytes32 tournamentId, address player, uint256 amount);

    /// @notice The prizes of the result are more than its total.
    error PrizeExceedsPool(bytes32 tournamentId, uint256 amount, uint256 unpaid);

    /// @notice Opens a tournament with the host's bond.
    /// @param terms the terms
    /// @param payment how the host pays the bond, see `Payments`; its purpose is `Create(bytes32 tournamentId)`
    /// @return tournamentId the hash of chain id, contract and terms
    function create(Terms calldata terms, bytes calldata payment) external payable returns (bytes32 tournamentId);

    /// @notice Adds to the prizes. Sponsor money is never raked and comes back if the tournament is cancelled.
    /// @param terms the terms
    /// @param amount base units
    /// @param payment how, see `Payments`; its purpose is `Sponsor(bytes32 tournamentId)`
    function sponsor(Terms calldata terms, uint96 amount, bytes calldata payment) external payable;

    /// @notice Enters a player with its stake. Anyone may pay for anyone; the stake is the player's from then on.
    /// @param terms the terms
    /// @param player who joins
    /// @param payment how, see `Payments`; its purpose is `Join(bytes32 tournamentId,address player)`
    function join(Terms calldata terms, address player, bytes calldata payment) external payable;

    /// @notice Takes the caller out before the join deadline and gives it the stake.
    /// @param terms the terms
    function leave(Terms calldata terms) external;

    /// @notice Reports who came where. Host only, between the deadlines.
    /// @param terms the terms
    /// @param result the result
    function submitResult(Terms calldata terms, Result calldata result) external;

    /// @notice Makes a reported result final at once, with the signatures of all players.
    /// @param terms the terms
    /// @param players every player, in ascending order of address
    /// @param signatures of `Confirmation(bytes32 tournamentId,bytes32 root)`, one by each of `players`
    function confirm(Terms calldata terms, address[] calldata players, bytes[] calldata signatures) external;

    /// @notice Disputes a reported result within its window. Players only, once.
    /// @param terms the terms
    /// @param payment how the player pays the bond, see `Payments`; its purpose is
    /// `Challenge(bytes32 tournamentId,bytes32 root)`
    function challenge(Terms calldata terms, bytes calldata payment) external payable;

    /// @notice Decides a dispute. Both bonds go to the host when the result is the one reported, else to the challenger.
    /// @param terms the terms
    /// @param result the right result, final at once
    function rule(Terms calldata terms, Result calldata result) external;

    /// @notice Decides a dispute by declaring the tournament void. Both bonds go to the challenger, stakes go back.
    /// @param terms the terms
    function annul(Terms calldata terms) external;

    /// @notice Makes a result final that nobody challenged in time. Anyone may call.
    /// @param terms the terms
    function finalize(Terms calldata terms) external;

    /// @notice Pays winners. Anyone may call and is rewarded out of the rake; with the last prize the host gets the rest.
    /// @dev A winner paid already and a prize of zero are skipped. A payment that fails is kept for the winner and blocks nobody.
    /// @param terms the terms
    /// @param prizes the prizes with their proofs
    function payMany(Terms calldata terms, Prize[] calldata prizes) external;

    /// @notice Takes the caller's own prize to a destination of its choice.
    /// @param terms the terms
    /// @param amount base units
    /// @param proof that the result contains it
    /// @param to the destination
    function claim(Terms calldata terms, uint96 amount, bytes32[] calldata proof, address to) external;

    /// @notice Ends a tournament that cannot reach its prizes, and opens what is left for `refund`.
    /// @dev By the host before the join deadline. By anyone: with too few players at the join deadline; without a
    /// result at the result deadline, and then the bond is the players'; without a ruling in time; and with prizes
    /// unpaid for 180 days, which are then shared among the players who got none. What cannot be divided is the host's.
    /// @param terms the terms
    function cancel(Terms calldata terms) external;

    /// @notice Sends accounts what they get back. Anyone may call; accounts with nothing to get are skipped.
    /// @param terms the terms
    /// @param accounts players and sponsors
    function refund(Terms calldata terms, address[] calldata accounts) external;

    /// @notice The id of these terms on this chain and contract.
    /// @param terms the terms
    /// @return the hash of chain id, contract and terms
    function tournamentId(Terms calldata terms) external view returns (bytes32);

    /// @notice What the contract knows of a tournament.
    /// @param id the tournament's id
    function tournamentState(bytes32 id) external view returns (State memory);

    /// @notice What the contract knows of an account in a tournament.
    /// @param id the tournament's id
    /// @param account a player or sponsor
    /// @return seat whether it plays
    /// @return sponsored base units it gave as a sponsor and did not get back
    function accountState(bytes32 id, address account) external view returns (Seat seat, uint96 sponsored);
}
