import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'

const places = [
  process.env['SLUICE_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Finds a Chromium on this machine, or installs the system's; says what to do when neither is possible. */
function findChromium(): string {
  const found = places.find((place) => place !== undefined && existsSync(place))
  if (found !== undefined) return found
  const update = spawnSync('apt-get', ['update', '-q'], { encoding: 'utf8' })
  const install = spawnSync('apt-get', ['install', '-y', '-q', 'chromium'], { encoding: 'utf8' })
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  throw new Error(
    'The tests of the pages need a Chromium and found none. Install one (on Debian: apt-get install chromium) ' +
      'or name it: SLUICE_CHROMIUM=/path/to/chromium npm test. ' +
      `apt-get said: ${update.stderr} ${install.stderr} ${install.error?.message ?? ''}`,
  )
}

const args = [
  '--no-sandbox',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
]

/** Starts a browser whose camera and microphone are a test picture and a tone. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args })
}

/**
 * The same with an extension in it.
 *
 * @param extension its folder
 * @param profile an empty folder, as extensions work in a profile of their own alone
 */
export function startBrowserWith(extension: string, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: [...args, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
    // Given by Playwright, they would keep it out.
    ignoreDefaultArgs: ['--disable-extensions'],
  })
}
