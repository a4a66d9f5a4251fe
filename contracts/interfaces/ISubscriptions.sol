// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Subscriptions that renew by themselves
/// @notice A merchant publishes a plan. A subscriber agrees to it up to a price, and from then on anyone may charge what is
/// due: never faster than the period, never above what the subscriber signed. The subscriber leaves whenever it likes.
/// @dev The terms of a plan travel in calldata and are identified by their hash; one storage word holds a subscription.
/// There is no owner, no upgrade, no pause and no fee. Amounts are base units of the plan's token, times are seconds.
interface ISubscriptions {
    /// @notice What a period is counted in.
    enum PeriodUnit {
        Second,
        Month
    }

    /// @notice Why nothing can be charged.
    enum Reason {
        /// A period can be charged.
        None,
        /// Nobody subscribed.
        NotSubscribed,
        /// The subscriber paused; it goes on when it resumes.
        Paused,
        /// It was cancelled, or the next period would begin at or after its end: `needed`.
        Ended,
        /// It opens at the second `needed`.
        NotDue,
        /// A whole period went by unpaid, at the second `needed`; only the subscriber can go on.
        Lapsed,
        /// The subscriber has `found`, the price is `needed`.
        BalanceTooLow,
        /// The subscriber allows `found`, the price is `needed`.
        AllowanceTooLow,
        /// The token refuses the payment of `needed`, though balance and allowance suffice.
        TokenRefused
    }

    /// @notice The terms of a plan. Only its price changes, see `setPrice`.
    /// @param merchant receives what is charged; only it may change the price
    /// @param token an ERC-20 token, or zero for the chain's native coin, which only a prepaid balance can pay
    /// @param price base units for a period, at creation
    /// @param tip base units of each charge that go to whoever charges, at most the price
    /// @param unit what `period` counts
    /// @param period seconds, from a minute to ten years, or calendar months, from 1 to 120
    /// @param trial seconds at the start of a subscriber's first subscription that cost nothing
    /// @param grace seconds after the end of a paid period or trial in which a subscription that is not charged yet is
    /// active all the same; at most a period
    /// @param salt distinguishes plans with otherwise equal terms
    struct Plan {
        address merchant;
        address token;
        uint96 price;
        uint96 tip;
        PeriodUnit unit;
        uint32 period;
        uint32 trial;
        uint32 grace;
        bytes32 salt;
    }

    /// @notice What a subscriber agrees to.
    /// @param subscriber who pays and gets access: an account, an ERC-1271 wallet, or a P-256 key as
    /// `address(uint160(uint256(keccak256(x ‖ y))))`
    /// @param maxPrice base units for a period that it never pays more than
    /// @param start the second at which it starts; in the past, such as zero: now
    /// @param end no period begins at or after this second; zero: open
    struct Terms {
        address subscriber;
        uint96 maxPrice;
        uint32 start;
        uint32 end;
    }

    /// @notice How a subscriber agrees to an action.
    /// @param deadline the last second at which the signature is good; ignored without one
    /// @param signature the subscriber's, as in `Terms`; empty when it calls itself
    struct Consent {
        uint256 deadline;
        bytes signature;
    }

    /// @notice A subscription as it is stored.
    /// @param price base units agreed for a period; falls with the plan's, and only the subscriber's consent raises it
    /// @param startedAt the second it starts or started; zero: never subscribed
    /// @param paidFrom the second at which the period paid last begins
    /// @param paidUntil the second at which what is paid, or the trial, ends
    /// @param end no period begins at or after this second; zero: open
    /// @param anchorDay the day of the month on which periods begin; zero when they count seconds
    /// @param nonce how many signatures of the subscriber were used
    /// @param paused whether nothing is charged until the subscriber resumes
    /// @param paid whether what ends at `paidUntil` was paid for
    /// @param trial whether what ends at `paidUntil`, unless paid, is a trial
    /// @param prepaid whether a balance was ever paid in advance
    struct Subscription {
        uint96 price;
        uint32 startedAt;
        uint32 paidFrom;
        uint32 paidUntil;
        uint32 end;
        uint8 anchorDay;
        uint16 nonce;
        bool paused;
        bool paid;
        bool trial;
        bool prepaid;
    }

    /// @notice A plan can be subscribed to. The chain alone suffices to rebuild every plan.
    event PlanCreated(bytes32 indexed planId, address indexed merchant, address indexed token, Plan plan);

    /// @notice The price of a plan changed: for everybody when it fell, for those who agree from now on when it rose.
    event PriceSet(bytes32 indexed planId, uint96 price);

    /// @notice Somebody subscribed at `price`. Until `paidUntil` it costs nothing.
    event Subscribed(
        bytes32 indexed subscriptionId,
        bytes32 indexed planId,
        address indexed subscriber,
        uint96 price,
        uint32 startedAt,
        uint32 paidUntil,
        uint32 end
    );

    /// @notice The period from `paidFrom` to `paidUntil` was paid with `price`.
    event Charged(bytes32 indexed subscriptionId, uint96 price, uint32 paidFrom, uint32 paidUntil);

    /// @notice One of a batch could not be charged; see `Reason` for the numbers.
    event ChargeFailed(bytes32 indexed subscriptionId, Reason reason, uint256 found, uint256 needed);

    /// @notice Nothing is charged until the subscriber resumes.
    event SubscriptionPaused(bytes32 indexed subscriptionId);

    /// @notice The subscription goes on.
    event SubscriptionResumed(bytes32 indexed subscriptionId);

    /// @notice The subscription ends at `end` and is never charged again.
    event SubscriptionCancelled(bytes32 indexed subscriptionId, uint32 end);

    /// @notice What was paid on one plan became time on another: `paidFrom` to `paidUntil` is a period's length or part
    /// of one at the new price.
    event PlanChanged(
        bytes32 indexed subscriptionId,
        bytes32 indexed newSubscriptionId,
        bytes32 indexed newPlanId,
        uint96 price,
        uint32 paidFrom,
        uint32 paidUntil
    );

    /// @notice A balance was paid in advance.
    event Funded(bytes32 indexed subscriptionId, uint96 amount);

    /// @notice The subscriber took prepaid money out.
    event Withdrawn(bytes32 indexed subscriptionId, address to, uint96 amount);

    /// @notice ERC-5643's event for indexers: the token id is the subscription's.
    event SubscriptionUpdate(uint256 indexed tokenId, uint64 expiration);

    /// @notice The merchant of the terms is zero, so nobody could be paid.
    error MerchantIsZero();

    /// @notice A price of zero.
    error PriceIsZero();

    /// @notice The tip would be more than the price.
    error TipExceedsPrice(uint96 tip, uint96 price);

    /// @notice The period lies outside `minimum` to `maximum` of its unit.
    error PeriodOutOfRange(uint32 period, uint32 minimum, uint32 maximum);

    /// @notice Grace would be longer than the shortest period.
    error GraceTooLong(uint32 grace, uint256 maximum);

    /// @notice The plan exists.
    error PlanAlreadyCreated(bytes32 planId);

    /// @notice The plan was never created.
    error PlanNotCreated(bytes32 planId);

    /// @notice Only the merchant may do this.
    error CallerIsNotMerchant(bytes32 planId, address caller, address merchant);

    /// @notice The plan costs more than the subscriber accepts.
    error PriceAboveMaximum(bytes32 planId, uint96 price, uint96 maxPrice);

    /// @notice A subscription that would end before it starts.
    error EndNotAfterStart(uint32 end, uint32 start);

    /// @notice The subscriber has this plan, paid until then; it can subscribe again when that is over.
    error AlreadySubscribed(bytes32 subscriptionId, uint32 paidUntil);

    /// @notice No period can be charged; see `Reason` for the numbers.
    error NotChargeable(bytes32 subscriptionId, Reason reason, uint256 found, uint256 needed);

    /// @notice The subscriber neither calls nor signed.
    error CallerIsNotSubscriber(bytes32 subscriptionId, address caller, address subscriber);

    /// @notice The signature is no longer good.
    error ConsentExpired(bytes32 subscriptionId, uint256 deadline, uint256 currentTime);

    /// @notice The signature is not the subscriber's for this action and nonce.
    error InvalidConsent(bytes32 subscriptionId, address subscriber, uint16 nonce);

    /// @notice Nothing is to be paused, resumed, cancelled or changed: nobody subscribed, or it has ended.
    error NotRunning(bytes32 subscriptionId, uint32 paidUntil, uint32 end);

    /// @notice It is paused already.
    error AlreadyPaused(bytes32 subscriptionId);

    /// @notice It is neither paused nor lapsed, so it goes on by itself.
    error NotPaused(bytes32 subscriptionId);

    /// @notice Plans can be exchanged only within one merchant and token.
    error PlansNotExchangeable(bytes32 planId, bytes32 newPlanId);

    /// @notice Nothing would be paid in.
    error AmountIsZero();

    /// @notice More is asked for than the prepaid balance holds, or fits into it.
    error AmountExceedsBalance(bytes32 subscriptionId, uint256 amount, uint256 balance);

    /// @notice The prepaid balance would rise above what it can hold.
    error BalanceTooLarge(bytes32 subscriptionId, uint256 balance, uint256 maximum);

    /// @notice Publishes a plan. Merchant only.
    function createPlan(Plan calldata plan) external;

    /// @notice Sets the price of a plan. Merchant only.
    /// @dev A lower price holds for every subscriber from its next charge on, and stays; a higher one only for those who
    /// subscribe or change from now on, and so agree to it.
    function setPrice(Plan calldata plan, uint96 price) external;

    /// @notice Subscribes and, unless there is a trial or a later start, pays the first period.
    /// @dev The subscriber calls, or a payment of its (EIP-3009, Permit2) is bound to these very terms: its purpose is
    /// `keccak256(abi.encode(subscriptionId, maxPrice, start, end))`. The trial is for a subscriber's first
    /// subscription to the plan only.
    /// @param plan the plan
    /// @param terms what the subscriber agrees to
    /// @param prepaid base units to pay in advance, by `payment`; zero: charges come out of the allowance only
    /// @param payment see `Payments`; empty for the allowance or the value sent
    function subscribe(
        Plan calldata plan,
        Terms calldata terms,
        uint96 prepaid,
        bytes calldata payment
    ) external payable;

    /// @notice Subscribes for somebody who signed
    /// `Subscribe(bytes32 subscriptionId,uint96 maxPrice,uint32 start,uint32 end,uint16 nonce,uint256 deadline)`.
    function subscribeWithSignature(Plan calldata plan, Terms calldata terms, Consent calldata consent) external;

    /// @notice Charges one period that is due and pays the caller the tip. Anyone may call.
    /// @dev It opens a tenth of the period, at most a day, before what is paid ends; after a trial or a later start not
    /// before. Charged by the end of grace, the period follows on the last one; charged later, it begins now. When a
    /// whole period went by, the subscription has lapsed. The prepaid balance pays if it suffices, else the allowance.
    function charge(Plan calldata plan, address subscriber) external;

    /// @notice Charges one period of each of several subscribers. One that cannot be charged is skipped.
    /// @return charged how many were charged
    function chargeBatch(Plan calldata plan, address[] calldata subscribers) external returns (uint256 charged);

    /// @notice Stops charges; what is paid stays active until it ends. Subscriber, or its signature of
    /// `Request(string action,bytes32 subscriptionId,uint16 nonce,uint256 deadline)` with the action `pause`.
    function pause(Plan calldata plan, address subscriber, Consent calldata consent) external;

    /// @notice Goes on after a pause or lapse; when nothing is paid any more, pays a period at once. Subscriber, or its
    /// signature of `Request` with the action `resume`.
    function resume(Plan calldata plan, address subscriber, Consent calldata consent) external;

    /// @notice Ends the subscription with what is paid. Subscriber, its signature of `Request` with the action `cancel`,
    /// or the merchant.
    function cancel(Plan calldata plan, address subscriber, Consent calldata consent) external;

    /// @notice Changes to another plan of the merchant, or to the present price of the same. What is left of the paid
    /// period becomes time at the new price; the next charge is due when it is over. Subscriber, or its signature of
    /// `ChangePlan(bytes32 subscriptionId,bytes32 newPlanId,uint96 maxPrice,uint16 nonce,uint256 deadline)`.
    /// @dev What is left of a trial goes on, as far as the new plan's trial allows. The prepaid balance moves along.
    function changePlan(
        Plan calldata plan,
        Plan calldata newPlan,
        address subscriber,
        uint96 maxPrice,
        Consent calldata consent
    ) external;

    /// @notice Pays into the prepaid balance of a subscription. Anyone may; the subscriber can take it out.
    /// @param payment see `Payments`; the purpose of a signed one is the subscription's id
    function fund(Plan calldata plan, address subscriber, uint96 amount, bytes calldata payment) external payable;

    /// @notice Takes out of the prepaid balance. Subscriber, or its signature of
    /// `Withdraw(bytes32 subscriptionId,address to,uint96 amount,uint16 nonce,uint256 deadline)`.
    function withdraw(
        Plan calldata plan,
        address subscriber,
        address to,
        uint96 amount,
        Consent calldata consent
    ) external;

    /// @notice The id of a plan on this chain and contract: the hash of chain id, contract and terms.
    function planId(Plan calldata plan) external view returns (bytes32);

    /// @notice The id of a subscriber's subscription to a plan: the hash of plan id and subscriber.
    function subscriptionId(bytes32 id, address subscriber) external pure returns (bytes32);

    /// @notice What a plan costs who agrees to it now; zero when it was never created.
    function currentPrice(bytes32 id) external view returns (uint96);

    /// @notice What the contract knows of a subscription.
    /// @return state as it is stored
    /// @return balance base units paid in advance
    function subscription(
        bytes32 id,
        address subscriber
    ) external view returns (Subscription memory state, uint96 balance);

    /// @notice Whether a subscriber has access now: within what is paid, a trial, or grace. For gates on and off chain.
    function isActive(address subscriber, bytes32 id) external view returns (bool);

    /// @notice Whether `charge` would get through now, and why not.
    /// @return reason `None` when it would, as far as balance and allowance tell
    /// @return found the number that is not enough
    /// @return needed the number that would be
    function renewable(
        Plan calldata plan,
        address subscriber
    ) external view returns (Reason reason, uint256 found, uint256 needed);
}
