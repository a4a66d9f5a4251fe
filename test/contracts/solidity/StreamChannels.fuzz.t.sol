// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IStreamChannels } from "../../../contracts/interfaces/IStreamChannels.sol";
import { ChannelSlot, ChannelSlots } from "../../../contracts/libraries/ChannelSlots.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { StreamChannelsHarness } from "../../../contracts/mocks/StreamChannelsHarness.sol";
import { bound, deploy, vm } from "./Vm.sol";

/// @notice Single operations with any amounts, times and signatures, against what the protocol page says of them.
contract StreamChannelsFuzzTest {
    uint256 private constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint256 private constant KEY = 0x51a1ce;
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint96 cumulativeAmount)");

    address private constant PAYER = address(0xa11ce);
    address private constant PAYEE = address(0xb0b);
    address private constant OPERATOR = address(0x0b);

    IStreamChannels private channels;
    StreamChannelsHarness private hashes;
    PlainToken private token;

    function setUp() external {
        channels = IStreamChannels(deploy("StreamChannels.sol:StreamChannels"));
        hashes = StreamChannelsHarness(deploy("StreamChannelsHarness.sol:StreamChannelsHarness"));
        token = new PlainToken();
        token.mint(address(this), type(uint128).max);
        token.approve(address(channels), type(uint256).max);
        vm.warp(1_800_000_000);
    }

    /// @notice The id is what `abi.encode` gives, from whichever struct it is put together.
    function testFuzz_I10_I11_channelIdIsTheHashOfItsEncoding(IStreamChannels.Channel calldata channel) external view {
        assert(channels.channelId(channel) == keccak256(abi.encode(block.chainid, address(channels), channel)));
        bytes32 expected = keccak256(abi.encode(block.chainid, address(hashes), channel));
        assert(
            hashes.claimChannelId(channel.payee, channel.operator, channel.token, _claimOf(channel, 0, "")) == expected
        );
    }

    /// @notice Ids and digests differ on every chain.
    function testFuzz_I11_otherChainOtherIdAndDigest(
        IStreamChannels.Channel calldata channel,
        uint64 chainId
    ) external {
        vm.assume(chainId != block.chainid && chainId != 0);
        bytes32 id = channels.channelId(channel);
        bytes32 digest = hashes.voucherDigest(id, 1);
        vm.chainId(chainId);
        assert(channels.channelId(channel) != id);
        assert(hashes.voucherDigest(id, 1) != digest);
    }

    /// @notice Digests are what EIP-712 says.
    function testFuzz_I11_digestsFollowEip712(bytes32 id, uint96 amount) external view {
        bytes32 domain = _domain(address(hashes));
        bytes32 close = keccak256("Close(bytes32 channelId,uint96 capturedAmount)");
        assert(hashes.domainSeparator() == domain);
        assert(hashes.voucherDigest(id, amount) == _typed(domain, keccak256(abi.encode(VOUCHER_TYPEHASH, id, amount))));
        assert(hashes.closeDigest(id, amount) == _typed(domain, keccak256(abi.encode(close, id, amount))));
    }

    /// @notice Fields of the packed slot never touch each other.
    function testFuzz_I4_slotFieldsAreApart(uint96 first, uint96 second, uint96 claimed, uint32 now_) external {
        uint256 time = bound(now_, 1, type(uint32).max - 1);
        vm.warp(time);
        vm.assume(first != 0);
        ChannelSlot slot = ChannelSlots.open(first);
        assert(slot.isOpened() && !slot.isClosed() && slot.closeRequestedAt() == 0 && slot.claimed() == 0);
        slot = slot.withDeposited(second).withClaimed(claimed).withCloseRequested();
        assert(slot.deposited() == second && slot.claimed() == claimed);
        assert(slot.openedAt() == time && slot.closeRequestedAt() == time && !slot.isClosed());
        slot = slot.withDeposited(first).withClaimed(second).withClosed();
        assert(slot.deposited() == first && slot.claimed() == second);
        assert(slot.openedAt() == time && slot.closeRequestedAt() == 0 && slot.isClosed());
    }

    /// @notice A claim pays exactly the difference when deposit and rate cover it, else nothing.
    function testFuzz_I2_I5_claimPaysWhatIsCovered(
        uint96 deposited,
        uint96 earlier,
        uint96 amount,
        uint96 rate,
        uint96 burst,
        uint32 elapsed
    ) external {
        vm.assume(deposited != 0);
        IStreamChannels.Channel memory channel = _terms(rate, burst);
        channels.deposit(channel, deposited);
        vm.warp(block.timestamp + elapsed);
        uint256 cap = rate == 0 ? deposited : _min(deposited, uint256(burst) + uint256(rate) * elapsed);
        earlier = uint96(bound(earlier, 0, cap));
        _claim(channel, earlier);
        assert(token.balanceOf(PAYEE) == earlier);

        bool covered = amount <= earlier || amount <= cap;
        if (!covered) vm.expectRevert();
        _claim(channel, amount);
        uint256 expected = covered && amount > earlier ? amount : earlier;
        assert(token.balanceOf(PAYEE) == expected);
        assert(token.balanceOf(address(channels)) == deposited - expected);
    }

    /// @notice A close splits the deposit exactly, never below what was claimed and never above the voucher.
    function testFuzz_I2_closeSplitsExactly(
        uint96 deposited,
        uint96 earlier,
        uint96 cumulative,
        uint96 captured
    ) external {
        vm.assume(deposited != 0);
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channels.deposit(channel, deposited);
        earlier = uint96(bound(earlier, 0, deposited));
        _claim(channel, earlier);

        bytes memory voucher = _sign(_digest(channel, cumulative));
        bool fine = captured <= earlier || (captured <= cumulative && captured <= deposited);
        if (!fine) vm.expectRevert();
        vm.prank(OPERATOR);
        channels.close(channel, cumulative, captured, voucher, "");
        if (!fine) return;
        uint256 paid = captured > earlier ? captured : earlier;
        assert(token.balanceOf(PAYEE) == paid);
        assert(token.balanceOf(PAYER) == deposited - paid);
        assert(token.balanceOf(address(channels)) == 0);
    }

    /// @notice The remainder is the payer's from the deadline on, not a second earlier.
    function testFuzz_I7_I8_withdrawFromTheDeadlineOn(
        uint96 deposited,
        uint96 claimed,
        uint32 grace,
        uint32 wait
    ) external {
        vm.assume(deposited != 0);
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channel.grace = uint32(bound(grace, 15 minutes, 30 days));
        channels.deposit(channel, deposited);
        claimed = uint96(bound(claimed, 0, deposited));
        _claim(channel, claimed);
        vm.prank(PAYER);
        channels.requestClose(channel);
        uint256 waited = bound(wait, 0, 2 * uint256(channel.grace));
        vm.warp(block.timestamp + waited);
        if (waited < channel.grace) vm.expectRevert();
        channels.withdraw(channel);
        uint256 expected = waited < channel.grace ? 0 : deposited - claimed;
        assert(token.balanceOf(PAYER) == expected);
    }

    /// @notice Whatever the order and repetition of vouchers, the payee ends with the highest.
    function testFuzz_I12_I13_orderOfClaimsDoesNotMatter(uint96[6] calldata amounts, uint8[6] calldata order) external {
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channels.deposit(channel, type(uint96).max);
        uint256 highest;
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](6);
        for (uint256 i = 0; i < 6; ++i) {
            uint96 amount = amounts[order[i] % 6];
            if (amount > highest) highest = amount;
            claims[i] = _signedClaim(channel, amount);
        }
        channels.claim(PAYEE, OPERATOR, address(token), claims);
        assert(token.balanceOf(PAYEE) == highest);
    }

    /// @notice Bytes that the signer did not sign are never a voucher.
    function testFuzz_I5_randomBytesAreNoSignature(bytes32[4] calldata words, uint8 form, uint96 amount) external {
        vm.assume(amount != 0);
        bytes memory signature = abi.encode(words);
        uint8[6] memory lengths = [0, 32, 64, 65, 127, 128];
        uint256 length = lengths[form % 6];
        assembly ("memory-safe") {
            mstore(signature, length)
        }
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channels.deposit(channel, type(uint96).max);
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);
        claims[0] = _claimMemory(channel, amount, signature);
        bytes32 id = channels.channelId(channel);
        vm.expectRevert(
            abi.encodeWithSelector(IStreamChannels.InvalidVoucher.selector, id, channel.signer, uint256(amount))
        );
        channels.claim(PAYEE, OPERATOR, address(token), claims);
    }

    /// @notice A voucher is its amount's alone, in either form, and has no second signature.
    function testFuzz_I5_signatureIsBoundToItsAmount(uint96 signed, uint96 asked, bool compact) external {
        vm.assume(asked != 0);
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channels.deposit(channel, type(uint96).max);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _digest(channel, signed));
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        bytes memory good = compact ? abi.encodePacked(r, vs) : abi.encodePacked(r, s, v);
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);

        bytes32 high = bytes32(SECP256K1_ORDER - uint256(s));
        claims[0] = _claimMemory(channel, asked, abi.encodePacked(r, high, v == 27 ? 28 : 27));
        vm.expectRevert();
        channels.claim(PAYEE, OPERATOR, address(token), claims);

        claims[0] = _claimMemory(channel, asked, good);
        if (signed != asked) vm.expectRevert();
        channels.claim(PAYEE, OPERATOR, address(token), claims);
        assert(token.balanceOf(PAYEE) == (signed == asked ? asked : 0));
    }

    /// @notice A P-256 voucher works for every key with a low `s` over the digest's sha256, and with nothing else.
    function testFuzz_I5_p256Vouchers(uint256 secret, uint96 amount) external {
        vm.assume(amount != 0);
        secret = bound(secret, 1, P256_ORDER - 1);
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        IStreamChannels.Channel memory channel = _terms(0, 0);
        channel.signer = address(uint160(uint256(keccak256(abi.encode(x, y)))));
        channels.deposit(channel, type(uint96).max);
        bytes32 digest = _digest(channel, amount);
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);

        (bytes32 r, bytes32 s) = vm.signP256(secret, digest);
        uint256 low = _min(uint256(s), P256_ORDER - uint256(s));
        claims[0] = _claimMemory(channel, amount, abi.encode(r, low, x, y));
        vm.expectRevert();
        channels.claim(PAYEE, OPERATOR, address(token), claims);

        (r, s) = vm.signP256(secret, sha256(abi.encode(digest)));
        low = _min(uint256(s), P256_ORDER - uint256(s));

        claims[0] = _claimMemory(channel, amount, abi.encode(r, P256_ORDER - low, x, y));
        vm.expectRevert();
        channels.claim(PAYEE, OPERATOR, address(token), claims);

        claims[0] = _claimMemory(channel, amount, abi.encode(r, low, x, y));
        channels.claim(PAYEE, OPERATOR, address(token), claims);
        assert(token.balanceOf(PAYEE) == amount);
    }

    function _terms(uint96 rate, uint96 burst) private view returns (IStreamChannels.Channel memory) {
        return
            IStreamChannels.Channel({
                payer: PAYER,
                payee: PAYEE,
                operator: OPERATOR,
                token: address(token),
                signer: vm.addr(KEY),
                grace: 1 days,
                rate: rate,
                burst: burst,
                salt: 0
            });
    }

    function _claim(IStreamChannels.Channel memory channel, uint96 amount) private {
        IStreamChannels.Claim[] memory claims = new IStreamChannels.Claim[](1);
        claims[0] = _signedClaim(channel, amount);
        channels.claim(PAYEE, OPERATOR, address(token), claims);
    }

    function _signedClaim(
        IStreamChannels.Channel memory channel,
        uint96 amount
    ) private view returns (IStreamChannels.Claim memory) {
        return _claimMemory(channel, amount, _sign(_digest(channel, amount)));
    }

    /// @dev Hashes here instead of asking the contract: `expectRevert` is about the next call to it.
    function _digest(IStreamChannels.Channel memory channel, uint96 amount) private view returns (bytes32) {
        bytes32 id = keccak256(abi.encode(block.chainid, address(channels), channel));
        return _typed(_domain(address(channels)), keccak256(abi.encode(VOUCHER_TYPEHASH, id, amount)));
    }

    function _domain(address verifyingContract) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Sluice Stream Channels"),
                    keccak256("1"),
                    block.chainid,
                    verifyingContract
                )
            );
    }

    function _sign(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        return abi.encodePacked(r, s, v);
    }

    function _claimOf(
        IStreamChannels.Channel calldata channel,
        uint96 amount,
        bytes memory signature
    ) private pure returns (IStreamChannels.Claim memory) {
        return _claimMemory(channel, amount, signature);
    }

    function _claimMemory(
        IStreamChannels.Channel memory channel,
        uint96 amount,
        bytes memory signature
    ) private pure returns (IStreamChannels.Claim memory) {
        return
            IStreamChannels.Claim({
                payer: channel.payer,
                signer: channel.signer,
                grace: channel.grace,
                rate: channel.rate,
                burst: channel.burst,
                salt: channel.salt,
                cumulativeAmount: amount,
                signature: signature
            });
    }

    function _typed(bytes32 domain, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
