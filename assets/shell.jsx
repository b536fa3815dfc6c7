// The shell's own small parts: sentences from the server, the way to the door, light and dark, filters in the address.
import { useContext, useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { ColorModeContext } from "$/utils/context-registry";

const STAYS = 8000;

/** Sentences that the server tells this browser. Each goes by itself, or is closed; one that stands is not told twice.
 *  `words` are a page's own for a code. */
export const Notices = ({ problem, words = {}, close: closeWords = "Close this message", ...rest }) => {
  const [shown, setShown] = useState([]);
  useEffect(() => {
    if (!problem?.seq) return undefined;
    const said = (one) => words[one.code] ?? one.sentence;
    setShown((before) => [...before.filter((one) => said(one) !== said(problem)).slice(-2), problem]);
    const timer = setTimeout(() => setShown((before) => before.filter((p) => p.seq !== problem.seq)), STAYS);
    return () => clearTimeout(timer);
  }, [problem?.seq]);
  const close = (seq) => setShown((before) => before.filter((p) => p.seq !== seq));
  return (
    <div {...rest} className="notices" role="alert" aria-live="assertive">
      {shown.map((one) => (
        <div key={one.seq} className="notice">
          <span>{words[one.code] ?? one.sentence}</span>
          <button type="button" aria-label={closeWords} onClick={() => close(one.seq)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
};

/** When the session is over, the page is left wholly, so that nothing of it stays on the screen or in memory. */
export const Door = ({ ended }) => {
  useEffect(() => {
    if (!ended) return;
    sessionStorage.removeItem("token");
    const next = encodeURIComponent(window.location.pathname + window.location.search);
    // A patient has no account: their own page says how to go on.
    if (window.location.pathname.startsWith("/intake")) {
      window.location.replace("/intake?problem=signed_out");
      return;
    }
    window.location.replace(`/login?problem=${encodeURIComponent(ended)}&next=${next}`);
  }, [ended]);
  return null;
};

/** Escape presses the button that `selector` finds, if it is there: the way out of a drawer by the keyboard. */
export const EscapeCloses = ({ selector }) => {
  useEffect(() => {
    const press = (event) => {
      // A dialog above it has taken this press for itself.
      if (event.key === "Escape" && !event.defaultPrevented) document.querySelector(selector)?.click();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [selector]);
  return null;
};

/** Focus follows what was opened: into the drawer when `stamp` names something else, back to where it was when it goes. */
export const DrawerFocus = ({ stamp, selector }) => {
  const before = useRef(null);
  useEffect(() => {
    const title = document.querySelector(selector);
    const here = document.activeElement;
    if (!title?.closest(".drawer")?.contains(here)) before.current = here;
    title?.focus({ preventScroll: true });
  }, [stamp, selector]);
  useEffect(() => () => before.current?.isConnected && before.current.focus({ preventScroll: true }), []);
  return null;
};

const focused = [];

/** A dialog opens: remember who had the focus. For `onOpenAutoFocus`. */
export const rememberFocus = () => {
  focused.push(document.activeElement);
};

/** A dialog closes: the focus goes back, or to the drawer's title when what had it is gone. For `onCloseAutoFocus`. */
export const giveFocusBack = (event) => {
  event.preventDefault();
  const before = focused.pop();
  const there = before?.isConnected && before !== document.body ? before : document.querySelector(".drawer-title");
  (there ?? document.querySelector("main"))?.focus({ preventScroll: true });
};

/** On the login page: the next person at this browser begins with an empty tab. */
export const FreshTab = () => {
  useEffect(() => sessionStorage.removeItem("token"), []);
  return null;
};

const MODES = [
  ["system", "As the device"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Follows the device until somebody chooses. */
export const ThemeChoice = ({ ...rest }) => {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  return (
    <div {...rest} role="radiogroup" aria-label="Light or dark">
      {MODES.map(([mode, word]) => (
        <button
          key={mode}
          type="button"
          role="radio"
          aria-checked={rawColorMode === mode}
          title={word}
          data-mode={mode}
          onClick={() => setColorMode(mode)}
        >
          <span className="sr-only">{word}</span>
        </button>
      ))}
    </div>
  );
};

// --- Filters that live in the address ------------------------------------------------------------------------------------

/** A root that carries the chosen filters as data attributes: `names="show ward"` → data-show, data-ward. */
export const Filtered = ({ names, children, ...rest }) => {
  const [params] = useSearchParams();
  const chosen = Object.fromEntries(names.split(" ").map((name) => [`data-${name}`, params.get(name) || undefined]));
  return (
    <div {...rest} {...chosen}>
      {children}
    </div>
  );
};

/** A chip: pressing it puts `name=value` into the address, pressing again takes it out. value "" means all. */
export const Chip = ({ name, value = "", children, ...rest }) => {
  const [params, setParams] = useSearchParams();
  const pressed = (params.get(name) ?? "") === value;
  const choose = () =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (pressed || !value) after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <button {...rest} type="button" className={`chip ${rest.className ?? ""}`} aria-pressed={pressed} onClick={choose}>
      {children}
    </button>
  );
};

/** Shown when the address chooses this value of `name`, or none. */
export const Only = ({ name, value, children, ...rest }) => {
  const [params] = useSearchParams();
  const chosen = params.get(name);
  return (
    <div {...rest} hidden={Boolean(chosen) && chosen !== value}>
      {children}
    </div>
  );
};

/** There only while the address has exactly this value of `name` ("" for none): one step of a page that has several. */
export const When = ({ name, value = "", children }) => {
  const [params] = useSearchParams();
  return (params.get(name) ?? "") === value ? children : null;
};

/** A link that keeps the address's own query: for "sign in" pages that come back to where one was. */
export const NextField = () => {
  const [params] = useSearchParams();
  return <input type="hidden" name="next" value={params.get("next") ?? ""} readOnly />;
};

/** The sentence for `?problem=code`, from a table that the server gave. */
export const ProblemFromAddress = ({ sentences, ...rest }) => {
  const [params] = useSearchParams();
  const sentence = sentences[params.get("problem")];
  return (
    <div {...rest} role="alert">
      {sentence && <p>{sentence}</p>}
    </div>
  );
};
