import { expect } from 'chai'
import { AbiCoder, keccak256, TypedDataEncoder } from 'ethers'
import { computeVectors } from '../vectors/compute.js'
import { loadVectors, type Vector } from '../vectors/vectors.js'

const coder = AbiCoder.defaultAbiCoder()
const channelTuple = 'tuple(address,address,address,address,address,uint32,uint96,uint96,bytes32)'

/** The hashes as `docs/protocol.md` writes them, put together by ethers instead of by the contract. */
function independently(vector: Vector) {
  const { channelId, channel } = vector
  const domain = {
    name: 'Sluice Stream Channels',
    version: '1',
    chainId: vector.chainId,
    verifyingContract: vector.contract,
  }
  const amount = (type: string, field: string, value: string) =>
    TypedDataEncoder.hash(
      domain,
      {
        [type]: [
          { name: 'channelId', type: 'bytes32' },
          { name: field, type: 'uint96' },
        ],
      },
      { channelId, [field]: value },
    )
  const terms = coder.encode(
    ['uint256', 'address', channelTuple],
    [vector.chainId, vector.contract, Object.values(channel)],
  )
  return {
    ...vector,
    domainSeparator: TypedDataEncoder.hashDomain(domain),
    channelId: keccak256(terms),
    voucherDigest: amount('Voucher', 'cumulativeAmount', vector.cumulativeAmount),
    closeDigest: amount('Close', 'capturedAmount', vector.capturedAmount),
    authorizationNonce: keccak256(
      coder.encode(['bytes32', 'bytes32'], [channelId, vector.authorizationSalt]),
    ),
    permit2Witness: TypedDataEncoder.hashStruct(
      'ChannelWitness',
      { ChannelWitness: [{ name: 'channelId', type: 'bytes32' }] },
      { channelId },
    ),
  }
}

describe('shared vectors', () => {
  const vectors = loadVectors()

  it('cover at least 50 random channels and the edges, each with an id of its own (I10)', () => {
    expect(vectors.filter((vector) => vector.name.startsWith('random')).length).to.be.at.least(50)
    expect(vectors.length).to.be.at.least(65)
    const distinct = new Set(
      vectors.map(({ chainId, contract, channel }) => JSON.stringify({ chainId, contract, channel })),
    )
    expect(distinct.size).to.be.at.least(70)
    expect(new Set(vectors.map((vector) => vector.channelId)).size).to.equal(distinct.size)
  })

  it('are what the contract computes', async () => {
    expect(await computeVectors(vectors)).to.deep.equal(vectors)
  })

  for (const vector of vectors) {
    it(`are what ethers computes from the protocol page: ${vector.name}`, () => {
      expect(independently(vector)).to.deep.equal(vector)
    })
  }
})
