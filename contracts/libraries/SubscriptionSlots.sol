// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ISubscriptions } from "../interfaces/ISubscriptions.sol";

/// @title A subscription in one storage word
/// @notice | bits    | field     | meaning                                                                |
/// |---------|-----------|------------------------------------------------------------------------|
/// | 0–95    | price     | base units agreed for a period; only a signature raises it             |
/// | 96–127  | startedAt | second it starts or started; zero: never subscribed                    |
/// | 128–159 | paidFrom  | second at which the period paid last begins                            |
/// | 160–191 | paidUntil | second at which what is paid, or the trial, ends                       |
/// | 192–223 | end       | no period begins at or after this second; zero: open                   |
/// | 224–228 | anchorDay | day of the month on which periods begin; zero when they count seconds  |
/// | 229     | paused    | nothing is charged until the subscriber resumes                        |
/// | 230     | paid      | what ends at `paidUntil` was paid for                                  |
/// | 231     | trial     | what ends at `paidUntil`, unless paid, is a trial                      |
/// | 232     | prepaid   | a balance was paid in advance at some time                             |
/// | 240–255 | nonce     | how many signatures of the subscriber were used                        |
library SubscriptionSlots {
    uint256 private constant STARTED_AT = 96;
    uint256 private constant PAID_FROM = 128;
    uint256 private constant PAID_UNTIL = 160;
    uint256 private constant END = 192;
    uint256 private constant ANCHOR_DAY = 224;
    uint256 private constant PAUSED = 1 << 229;
    uint256 private constant PAID = 1 << 230;
    uint256 private constant TRIAL = 1 << 231;
    uint256 private constant PREPAID = 1 << 232;
    uint256 private constant NONCE = 240;

    function pack(ISubscriptions.Subscription memory s) internal pure returns (uint256 word) {
        word = s.price;
        word |= uint256(s.startedAt) << STARTED_AT;
        word |= uint256(s.paidFrom) << PAID_FROM;
        word |= uint256(s.paidUntil) << PAID_UNTIL;
        word |= uint256(s.end) << END;
        word |= uint256(s.anchorDay) << ANCHOR_DAY;
        word |= uint256(s.nonce) << NONCE;
        if (s.paused) word |= PAUSED;
        if (s.paid) word |= PAID;
        if (s.trial) word |= TRIAL;
        if (s.prepaid) word |= PREPAID;
    }

    function unpack(uint256 word) internal pure returns (ISubscriptions.Subscription memory s) {
        s.price = uint96(word);
        s.startedAt = uint32(word >> STARTED_AT);
        s.paidFrom = uint32(word >> PAID_FROM);
        s.paidUntil = uint32(word >> PAID_UNTIL);
        s.end = uint32(word >> END);
        s.anchorDay = uint8((word >> ANCHOR_DAY) & 0x1f);
        s.nonce = uint16(word >> NONCE);
        s.paused = word & PAUSED != 0;
        s.paid = word & PAID != 0;
        s.trial = word & TRIAL != 0;
        s.prepaid = word & PREPAID != 0;
    }
}
