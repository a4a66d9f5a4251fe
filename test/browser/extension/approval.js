// A window of the extension: says who asks what, and takes what the person says to it.
const id = location.hash.slice(1)
const { origin, method, params } = await chrome.runtime.sendMessage({ kind: 'question', id })

const put = (selector, text) => {
  document.querySelector(selector).textContent = text
}
const decide = (approved) => () => chrome.runtime.sendMessage({ kind: 'decision', id, approved })

put('#origin', origin)
put('#params', JSON.stringify(params, undefined, 2))
document.querySelector('#approve').addEventListener('click', decide(true))
document.querySelector('#reject').addEventListener('click', decide(false))
// Last: with it the window is ready.
put('h1', method)
