// The screen on the wall: what must be acted on now, first; and the sign that it still hangs there.
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { durationWords, hospitalNow, useEachSecond } from "$/public/live.jsx";

const SHOWN = 9;
// Seven minutes: twice within the shortest idle limit that anybody would set.
const SAID_EVERY = 7 * 60 * 1000;

const minutesSince = (at) => (hospitalNow() - Date.parse(at ?? "")) / 60000;

/** Beds that have stood in one status for longer than its target. */
const lateBeds = (wards, words) =>
  wards.flatMap((ward) =>
    ward.beds
      .filter((bed) => bed.target_minutes && minutesSince(bed.since) - bed.target_minutes >= 1)
      .map((bed) => ({
        key: `bed ${bed.id}`,
        status: bed.status,
        what: bed.label,
        about: words[bed.status],
        minutes: minutesSince(bed.since),
        target: bed.target_minutes,
      })),
  );

/** People who wait for a bed at highest urgency, or for longer than they should. */
const latePeople = (waiting, target) =>
  waiting
    .filter((one) => one.priority === "stat" || minutesSince(one.since) >= target)
    .map((one) => ({
      key: `request ${one.request_id}`,
      status: one.priority === "stat" ? "stat" : "waiting",
      what: one.need,
      about: "waits for a bed",
      minutes: minutesSince(one.since),
      target,
    }));

const rank = (row) => (row.status === "stat" ? 1000 : 0) + row.minutes / row.target;

/** Worst first. `wards` and `waiting` are the board's own values; `?ward=` narrows both. */
export const ActNow = ({ wards, waiting, target, words, ...rest }) => {
  const [params] = useSearchParams();
  const code = params.get("ward")?.toLowerCase();
  useEachSecond(() => Math.floor(hospitalNow() / 60000));
  const shown = (wards ?? []).filter((ward) => ward.beds && (!code || ward.code.toLowerCase() === code));
  const units = new Set(shown.map((ward) => ward.unit));
  const people = (waiting ?? []).filter((one) => !code || units.has(one.unit));
  const rows = [...latePeople(people, target), ...lateBeds(shown, words)].sort((a, b) => rank(b) - rank(a));
  return (
    <section {...rest} aria-label="Act now">
      <h2>
        Act now {rows.length > 0 && <span className="wall-count">{rows.length}</span>}
      </h2>
      {rows.length === 0 && <p className="wall-calm">Nothing is late.</p>}
      <ol>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.key} data-act={row.status}>
            <b>{row.what}</b>
            <span>{row.about}</span>
            <time>{durationWords(row.minutes)}</time>
          </li>
        ))}
      </ol>
      {rows.length > SHOWN && <p className="quiet">and {rows.length - SHOWN} more</p>}
    </section>
  );
};

/** Says now and then that the screen is there, so that nobody has to sign in at it before its last hour. */
export const StillShown = ({ onShown }) => {
  useEffect(() => {
    const timer = setInterval(() => onShown?.(), SAID_EVERY);
    return () => clearInterval(timer);
  }, []);
  return null;
};
