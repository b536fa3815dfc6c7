// Administration's own small parts: a list found by a few letters, a drawer that takes the focus, a button that copies.
import { createContext, useContext, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";

const Fits = createContext(null);

/** A search field over a list. Rows are `Found`; chips put `show` into the address; how many fit is said aloud. */
export const Finder = ({ rows, label, nothing, children }) => {
  const [params] = useSearchParams();
  const [typed, setTyped] = useState("");
  const sought = useDeferredValue(typed.trim().toLowerCase());
  const show = params.get("show");
  const id = useId();
  const fits = useMemo(() => {
    const words = sought.split(/\s+/).filter(Boolean);
    const one = (row) => (!show || row.kinds.includes(show)) && words.every((word) => row.words.includes(word));
    return new Set((rows ?? []).filter(one).map((row) => row.id));
  }, [rows, sought, show]);
  const all = rows?.length ?? 0;
  return (
    <Fits.Provider value={fits}>
      <div className="finder">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <input
          id={id}
          type="search"
          className="field"
          placeholder={label}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <p className="quiet" role="status">
          {fits.size === all ? `${all} accounts` : `${fits.size} of ${all}`}
        </p>
      </div>
      {children}
      {fits.size === 0 && all > 0 && (
        <div className="state state-empty">
          <p className="state-title">{nothing}</p>
        </div>
      )}
    </Fits.Provider>
  );
};

/** A row of a `Finder`, there while it fits. */
export const Found = ({ rowId, children }) => {
  const fits = useContext(Fits);
  return !fits || fits.has(rowId) ? children : null;
};

/** A drawer: takes the focus when it opens and gives it back to what opened it. */
export const HeldFocus = ({ label, children, ...rest }) => {
  const root = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    root.current?.focus({ preventScroll: true });
    return () => before?.isConnected && before.focus({ preventScroll: true });
  }, []);
  return (
    <aside {...rest} ref={root} tabIndex={-1} className="drawer" aria-label={label}>
      {children}
    </aside>
  );
};

/** Copies a text; says so. Where the browser forbids it (no HTTPS) the text stays selectable beside it. */
export const Copy = ({ text, ...rest }) => {
  const [done, setDone] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  };
  return (
    <button {...rest} type="button" className="button button-small" onClick={copy}>
      <span aria-live="polite">{done ? "Copied" : "Copy"}</span>
    </button>
  );
};
