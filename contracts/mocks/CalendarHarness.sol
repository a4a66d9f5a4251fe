// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Calendar } from "../libraries/Calendar.sol";

/// @notice The calendar from outside. Tests only.
contract CalendarHarness {
    function dayOfMonth(uint256 time) external pure returns (uint256) {
        return Calendar.dayOfMonth(time);
    }

    /// @notice `addMonths` for many times at once, and the day of the month of each.
    function many(
        uint256[] calldata times,
        uint256[] calldata months,
        uint256[] calldata anchorDays
    ) external pure returns (uint256[] memory later, uint256[] memory daysOfMonth) {
        later = new uint256[](times.length);
        daysOfMonth = new uint256[](times.length);
        for (uint256 i = 0; i < times.length; ++i) {
            later[i] = Calendar.addMonths(times[i], months[i], anchorDays[i]);
            daysOfMonth[i] = Calendar.dayOfMonth(times[i]);
        }
    }
}
