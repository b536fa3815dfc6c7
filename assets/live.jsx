// What makes a panel live: the heartbeat, the hospital's clock, and the words when the line is lost.
// Values come from the server as plain props; nothing here talks to the network.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

const STALE_AFTER = 10000;

// --- The hospital's clock, as of the last heartbeat -----------------------------------------------------------------

const pulse = { zone: undefined, hospital: 0, at: 0, speed: 1, simulated: false, heard: 0, changed: 0, seq: 0 };
const listeners = new Set();
let second = 0;

const tick = () => {
  second += 1;
  listeners.forEach((listener) => listener());
};

let ticking = null;
const subscribe = (listener) => {
  listeners.add(listener);
  ticking ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticking);
      ticking = null;
    }
  };
};

/** Re-renders only when what `read` gives has changed, at most once a second. */
export const useEachSecond = (read) => useSyncExternalStore(subscribe, read, read);

const takeBeat = (beat) => {
  if (!beat?.seq || beat.seq === pulse.seq) return;
  pulse.seq = beat.seq;
  pulse.hospital = Date.parse(beat.now);
  pulse.at = performance.now();
  pulse.heard = performance.now();
  pulse.speed = beat.speed;
  pulse.zone = beat.zone || undefined;
  pulse.simulated = beat.simulated;
  tick();
};

/** The hospital's time in milliseconds; real time until the first heartbeat. */
export const hospitalNow = () =>
  pulse.hospital ? pulse.hospital + (performance.now() - pulse.at) * pulse.speed : Date.now();

/** A value that somebody sees has just changed. */
export const noteChange = () => {
  pulse.changed = Date.now();
};

const isFresh = () => pulse.heard > 0 && performance.now() - pulse.heard < STALE_AFTER;

// --- Words for times ---------------------------------------------------------------------------------------------------

// Making a formatter costs a hundred times what using it does, and a board has a thousand clocks: one for each form and zone.
const made = new Map();
const inZone = (form, options) => (ms) => {
  // The hospital's own time zone, wherever the browser is; it comes with the first heartbeat.
  const key = `${form} ${pulse.zone}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat([], { ...options, hour12: false, timeZone: pulse.zone }));
  return made.get(key).format(ms);
};

const MINUTE = { hour: "2-digit", minute: "2-digit" };
const SECOND = { ...MINUTE, second: "2-digit" };
const clockTime = inZone("clock", MINUTE);
const clockSeconds = inZone("clock to the second", SECOND);
const exactTime = inZone("exact", { weekday: "short", day: "numeric", month: "short", ...MINUTE });
// To the second, with its year: for what is looked up long after.
const preciseTime = inZone("precise", { year: "numeric", month: "short", day: "numeric", ...SECOND });
const FORMS = { time: clockTime, seconds: preciseTime };

/** 12 → "12 min", 125 → "2 h 5", 3000 → "2 d 2 h". */
export const durationWords = (minutes) => {
  const m = Math.max(0, Math.floor(minutes));
  if (m < 60) return `${m} min`;
  if (m < 24 * 60) return m % 60 && m < 600 ? `${Math.floor(m / 60)} h ${m % 60}` : `${Math.floor(m / 60)} h`;
  const days = Math.floor(m / 1440);
  const hours = Math.floor((m % 1440) / 60);
  return hours && days < 7 ? `${days} d ${hours} h` : `${days} d`;
};

// How a clock past its target reads: by how much, both in full, or the whole time with the mark alone.
const LATE_WORDS = {
  short: (_, over) => `+${over}`,
  long: (whole, over) => `${whole}, late by ${over}`,
  total: (whole) => whole,
};

// Sessions live by real time; everything else by the hospital's, which may run faster.
const CLOCKS = { hospital: hospitalNow, real: Date.now };

/** How long ago, by the hospital's clock. Past its `target` (minutes) it is marked late; `late` chooses the words. */
export const Since = ({ at, target = null, late = "short", clock = "hospital", ...rest }) => {
  const start = Date.parse(at ?? "");
  const words = useEachSecond(() => {
    if (Number.isNaN(start)) return "";
    const minutes = (CLOCKS[clock]() - start) / 60000;
    const over = target ? minutes - target : -1;
    if (over < 1) return durationWords(minutes);
    return "!" + LATE_WORDS[late](durationWords(minutes), durationWords(over));
  });
  if (!words) return null;
  const isLate = words.startsWith("!");
  return (
    <time
      {...rest}
      dateTime={at}
      title={exactTime(start)}
      data-late={isLate || undefined}
    >
      {isLate ? words.slice(1) : words}
    </time>
  );
};

/** A moment to come: "in 2 h", or by how much it has passed. */
export const Until = ({ at, ...rest }) => {
  const end = Date.parse(at ?? "");
  const words = useEachSecond(() => {
    if (Number.isNaN(end)) return "";
    const minutes = (end - hospitalNow()) / 60000;
    return minutes >= 0 ? `in ${durationWords(minutes)}` : `!${durationWords(-minutes)} late`;
  });
  if (!words) return null;
  return (
    <time {...rest} dateTime={at} title={exactTime(end)} data-late={words.startsWith("!") || undefined}>
      {words.replace("!", "")}
    </time>
  );
};

/** The exact moment, in the hospital's zone. */
export const At = ({ at, form = "time", ...rest }) => {
  const ms = Date.parse(at ?? "");
  // The zone comes with the first heartbeat, which may be later than the row.
  const words = useEachSecond(() => (Number.isNaN(ms) ? "" : (FORMS[form] ?? exactTime)(ms)));
  if (!words) return null;
  return (
    <time {...rest} dateTime={at} title={exactTime(ms)}>
      {words}
    </time>
  );
};

const HORIZON_HOURS = 96;

/** How near leaving is: a thin bar, fuller as the predicted hour comes nearer, full when it has come. */
export const StayBar = ({ until, ...rest }) => {
  const end = Date.parse(until ?? "");
  const percent = useEachSecond(() => {
    if (Number.isNaN(end)) return -1;
    const hours = (end - hospitalNow()) / 3600000;
    return Math.round(Math.min(100, Math.max(6, 100 * (1 - hours / HORIZON_HOURS))));
  });
  if (percent < 0) return null;
  return (
    <span {...rest} className={`stay-bar ${rest.className ?? ""}`} data-due={percent > 75 || undefined} aria-hidden="true">
      <span style={{ width: `${percent}%` }} />
    </span>
  );
};

/** The hospital's own time of day. */
export const HospitalClock = (rest) => {
  const words = useEachSecond(() => clockTime(hospitalNow()));
  return (
    <time {...rest} title={exactTime(hospitalNow())}>
      {words}
    </time>
  );
};

// --- The panel ---------------------------------------------------------------------------------------------------------

/** Root of a live panel: `data-live` is "live" while heartbeats come, "stale" after 10 s without. */
export const LivePanel = ({ beat, label, lost = "", closed = "", children, ...rest }) => {
  const mounted = useRef(performance.now());
  useEffect(() => takeBeat(beat), [beat]);
  const state = useEachSecond(() => {
    if (isFresh()) return "live";
    // Right after opening, nothing has been heard yet: not alarming until ten seconds have passed.
    return pulse.heard === 0 && performance.now() - mounted.current < STALE_AFTER ? "opening" : "stale";
  });
  return (
    <section
      {...rest}
      className={`live-panel ${rest.className ?? ""}`}
      aria-label={label}
      data-live={state === "live" ? "live" : "stale"}
      data-opening={state === "opening" || undefined}
      data-closed={closed ? true : undefined}
    >
      <div role="alert" className="stale-words">
        {closed && <p>{closed}</p>}
        {state === "stale" && lost && <p>{lost}</p>}
        {state === "stale" && !lost && (
          <p>
            <strong>The line to the hospital is lost.</strong>{" "}
            {pulse.heard > 0
              ? `What you see is from ${clockSeconds(Date.now() - (performance.now() - pulse.heard))}. `
              : ""}
            Trying again; it will catch up by itself.
          </p>
        )}
      </div>
      <div className="live-body">{children}</div>
    </section>
  );
};

/** The freshness light: a dot, a word, and the time of the last change heard. */
export const Freshness = ({ beat, ...rest }) => {
  useEffect(() => takeBeat(beat), [beat]);
  const words = useEachSecond(() => {
    const state = isFresh() ? "live" : pulse.heard || performance.now() > STALE_AFTER ? "stale" : "opening";
    return `${state}|${pulse.changed ? clockSeconds(pulse.changed) : ""}`;
  });
  const [state, changed] = words.split("|");
  const word = { live: "Live", stale: "Not live", opening: "Connecting" }[state];
  return (
    <span {...rest} className={`freshness ${rest.className ?? ""}`} data-state={state} title="When the last change was heard">
      <i aria-hidden="true" />
      {word}
      {changed && <span className="freshness-time">{changed}</span>}
    </span>
  );
};

// --- Something just changed ----------------------------------------------------------------------------------------------

/** An element that lights up for half a second when its `stamp` changes. `element` names it. */
export const Changed = ({ element: Element = "div", stamp, children, ...rest }) => {
  const before = useRef(stamp);
  const [lit, setLit] = useState(false);
  useEffect(() => {
    if (before.current === stamp) return undefined;
    before.current = stamp;
    noteChange();
    setLit(true);
    const timer = setTimeout(() => setLit(false), 500);
    return () => clearTimeout(timer);
  }, [stamp]);
  return (
    <Element {...rest} data-changed={lit || undefined}>
      {children}
    </Element>
  );
};
