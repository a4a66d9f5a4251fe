import type { ReactNode } from 'react'
import { chooseLanguage, languages, useText, type Language } from '../text/language.ts'
import { chooseTheme, themes, useTheme } from './theme.ts'

/** What every page has around its content. */
export function Shell(props: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const text = useText()
  return (
    <>
      <a className="skip" href="#content">
        {text.page.skip}
      </a>
      <header className="head">
        <Mark />
        <span className="head-name">Sluice</span>
        <span className="head-title">{props.title}</span>
        <div className="head-aside">{props.aside}</div>
        <ThemeChoice />
        <LanguageChoice />
      </header>
      <main id="content" tabIndex={-1}>
        {props.children}
      </main>
    </>
  )
}

/** Two posts and the water between them. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="mark-water" d="M7 18c3 0 3 3 6 3s3-3 6-3 3 3 6 3v5H7z" />
      <path className="mark-posts" d="M7 5v22M25 5v22" />
    </svg>
  )
}

function ThemeChoice(): ReactNode {
  const text = useText()
  const chosen = useTheme()
  return (
    <label className="choice">
      <span className="hidden">{text.page.theme}</span>
      <select
        value={chosen}
        onChange={(event) => {
          const wanted = themes.find((each) => each === event.target.value)
          if (wanted !== undefined) chooseTheme(wanted)
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {text.page.themes[each]}
          </option>
        ))}
      </select>
    </label>
  )
}

function LanguageChoice(): ReactNode {
  const text = useText()
  return (
    <div className="languages" role="group" aria-label={text.page.language}>
      {(Object.keys(languages) as Language[]).map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={text.locale === code}
          aria-label={`${code.toUpperCase()} ${languages[code].name}`}
          onClick={() => {
            chooseLanguage(code)
          }}
        >
          {code.toUpperCase()}
        </button>
      ))}
    </div>
  )
}
