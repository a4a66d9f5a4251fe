// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Months as calendars count them
/// @notice Times are seconds since 1970 in UTC, from 1970 on; every day has 86,400 of them.
/// @dev Days are counted from 1 March of year 0, so that the leap day is a year's last: the algorithms are Howard
/// Hinnant's `civil_from_days` and `days_from_civil`, for positive years only. A test compares them with JavaScript's.
library Calendar {
    uint256 private constant DAY = 1 days;

    /// @dev Days from 1 March 0000 to 1 January 1970.
    uint256 private constant EPOCH = 719_468;

    /// @dev Days in 400 years.
    uint256 private constant ERA = 146_097;

    /// @notice The day of the month, 1 to 31, at a time.
    function dayOfMonth(uint256 time) internal pure returns (uint256 day) {
        (, day) = _civil(time / DAY);
    }

    /// @notice `months` months after `time`, at the same time of day, on day `anchorDay` or, in months that do not have
    /// it, on their last day.
    /// @dev The anchor is what lets 31 January be followed by 28 February and then by 31 March again.
    function addMonths(uint256 time, uint256 months, uint256 anchorDay) internal pure returns (uint256) {
        (uint256 month, ) = _civil(time / DAY);
        uint256 start = _firstDay(month + months);
        uint256 length = _firstDay(month + months + 1) - start;
        uint256 day = anchorDay < length ? anchorDay : length;
        return (start + day - 1) * DAY + (time % DAY);
    }

    /// @return month months since March of year 0
    /// @return day the day of the month, from 1
    function _civil(uint256 daysSince1970) private pure returns (uint256 month, uint256 day) {
        unchecked {
            // No overflow: a time in seconds divided by a day, plus small numbers.
            uint256 z = daysSince1970 + EPOCH;
            uint256 dayOfEra = z % ERA;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            uint256 monthOfYear = (5 * dayOfYear + 2) / 153;
            month = (z / ERA) * 4800 + yearOfEra * 12 + monthOfYear;
            day = dayOfYear - (153 * monthOfYear + 2) / 5 + 1;
        }
    }

    /// @return the first day of a month, in days since 1970
    function _firstDay(uint256 month) private pure returns (uint256) {
        unchecked {
            // No overflow and no underflow: the month is a later one than that of a time since 1970.
            uint256 year = month / 12;
            uint256 dayOfYear = (153 * (month % 12) + 2) / 5;
            return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - EPOCH;
        }
    }
}
