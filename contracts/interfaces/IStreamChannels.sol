// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title One-way payment channels for live streams
/// @notice A payer deposits once, signs vouchers with a rising cumulative amount while a stream runs, and the payee
/// turns the highest voucher into money whenever it likes. What was not earned goes back to the payer.
/// @dev The terms of a channel travel in calldata and are identified by their hash; one storage slot holds its state.
/// There is no owner, no upgrade, no pause and no fee. Amounts are base units of the channel's token, times are
/// seconds.
interface IStreamChannels {
    /// @notice The terms of a channel, fixed for its whole life.
    /// @param payer receives whatever is refunded; only it may ask for a forced close
    /// @param payee receives whatever is claimed; may be a cold wallet
    /// @param operator the payee's server key: signs `Close` and may call `close` for the payee, but never receives
    /// anything; zero means the payee itself
    /// @param token an ERC-20 token, or zero for the chain's native coin
    /// @param signer whose vouchers count: an account, a session key, a P-256 key as
    /// `address(uint160(uint256(keccak256(x ‖ y))))`, or an ERC-1271 wallet
    /// @param grace seconds between `requestClose` and `withdraw`, from 15 minutes to 30 days
    /// @param rate base units per second that may be claimed since opening, above `burst`; zero means no bound
    /// @param burst base units that may be claimed at once, regardless of the time passed; ignored when `rate` is zero
    /// @param salt distinguishes channels with otherwise equal terms
    struct Channel {
        address payer;
        address payee;
        address operator;
        address token;
        address signer;
        uint32 grace;
        uint96 rate;
        uint96 burst;
        bytes32 salt;
    }

    /// @notice One voucher of a batch. Payee, operator and token are the batch's; the rest are the channel's terms.
    /// @param cumulativeAmount everything the voucher has ever granted on this channel, not an increment
    /// @param signature the signer's signature of `Voucher(channelId, cumulativeAmount)`: 64 (EIP-2098) or 65 bytes of
    /// ECDSA, 128 bytes `r ‖ s ‖ x ‖ y` of P-256 over `sha256(digest)`, or whatever an ERC-1271 signer accepts
    struct Claim {
        address payer;
        address signer;
        uint32 grace;
        uint96 rate;
        uint96 burst;
        bytes32 salt;
        uint96 cumulativeAmount;
        bytes signature;
    }

    /// @notice A channel was funded for the first time. The chain alone suffices to rebuild every channel.
    event ChannelOpened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        Channel channel,
        uint96 deposited
    );

    /// @notice An open channel was topped up by `amount` to a total of `deposited`.
    event ChannelDeposited(bytes32 indexed channelId, uint96 amount, uint96 deposited);

    /// @notice The payee's total from this channel rose to `claimed`.
    event ChannelClaimed(bytes32 indexed channelId, uint96 claimed);

    /// @notice The payer asked to close; from `withdrawableAt` on, anyone may send it the remainder.
    event ChannelCloseRequested(bytes32 indexed channelId, uint256 withdrawableAt);

    /// @notice The channel ended for ever: `captured` went to the payee in all, `refunded` back to the payer.
    event ChannelClosed(bytes32 indexed channelId, uint96 captured, uint96 refunded);

    /// @notice The payer of the terms is zero, so nobody could be refunded.
    error PayerIsZero();

    /// @notice The payee of the terms is zero, so nobody could be paid.
    error PayeeIsZero();

    /// @notice The signer of the terms is zero, which a failed signature recovery would match.
    error SignerIsZero();

    /// @notice The grace period lies outside `minimum` to `maximum` seconds.
    error GraceOutOfRange(uint32 grace, uint32 minimum, uint32 maximum);

    /// @notice A deposit of zero was attempted.
    error DepositIsZero(bytes32 channelId);

    /// @notice The deposit would rise above what a channel can hold.
    error DepositTooLarge(bytes32 channelId, uint256 deposited, uint256 maximum);

    /// @notice The funding method needs a token, but this channel is paid in the native coin.
    error TokenRequired(bytes32 channelId);

    /// @notice The terms were never funded.
    error ChannelNotOpen(bytes32 channelId);

    /// @notice The channel has ended; it can never be opened again.
    error ChannelAlreadyClosed(bytes32 channelId);

    /// @notice The payer has asked to close, so no deposit and no second request is accepted.
    error ClosePending(bytes32 channelId, uint256 withdrawableAt);

    /// @notice The payer has not asked to close.
    error CloseNotRequested(bytes32 channelId);

    /// @notice The grace period is not over.
    error GraceNotOver(bytes32 channelId, uint256 withdrawableAt, uint256 currentTime);

    /// @notice Only the payer may ask for a forced close.
    error CallerIsNotPayer(bytes32 channelId, address caller, address payer);

    /// @notice More was asked for than the channel holds.
    error AmountExceedsDeposit(bytes32 channelId, uint256 amount, uint256 deposited);

    /// @notice More was asked for than the channel's rate allows by now.
    error AmountExceedsRate(bytes32 channelId, uint256 amount, uint256 allowed);

    /// @notice A close may not capture more than the voucher grants.
    error CaptureExceedsVoucher(bytes32 channelId, uint256 captured, uint256 cumulativeAmount);

    /// @notice The signature of a voucher over `cumulativeAmount` is not the channel signer's.
    error InvalidVoucher(bytes32 channelId, address signer, uint256 cumulativeAmount);

    /// @notice The signature of a close over `capturedAmount` is neither the payee's nor its operator's.
    error InvalidClose(bytes32 channelId, uint256 capturedAmount);

    /// @notice Opens a channel, or tops an open one up, from the caller's allowance or the value sent.
    /// @dev Anyone may fund anyone's channel; only the payer ever gets money back.
    /// @param channel the terms
    /// @param amount base units; the native coin must be sent as exactly this value
    function deposit(Channel calldata channel, uint96 amount) external payable;

    /// @notice Like `deposit`, with an EIP-2612 permit of the caller.
    /// @dev A permit that was already used by somebody else is ignored when the allowance it gave is still there.
    /// @param channel the terms
    /// @param amount base units, also the permit's value
    /// @param deadline the permit's deadline
    /// @param signature 64 or 65 bytes of ECDSA, or a longer signature for tokens whose permit takes bytes
    function depositWithPermit(
        Channel calldata channel,
        uint96 amount,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Like `deposit`, with an EIP-3009 authorization of the payer, submitted by anyone.
    /// @dev The authorization's nonce is `keccak256(abi.encode(channelId, salt))`, which binds it to this channel.
    /// @param channel the terms
    /// @param amount base units
    /// @param validAfter the authorization's first second, exclusive
    /// @param validBefore the authorization's last second, exclusive
    /// @param salt distinguishes several authorizations for one channel
    /// @param signature the payer's signature of `ReceiveWithAuthorization`
    function depositWithAuthorization(
        Channel calldata channel,
        uint96 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external;

    /// @notice Like `deposit`, with a Permit2 witness transfer of the payer, submitted by anyone.
    /// @dev The witness is `ChannelWitness(bytes32 channelId)`.
    /// @param channel the terms
    /// @param amount base units
    /// @param nonce an unused Permit2 nonce of the payer
    /// @param deadline the permit's deadline
    /// @param signature the payer's signature of `PermitWitnessTransferFrom`
    function depositWithPermit2(
        Channel calldata channel,
        uint96 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Pays the payee what the vouchers grant beyond what it had claimed, in one transfer.
    /// @dev Anyone may call. A voucher that grants nothing new is skipped; any other that cannot be paid reverts the
    /// batch. Possible until the channel is closed, also while a close is pending.
    /// @param payee the payee of every channel in the batch
    /// @param operator the operator of every channel in the batch
    /// @param token the token of every channel in the batch
    /// @param claims the vouchers
    function claim(address payee, address operator, address token, Claim[] calldata claims) external;

    /// @notice Ends a channel with the payee's consent: pays the payee up to `capturedAmount`, refunds the rest.
    /// @dev If more than `capturedAmount` was claimed already, the claimed amount stands.
    /// @param channel the terms
    /// @param cumulativeAmount what the voucher grants
    /// @param capturedAmount what the payee takes, at most `cumulativeAmount`
    /// @param voucherSignature the signer's signature; may be empty when nothing beyond the claimed amount is captured
    /// @param payeeSignature the payee's or operator's signature of `Close(channelId, capturedAmount)`; ignored when
    /// one of them calls
    function close(
        Channel calldata channel,
        uint96 cumulativeAmount,
        uint96 capturedAmount,
        bytes calldata voucherSignature,
        bytes calldata payeeSignature
    ) external;

    /// @notice Starts the grace period after which the payer gets the remainder without the payee. Payer only.
    /// @param channel the terms
    function requestClose(Channel calldata channel) external;

    /// @notice Ends a channel after the grace period: the remainder goes to the payer. Anyone may call.
    /// @param channel the terms
    function withdraw(Channel calldata channel) external;

    /// @notice The id of these terms on this chain and contract.
    /// @param channel the terms
    /// @return the hash of chain id, contract and terms
    function channelId(Channel calldata channel) external view returns (bytes32);

    /// @notice What the contract knows of a channel.
    /// @param id the channel's id
    /// @return deposited base units ever deposited
    /// @return claimed base units that ever went to the payee; final once closed
    /// @return openedAt the second of the first deposit; zero when never opened
    /// @return closeRequestedAt the second of the payer's request; zero when none is pending
    /// @return closed whether the channel has ended
    function channelState(
        bytes32 id
    ) external view returns (uint96 deposited, uint96 claimed, uint32 openedAt, uint32 closeRequestedAt, bool closed);
}
