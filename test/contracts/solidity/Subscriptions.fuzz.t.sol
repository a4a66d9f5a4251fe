// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ISubscriptions } from "../../../contracts/interfaces/ISubscriptions.sol";
import { Calendar } from "../../../contracts/libraries/Calendar.sol";
import { SubscriptionSlots } from "../../../contracts/libraries/SubscriptionSlots.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { bound, deploy, vm } from "./Vm.sol";

/// @notice Single operations with any prices, periods and times, against what the product's page says of them.
contract SubscriptionsFuzzTest {
    address private constant SUBSCRIBER = address(0xa11ce);
    address private constant MERCHANT = address(0xb0b);
    uint256 private constant START = 1_800_000_000;

    ISubscriptions private subscriptions;
    PlainToken private token;

    function setUp() external {
        subscriptions = ISubscriptions(deploy("Subscriptions.sol:Subscriptions"));
        token = new PlainToken();
        token.mint(SUBSCRIBER, type(uint128).max);
        vm.prank(SUBSCRIBER);
        token.approve(address(subscriptions), type(uint256).max);
        vm.warp(START);
    }

    /// @notice The ids are what `abi.encode` gives, here and on no other chain.
    function testFuzz_S9_idsAreHashesOfTheirEncoding(
        address[3] calldata people,
        uint96[2] calldata amounts,
        bool months,
        uint32[3] calldata times,
        bytes32 salt,
        uint64 chainId
    ) external {
        vm.assume(chainId != block.chainid && chainId != 0);
        ISubscriptions.Plan memory plan;
        (plan.merchant, plan.token, plan.salt) = (people[0], people[1], salt);
        (plan.price, plan.tip) = (amounts[0], amounts[1]);
        plan.unit = months ? ISubscriptions.PeriodUnit.Month : ISubscriptions.PeriodUnit.Second;
        (plan.period, plan.trial, plan.grace) = (times[0], times[1], times[2]);
        bytes32 id = subscriptions.planId(plan);
        assert(id == keccak256(abi.encode(block.chainid, address(subscriptions), plan)));
        assert(subscriptions.subscriptionId(id, people[2]) == keccak256(abi.encode(id, people[2])));
        vm.chainId(chainId);
        assert(subscriptions.planId(plan) != id);
    }

    /// @notice Fields of the packed slot never touch each other.
    function testFuzz_S8_slotFieldsAreApart(ISubscriptions.Subscription memory s) external pure {
        s.anchorDay = uint8(bound(s.anchorDay, 0, 31));
        ISubscriptions.Subscription memory same = SubscriptionSlots.unpack(SubscriptionSlots.pack(s));
        assert(keccak256(abi.encode(same)) == keccak256(abi.encode(s)));
    }

    /// @notice A month later is the anchor day or the last day before it, at the same time of day, whatever the month.
    function testFuzz_S12_monthsFollowTheCalendar(uint32 from, uint8 count, uint8 anchor) external pure {
        uint256 months = bound(count, 1, 120);
        uint256 day = bound(anchor, 1, 31);
        uint256 at = Calendar.addMonths(from, months, day);
        uint256 then = Calendar.dayOfMonth(at);
        assert(at > from && at % 1 days == from % 1 days && then <= day);
        // Where the day is missing, the next one is the first of a month.
        if (then < day) assert(Calendar.dayOfMonth(at + 1 days) == 1);
        // Between 28 and 31 days a month, give or take where in its month each of the two lies.
        assert(at - from >= (months - 1) * 28 days && at - from <= (months + 1) * 31 days);
    }

    /// @notice A charge pays exactly the lower of what was agreed and the plan's price, never more, and never before it is
    /// due; the tip comes out of it.
    function testFuzz_S2_S3_S4_chargesPayWhatIsDue(
        uint96 price,
        uint96 later,
        uint96 tip,
        uint32 period,
        uint32 wait
    ) external {
        ISubscriptions.Plan memory plan = _plan(period);
        plan.price = uint96(bound(price, 1, type(uint96).max));
        plan.tip = uint96(bound(tip, 0, plan.price));
        later = uint96(bound(later, plan.tip == 0 ? 1 : plan.tip, type(uint96).max));
        _subscribe(plan);
        assert(token.balanceOf(MERCHANT) == plan.price);
        vm.prank(MERCHANT);
        subscriptions.setPrice(plan, later);

        uint256 waited = bound(wait, 0, 2 * uint256(plan.period));
        vm.warp(START + waited);
        uint256 lead = plan.period / 10 < 1 days ? plan.period / 10 : 1 days;
        bool fine = waited >= plan.period - lead && waited < 2 * uint256(plan.period);
        if (!fine) vm.expectRevert();
        subscriptions.charge(plan, SUBSCRIBER);
        uint256 due = later < plan.price ? later : plan.price;
        assert(token.balanceOf(MERCHANT) == plan.price + (fine ? due - plan.tip : 0));
        assert(token.balanceOf(address(this)) == (fine ? plan.tip : 0));
        assert(token.balanceOf(address(subscriptions)) == 0);
    }

    /// @notice Whatever is prepaid comes back whole, less what periods cost, whenever the subscriber asks (S6).
    function testFuzz_S1_S6_whatIsPrepaidComesBack(uint96 funds, uint96 part, uint32 wait) external {
        ISubscriptions.Plan memory plan = _plan(30 days);
        plan.price = 1_000;
        funds = uint96(bound(funds, 1_000, type(uint96).max));
        vm.prank(MERCHANT);
        subscriptions.createPlan(plan);
        vm.prank(SUBSCRIBER);
        subscriptions.subscribe(plan, ISubscriptions.Terms(SUBSCRIBER, plan.price, 0, 0), funds, "");
        vm.warp(START + bound(wait, 0, 3650 days));
        uint256 left = funds - 1_000;
        part = uint96(bound(part, 0, left));
        ISubscriptions.Consent memory none;
        vm.prank(SUBSCRIBER);
        subscriptions.withdraw(plan, SUBSCRIBER, address(0xca5), part, none);
        vm.prank(SUBSCRIBER);
        subscriptions.withdraw(plan, SUBSCRIBER, address(0xca5), uint96(left - part), none);
        assert(token.balanceOf(address(0xca5)) == left);
        assert(token.balanceOf(address(subscriptions)) == 0);
    }

    function _subscribe(ISubscriptions.Plan memory plan) private {
        vm.prank(MERCHANT);
        subscriptions.createPlan(plan);
        vm.prank(SUBSCRIBER);
        subscriptions.subscribe(plan, ISubscriptions.Terms(SUBSCRIBER, plan.price, 0, 0), 0, "");
    }

    function _plan(uint32 period) private view returns (ISubscriptions.Plan memory plan) {
        plan.merchant = MERCHANT;
        plan.token = address(token);
        plan.unit = ISubscriptions.PeriodUnit.Second;
        plan.period = uint32(bound(period, 1 minutes, 3650 days));
    }
}
