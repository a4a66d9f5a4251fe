import { expect } from 'chai'
import { failuresOf } from '../../scripts/run/failures.ts'

const printed = `
Running Solidity tests

  test/contracts/solidity/Some.fuzz.t.sol:SomeTest
    ✔ testFuzz_holds(uint96) (runs: 1000)
    1) testFuzz_breaks(uint96)

  1 passing
  1 failing

  1) SomeTest#testFuzz_breaks
     Error: assertion failed: 3 != 4
      at SomeTest.testFuzz_breaks (test/contracts/solidity/Some.fuzz.t.sol:12)

Running Mocha tests

  a payee
    ✔ sells
    2) counts

  2 passing (62ms)
  2 failing

  1) a payee
       while it restarts
         counts:

      AssertionError: expected 1 to equal 2
      + expected - actual

      -1
      +2

      at Context.<anonymous> (test/some.test.ts:3:41)

  2) a payee
       "before all" hook for "stops":
     Error: the first line
and the second
      at Context.<anonymous> (test/some.test.ts:6:24)


3 passing (1 solidity, 2 mocha)
3 failing (1 solidity, 2 mocha)

Test run failed
`

describe('what a run of tests says at its end', () => {
  it('tells each failure in a line, of either kind of test', () => {
    expect(failuresOf(printed)).to.deep.equal([
      'SomeTest#testFuzz_breaks Error: assertion failed: 3 != 4',
      'a payee while it restarts counts: AssertionError: expected 1 to equal 2',
      'a payee "before all" hook for "stops": Error: the first line and the second',
    ])
  })

  it('tells nothing when nothing failed', () => {
    expect(failuresOf('\n  12 passing (3s)\n\n12 passing (12 mocha)\n')).to.deep.equal([])
  })
})
