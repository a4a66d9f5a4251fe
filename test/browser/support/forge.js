// Runs in a page before its own scripts: while `forging` is set, every voucher it sends has another signature, and what the
// server refuses is counted.
window.refusals = 0
const listening = new WeakSet()
const send = RTCDataChannel.prototype.send
RTCDataChannel.prototype.send = function (frame) {
  if (!listening.has(this)) {
    listening.add(this)
    this.addEventListener('message', ({ data }) => {
      if (window.forging === true && data.includes('"error"')) window.refusals += 1
    })
  }
  const forged =
    window.forging === true && frame.includes('"voucher"')
      ? frame.replace(/"signature":"0x..../, '"signature":"0x1234')
      : frame
  return send.call(this, forged)
}
