// One day of the board, played in the browser: the steps came once, and any minute is the morning's board with the steps
// until then laid over it, as domain/replay.py folds them. Nothing here talks to the network but the choice of a day.
import { useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { FloorPlan } from "$/public/plan.jsx";
import { durationWords } from "$/public/live.jsx";

// Hospital minutes a second.
const SPEEDS = [1, 5, 15, 60];
const FRAME = 1000 / 15;
const QUARTER = 15;
const SHOWN = 12;

const setParam = (setParams, name, value) =>
  setParams(
    (before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    },
    { replace: true, preventScrollReset: true },
  );

const nextDay = (day, by) => {
  const moment = new Date(`${day}T12:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + by);
  return moment.toISOString().slice(0, 10);
};

const dayWords = (day) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** Which day, which ward. Both stand in the address, so that a link shows what its sender saw. */
export const ReplayDay = ({ value, ...rest }) => {
  const [params, setParams] = useSearchParams();
  const shown = value?.day ?? params.get("day") ?? "";
  const ward = params.get("ward") ?? "";
  const go = (day) => setParam(setParams, "day", day);
  const step = (by) => go(nextDay(shown, by));
  return (
    <div {...rest} className="replay-where" role="group" aria-label="Which day">
      <button type="button" className="button" aria-label="Day before" disabled={!value?.day || shown <= value.first_day} onClick={() => step(-1)}>
        ←
      </button>
      <label>
        <span className="sr-only">Day</span>
        <input
          type="date"
          className="field"
          value={shown}
          min={value?.first_day}
          max={value?.last_day}
          onChange={(event) => event.target.value && go(event.target.value)}
        />
      </label>
      <button type="button" className="button" aria-label="Day after" disabled={!value?.day || shown >= value.last_day} onClick={() => step(1)}>
        →
      </button>
      <button type="button" className="button" onClick={() => go("")}>
        Today
      </button>
      <label>
        <span className="sr-only">Ward</span>
        <select className="field" value={ward} onChange={(event) => setParam(setParams, "ward", event.target.value)}>
          <option value="">All wards</option>
          {(value?.wards ?? []).map((one) => (
            <option key={one.id} value={one.code}>
              {one.code} {one.name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
};

// --- The fold --------------------------------------------------------------------------------------------------------------

/** bed → [status, since which second], at a second of the day. */
const boardAt = (value, second) => {
  const board = new Map();
  value.wards.forEach((ward) => ward.beds.forEach((bed) => board.set(bed.id, [bed.opening, bed.since])));
  for (const [at, bed, status] of value.steps) {
    if (at > second) break;
    if (board.has(bed)) board.set(bed, [status, at]);
  }
  return board;
};

const isLate = (value, [status, since], second) => {
  const target = value.targets[value.statuses[status]];
  if (!target) return false;
  return since === null || second - since >= (target + 1) * 60;
};

const within = ([from, until], second) => from <= second && (until === null || until > second);

const countsAt = (value, board, beds, second) => {
  const counts = Object.fromEntries(value.statuses.map((name) => [name, 0]));
  beds.forEach((id) => {
    counts[value.statuses[board.get(id)[0]]] += 1;
  });
  const going = value.trips.filter(([asked, , ended]) => within([asked, ended], second));
  return {
    counts,
    staffed: beds.length - counts.closed,
    occupied: counts.occupied + counts.pending_discharge,
    waiting: value.waiting.filter((one) => within(one, second)).length,
    tripsAsked: going.filter(([, begun]) => begun === null || begun > second).length,
    tripsUnderWay: going.filter(([, begun]) => begun !== null && begun <= second).length,
  };
};

// --- Parts -----------------------------------------------------------------------------------------------------------------

const Figure = ({ number, word, status, more }) => (
  <div className="cell" data-status={status} data-figure={word}>
    <dt>
      {status && <i className="shape" aria-hidden="true" />}
      {word}
    </dt>
    <dd>
      <span className="figure">{number}</span>
      {more && <span className="quiet">{more}</span>}
    </dd>
  </div>
);

const Strip = ({ told, ward }) => (
  <section className="capacity" aria-label={ward ? `Capacity of ward ${ward} then` : "Capacity of the house then"}>
    <div className="cell-groups">
      <div className="cell-group">
        <h2 className="caption">Beds then</h2>
        <dl className="cells">
          <Figure number={told.occupied} word="Occupied" status="occupied" more={` of ${told.staffed}`} />
          <Figure number={told.counts.pending_discharge} word="Leaving" status="pending_discharge" />
          <Figure number={told.counts.available} word="Ready" status="available" />
          <Figure number={told.counts.reserved} word="Reserved" status="reserved" />
          <Figure number={told.counts.dirty} word="To clean" status="dirty" />
          <Figure number={told.counts.cleaning} word="Cleaning" status="cleaning" />
          <Figure number={told.counts.blocked} word="Blocked" status="blocked" />
        </dl>
      </div>
      <div className="cell-group">
        <h2 className="caption">Whole house</h2>
        <dl className="cells">
          <Figure number={told.waiting} word="Wait for a bed" />
          <Figure number={told.tripsAsked} word="Wait for a porter" />
          <Figure number={told.tripsUnderWay} word="On a trip" />
        </dl>
      </div>
    </div>
  </section>
);

const Steps = ({ caption, steps, value, labels, words, clock, onOpen }) => (
  <div className="replay-frame" {...(labels ? {} : { role: "region", tabIndex: 0, "aria-label": caption })}>
    <table className="replay-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {labels && <th scope="col">Bed</th>}
          <th scope="col">Became</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(([second, bed, status, act, role], n) => (
          <tr key={`${second} ${bed} ${n}`} data-step={labels?.get(bed)}>
            <td>{clock(second, true)}</td>
            {labels && (
              <th scope="row">
                <button type="button" className="replay-bed" onClick={() => onOpen(bed)}>
                  {labels.get(bed)}
                </button>
              </th>
            )}
            <td data-status={value.statuses[status]}>
              <span className="replay-word">
                <i className="shape" aria-hidden="true" />
                {words[value.statuses[status]]}
              </span>
              <span className="quiet">{value.acts[act]}</span>
            </td>
            <td>{value.roles[role]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Hours = ({ value, beds, clock }) => {
  const rows = useMemo(() => {
    const mine = new Set(beds);
    // The house was founded within an hour: that one begins when it did.
    const moments = value.from % 3600 ? [value.from] : [];
    for (let second = Math.ceil(value.from / 3600) * 3600; second <= value.until; second += 3600) moments.push(second);
    const found = moments.map((second, n) => {
      const told = countsAt(value, boardAt(value, second), beds, second);
      const next = moments[n + 1] ?? second + 3600;
      const changes = value.steps.filter(([at, bed]) => at > second && at <= next && mine.has(bed)).length;
      return { second, changes, ...told };
    });
    return found;
  }, [value, beds]);
  const heads = ["Time", "Occupied", "Leaving", "Ready", "To clean", "Cleaning", "Blocked", "Wait for a bed", "Changes until the next"];
  return (
    <details className="replay-hours">
      <summary>The day by the hour, as a table</summary>
      <div className="replay-frame" role="region" tabIndex={0} aria-label="The day by the hour">
        <table className="replay-table">
          <caption className="sr-only">The board at each full hour</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ second, counts, occupied, waiting, changes }) => (
              <tr key={second}>
                <th scope="row">{clock(second)}</th>
                {[occupied, counts.pending_discharge, counts.available, counts.dirty, counts.cleaning, counts.blocked, waiting, changes].map((n, place) => (
                  <td key={heads[place + 1]}>{n}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
};

/** When things happened: a bar for each quarter of an hour. The table by the hour says the same in numbers. */
const Pulse = ({ steps, first, last }) => {
  const bars = useMemo(() => {
    const found = new Array(Math.max(1, Math.ceil((last - first) / QUARTER))).fill(0);
    steps.forEach(([at]) => {
      const place = Math.floor((at / 60 - first) / QUARTER);
      if (found[place] !== undefined) found[place] += 1;
    });
    return found;
  }, [steps, first, last]);
  const most = Math.max(1, ...bars);
  return (
    <div className="replay-pulse" aria-hidden="true">
      {bars.map((count, n) => (
        <i key={n} style={{ height: `${(100 * count) / most}%` }} />
      ))}
    </div>
  );
};

/** What the log does not explain. */
const Holes = ({ value, labels, words, clock }) => {
  if (value.holes.length === 0) return null;
  return (
    <section className="replay-holes" aria-label="What the log does not explain">
      <h2 className="panel-title">What the log does not explain</h2>
      <p>
        {value.holes.length === 1 ? "One change has" : `${value.holes.length} changes have`} no line in the audit. The beds are right again from the time
        given; before it they may have been otherwise.
      </p>
      <ul>
        {value.holes.slice(0, SHOWN).map((hole) => (
          <li key={`${hole.bed_id} ${hole.at}`}>
            {labels.get(hole.bed_id)}: by {clock(hole.at)} it had become {words[hole.found].toLowerCase()}; the log left it{" "}
            {words[hole.expected].toLowerCase()}.
          </li>
        ))}
      </ul>
    </section>
  );
};

// --- The player ------------------------------------------------------------------------------------------------------------

const STEPS_OF_KEYS = { ArrowLeft: -1, ArrowRight: 1, PageUp: 60, PageDown: -60, Home: -Infinity, End: Infinity };
const OWN_KEYS = "input:not([type=range]), select, textarea, summary, [data-plan-bed]";

export const Replay = ({ value, letters, words, shapes, ...rest }) => {
  const [params] = useSearchParams();
  const ward = params.get("ward") ?? "";
  const first = Math.ceil(value.from / 60);
  const last = Math.max(first, Math.ceil(value.until / 60));
  const [minute, setMinute] = useState(first);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(15);
  const [opened, setOpened] = useState(null);
  const clamp = (wished) => Math.max(first, Math.min(last, wished));
  const go = (wished) => setMinute(clamp(wished));

  // Another day begins at its beginning; the same one read again goes on.
  useEffect(() => {
    setMinute(first);
    setPlaying(false);
    setOpened(null);
  }, [value.day]);

  useEffect(() => {
    if (!playing) return undefined;
    const every = Math.max(FRAME, 1000 / speed);
    const by = Math.round((speed * every) / 1000);
    const timer = setInterval(() => setMinute((now) => Math.min(last, now + by)), every);
    return () => clearInterval(timer);
  }, [playing, speed, last]);
  useEffect(() => {
    if (playing && minute >= last) setPlaying(false);
  }, [playing, minute, last]);

  const clock = useMemo(() => {
    const begins = Date.parse(value.begins);
    const form = (more) => new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: value.zone, ...more });
    const [plain, exact] = [form({}), form({ second: "2-digit" })];
    return (second, seconds = false) => (seconds ? exact : plain).format(begins + second * 1000);
  }, [value.begins, value.zone]);
  const labels = useMemo(
    () => new Map(value.wards.flatMap((one) => one.beds.map((bed) => [bed.id, bed.label]))),
    [value.wards],
  );
  const shownWards = useMemo(() => value.wards.filter((one) => !ward || one.code === ward), [value.wards, ward]);
  const beds = useMemo(() => shownWards.flatMap((one) => one.beds.map((bed) => bed.id)), [shownWards]);
  const steps = useMemo(() => {
    const mine = new Set(beds);
    return value.steps.filter(([, bed]) => mine.has(bed));
  }, [value.steps, beds]);

  const second = Math.min(minute * 60, value.over ? Infinity : Math.max(value.until, first * 60));
  const board = boardAt(value, second);
  const told = countsAt(value, board, beds, second);
  // A bed that has not changed is the same object as a minute ago, so that it is not drawn again.
  const kept = useRef(new Map());
  const drawn = shownWards.map((one) => {
    const now = one.beds.map((bed) => {
      const standing = board.get(bed.id);
      const [status, is_late] = [value.statuses[standing[0]], isLate(value, standing, second)];
      const before = kept.current.get(bed.id);
      if (before && before.status === status && before.is_late === is_late && before.label === bed.label) return before;
      const made = { ...bed, status, is_late, unit: "", reason: "", task: "", needs: "" };
      kept.current.set(bed.id, made);
      return made;
    });
    const closed = now.filter((bed) => bed.status === "closed").length;
    const held = now.filter((bed) => bed.status === "occupied" || bed.status === "pending_discharge").length;
    return { ...one, beds: now, occupied: held, staffed: now.length - closed };
  });

  const here = steps.filter(([at]) => at > (minute - 1) * 60 && at <= second);
  const before = steps.findLast(([at]) => at <= (minute - 1) * 60);
  const after = steps.find(([at]) => at > second);
  const to = (step) => step && go(Math.ceil(step[0] / 60));

  const press = (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(OWN_KEYS)) return;
    if (event.key === " " && !event.target.closest("button")) {
      event.preventDefault();
      setPlaying((now) => !now);
      return;
    }
    const by = STEPS_OF_KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(minute + by);
  };
  const play = () => {
    if (!playing && minute >= last) setMinute(first);
    setPlaying((now) => !now);
  };

  const mine = opened === null ? [] : value.steps.filter(([, bed]) => bed === opened);
  const [openedStatus, openedSince] = (opened !== null && board.get(opened)) || [];
  return (
    <div {...rest} className="replay-player" onKeyDown={press} data-minute={minute} data-day={value.day}>
      <p className="replay-day">
        {dayWords(value.day)}
        {!value.over && <span className="quiet"> until now, {clock(value.until)}</span>}
        {value.from > 0 && <span className="quiet"> from {clock(value.from)} on, when the house was founded</span>}
      </p>
      <section className="replay-controls" aria-label="Play the day">
        <button type="button" className="button button-main replay-play" onClick={play}>
          {playing ? "Pause" : "Play"}
        </button>
        <output className="replay-time" aria-live="off">{clock(second)}</output>
        <div className="replay-track">
          <Pulse steps={steps} first={first} last={last} />
          <input
            type="range"
            min={first}
            max={last}
            step={1}
            value={minute}
            aria-label="Time of the day"
            aria-valuetext={clock(second)}
            onChange={(event) => go(Number(event.target.value))}
          />
        </div>
        <div className="replay-jumps">
          <button type="button" className="button" disabled={!before} onClick={() => to(before)}>
            Change before
          </button>
          <button type="button" className="button" disabled={!after} onClick={() => to(after)}>
            Next change
          </button>
          <label>
            <span className="sr-only">Speed</span>
            <select className="field" value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
              {SPEEDS.map((one) => (
                <option key={one} value={one}>
                  {one} min a second
                </option>
              ))}
            </select>
          </label>
        </div>
      </section>
      <Strip told={told} ward={ward} />
      <div className="replay-body">
        <FloorPlan wards={drawn} letters={letters} words={words} shapes={shapes} onOpen={setOpened} />
        <div className="replay-side">
          <section aria-label="What changed" aria-live={playing ? "off" : "polite"} className="replay-now">
            {here.length > 0 && (
              <Steps caption={`Changed in the minute until ${clock(second)}`} steps={here} value={value} labels={labels} words={words} clock={clock} onOpen={setOpened} />
            )}
            {here.length === 0 && (
              <p>
                Nothing changed in the minute until {clock(second)}.{" "}
                {after ? `The next change is in the minute until ${clock(Math.ceil(after[0] / 60) * 60)}.` : "Nothing more happens on this day."}
              </p>
            )}
          </section>
          {opened !== null && labels.has(opened) && (
            <section className="replay-one" aria-label={`The day of bed ${labels.get(opened)}`}>
              <h2 className="panel-title">
                {labels.get(opened)}: {words[value.statuses[openedStatus]].toLowerCase()}
                <span className="quiet">
                  {openedSince === null ? " since before the day before" : ` for ${durationWords((second - openedSince) / 60)}`}
                </span>
              </h2>
              {mine.length > 0 && <Steps caption="Its whole day" steps={mine} value={value} words={words} clock={clock} onOpen={setOpened} />}
              {mine.length === 0 && <p>It did not change on this day.</p>}
              <button type="button" className="button" onClick={() => setOpened(null)}>
                Put away
              </button>
            </section>
          )}
        </div>
      </div>
      <Hours value={value} beds={beds} clock={clock} />
      <Holes value={value} labels={labels} words={words} clock={clock} />
    </div>
  );
};

// --- What if ---------------------------------------------------------------------------------------------------------------

const ROLE_WORDS = { housekeeper: ["housekeeper", "housekeepers"], transporter: ["porter", "porters"] };
const DONE_WORDS = { housekeeper: "beds and spills cleaned", transporter: "trips done" };
const hourWords = (hour) => `${String(hour).padStart(2, "0")}:00`;
const tenths = (number) => number.toFixed(1);
const signed = (number) => (number > 0 ? `+${tenths(number)}` : tenths(number).replace("-", "−"));

const Difference = ({ row }) => {
  if (row.difference === null) return "not known";
  const words = `${signed(row.difference)}${row.half === null ? "" : ` ± ${tenths(row.half)}`}`;
  return row.sure ? <b>{words}</b> : <span className="quiet">{words}</span>;
};

const CURVE = { width: 640, height: 220, left: 40, bottom: 24, top: 8 };

/** How many were done by each hour: as it was (dashed) and with the change (full). The table below says the same. */
const Curve = ({ hours, window: [first, last] }) => {
  const most = Math.max(1, ...hours.map((one) => Math.max(one.before, one.after)));
  const x = (hour) => CURVE.left + ((CURVE.width - CURVE.left) * hour) / 24;
  const y = (count) => CURVE.top + (CURVE.height - CURVE.top - CURVE.bottom) * (1 - count / most);
  const line = (side) => [[0, 0], ...hours.map((one) => [one.hour, one[side]])].map(([h, n]) => `${x(h)},${y(n)}`).join(" ");
  const floor = CURVE.height - CURVE.bottom;
  return (
    <svg className="what-if-curve" viewBox={`0 0 ${CURVE.width} ${CURVE.height}`} aria-hidden="true">
      <rect className="what-if-window" x={x(first)} y={CURVE.top} width={x(last) - x(first)} height={floor - CURVE.top} />
      <line x1={CURVE.left} x2={CURVE.width} y1={floor} y2={floor} />
      {[0, 6, 12, 18, 24].map((hour) => (
        <text key={hour} x={x(hour)} y={CURVE.height - 6} textAnchor={hour === 24 ? "end" : "middle"}>
          {hourWords(hour)}
        </text>
      ))}
      {[0, most].map((count) => (
        <text key={count} x={CURVE.left - 6} y={y(count) + 4} textAnchor="end">
          {Math.round(count)}
        </text>
      ))}
      <polyline className="what-if-before" points={line("before")} />
      <polyline className="what-if-after" points={line("after")} />
    </svg>
  );
};

/** Both sides of a what-if: figures, the paired difference with its interval, and what was done by each hour. */
export const WhatIfAnswer = ({ value, ...rest }) => {
  const count = Math.abs(value.people);
  const who = `${count} ${ROLE_WORDS[value.role][count === 1 ? 0 : 1]} ${value.people > 0 ? "more" : "fewer"}`;
  const hours = `${hourWords(value.from)}–${hourWords(value.until)}`;
  const wait = value.rows.find((row) => row.name === "wait_mean");
  const said = wait.sure
    ? `${who}, ${hours}: the mean wait would have been ${tenths(wait.after)} instead of ${tenths(wait.before)} minutes (${signed(wait.difference)} ± ${tenths(wait.half)}).`
    : `${who}, ${hours}: no difference in the mean wait can be told from chance (${tenths(wait.before)} and ${tenths(wait.after)} minutes).`;
  return (
    <section {...rest} className="what-if-answer" aria-label="What would have changed">
      <p className="what-if-said" role="status">
        {said}
      </p>
      <p className="quiet">
        {dayWords(value.day)}: {value.asked} things asked of {value.staff} people; {value.replications} replications, the same draws on both sides. What
        is not bold cannot be told from chance.
        {value.thin.length > 0 && ` Too few were timed of: ${value.thin.join(", ").replaceAll("_", " ")}; their minutes are drawn from all that these people were timed at.`}
      </p>
      <div className="replay-frame" role="region" tabIndex={0} aria-label="Figures of both sides">
        <table className="replay-table">
          <caption>Minutes, and what was recorded on the day itself</caption>
          <thead>
            <tr>
              {["", "Recorded", "As it was", "What if", "Difference"].map((head) => (
                <th key={head} scope="col">
                  {head || <span className="sr-only">Figure</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.rows.map((row) => (
              <tr key={row.name} data-row={row.name}>
                <th scope="row">{row.words}</th>
                <td>{value.was[row.name] === null ? "–" : tenths(value.was[row.name])}</td>
                <td>{tenths(row.before)}</td>
                <td>{tenths(row.after)}</td>
                <td>
                  <Difference row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figure className="what-if-figure">
        <figcaption>
          {DONE_WORDS[value.role][0].toUpperCase() + DONE_WORDS[value.role].slice(1)} by each hour. <i className="what-if-key" data-side="before" aria-hidden="true" /> as it was{" "}
          <i className="what-if-key" data-side="after" aria-hidden="true" /> what if
        </figcaption>
        <Curve hours={value.hours} window={[value.from, value.until]} />
      </figure>
      <details className="replay-hours">
        <summary>The same by the hour, as a table</summary>
        <div className="replay-frame" role="region" tabIndex={0} aria-label="Done by each hour">
          <table className="replay-table">
            <caption className="sr-only">{DONE_WORDS[value.role]} by each hour</caption>
            <thead>
              <tr>
                {["By", "As it was", "What if", "Difference"].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {value.hours.map((row) => (
                <tr key={row.hour}>
                  <th scope="row">{hourWords(row.hour)}</th>
                  <td>{tenths(row.before)}</td>
                  <td>{tenths(row.after)}</td>
                  <td>
                    <Difference row={row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
};
