// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { CallbackToken } from "../../../contracts/mocks/CallbackToken.sol";
import { HostileWallet } from "../../../contracts/mocks/HostileWallet.sol";
import { PlainToken } from "../../../contracts/mocks/PlainToken.sol";
import { IOwed } from "../../../contracts/interfaces/IOwed.sol";
import { vm } from "./Vm.sol";

/// @title What the random walks over escrow and subscriptions stand on
/// @notice A plain token, a re-entrant token, the native coin, two hostile wallets, a clock, and a count of what was kept
/// for whoever could not be paid.
abstract contract Ground {
    address internal constant ELSEWHERE = address(0xe15e);

    PlainToken public immutable plain;
    CallbackToken public immutable evil;
    HostileWallet public immutable hostile;
    HostileWallet public immutable spiteful;

    /// @dev Counts what got through, so that a run which did nothing is noticed.
    mapping(bytes4 action => uint256 count) public done;

    uint256 public reentriesTried;

    /// @dev What is kept of the native coin, which alone can be refused.
    mapping(address account => uint256) public kept;

    /// @dev What was given away besides, by token; zero is the native coin.
    mapping(address token => uint256) public donated;

    /// @dev The runner forgets a warp between calls, so the clock is kept here.
    uint256 public time = 1_800_000_000;

    error Disproved(string what);

    constructor() {
        plain = new PlainToken();
        evil = new CallbackToken();
        hostile = new HostileWallet();
        spiteful = new HostileWallet();
    }

    receive() external payable {}

    function balance(address token, address account) public view returns (uint256) {
        return token == address(0) ? account.balance : PlainToken(token).balanceOf(account);
    }

    function _contract() internal view virtual returns (address);

    function _stock(address account) internal {
        plain.mint(account, type(uint96).max);
        evil.mint(account, type(uint96).max);
        vm.prank(account);
        plain.approve(_contract(), type(uint256).max);
        vm.prank(account);
        evil.approve(_contract(), type(uint256).max);
        vm.deal(account, type(uint96).max);
    }

    /// @dev What the hostile contracts do when they get a chance, and whether the wallets refuse payment.
    function _plot(bytes memory call, bool beforeMove, bool refuses, bool alsoRefuses) internal {
        evil.setCallback(_contract(), call, beforeMove);
        hostile.setCallback(_contract(), call);
        spiteful.setCallback(_contract(), call);
        hostile.setRefusing(refuses);
        spiteful.setRefusing(alsoRefuses);
    }

    /// @dev Gifts and forced coins are nobody's.
    function _donate(address token, uint256 amount) internal {
        donated[token] += amount;
        if (token == address(0)) {
            vm.deal(_contract(), _contract().balance + amount);
            return;
        }
        // Outside the contract's own calls nothing keeps the token from calling it: that would be an ordinary call.
        evil.setCallback(address(0), "", false);
        PlainToken(token).mint(_contract(), amount);
    }

    /// @dev Whoever was refused takes what was kept to where it likes.
    function _takeKept(address account, bytes4 action) internal {
        uint256 amount = kept[account];
        uint256 before = ELSEWHERE.balance;
        vm.prank(account);
        try IOwed(_contract()).withdrawOwed(address(0), ELSEWHERE) {
            _passed(amount != 0, action);
            _require(ELSEWHERE.balance == before + amount, "what was kept is not what came");
            kept[account] = 0;
        } catch {
            _require(amount == 0, "what was kept was refused");
        }
    }

    /// @dev Holds what an account has now against what it had and should have got, which is kept for it when it refuses.
    function _got(address token, address account, uint256 before, uint256 amount) internal {
        if (amount != 0 && _refuses(token, account)) {
            kept[account] += amount;
            amount = 0;
        }
        _require(balance(token, account) == before + amount, "a payment is wrong");
    }

    function _refuses(address token, address account) internal view returns (bool) {
        if (token != address(0)) return false;
        if (account == address(hostile)) return hostile.refusing();
        return account == address(spiteful) && spiteful.refusing();
    }

    function _passed(bool fine, bytes4 action) internal {
        _require(fine, "something got through");
        ++done[action];
    }

    function _callbacks() internal view returns (uint256) {
        return evil.calls() + hostile.calls() + spiteful.calls();
    }

    function _nobodyCameBackIn() internal view {
        _require(!evil.lastSucceeded(), "the token came back in");
        _require(!hostile.lastSucceeded() && !spiteful.lastSucceeded(), "a wallet came back in");
    }

    function _require(bool holds, string memory what) internal pure {
        if (!holds) revert Disproved(what);
    }

    function _typed(string memory name, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                _contract()
            )
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
