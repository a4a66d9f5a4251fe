// Runs in a watch page before its own scripts: remembers the connections it makes, and tells when its picture moves.
const createDataChannel = RTCPeerConnection.prototype.createDataChannel
window.connections = []
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  const channel = createDataChannel.apply(this, given)
  window.connections.push({ connection: this, channel })
  return channel
}

/** When the next frame of a picture that is not `stale` was shown, by the clock of the machine. */
window.nextFrame = (stale) =>
  new Promise((resolve) => {
    const video = document.querySelector('video')
    const look = () => {
      if (video.srcObject !== null && video.srcObject !== stale) resolve(Date.now())
      else video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
  })

/** Cuts the connection of the running session as far as the page can tell; milliseconds to a frame that comes on another. */
window.cut = async () => {
  const { channel } = window.connections.at(-1)
  const stale = document.querySelector('video').srcObject
  const cutMs = Date.now()
  channel.dispatchEvent(new Event('close'))
  return (await window.nextFrame(stale)) - cutMs
}

/** When the last packet of picture or sound came, by the clock of the machine. */
window.lastPacketMs = async () => {
  const { connection } = window.connections.at(-1)
  const stats = [...(await connection.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
  return Math.max(...stats.map(({ lastPacketReceivedTimestamp }) => lastPacketReceivedTimestamp ?? 0))
}
