// The floor plan: each ward drawn from its beds' own coordinates (metres, x eastward, y northward), floor above floor.
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { hospitalNow, useEachSecond } from "$/public/live.jsx";

const BED = 2.1; // A bed's side in metres, as drawn.
const WALL = 1.35; // From the middle of a bed to the wall of its room.
const NARROWEST = 44; // Wards of a floor are drawn to one scale, so a short one is not blown up.
const GAP = 5; // Rows of beds further apart than this have a corridor between them.

// A replay knows by itself what was late then; the board asks the clock.
const late = (bed) => bed.is_late ?? (bed.target_minutes && (hospitalNow() - Date.parse(bed.since)) / 60000 - bed.target_minutes >= 1);

/** Rooms as rectangles round their beds, and the corridor where rooms stand on both sides of one. */
const drawn = (beds) => {
  const rooms = new Map();
  beds.forEach((bed) => {
    const room = rooms.get(bed.room_number) ?? { number: bed.room_number, xs: [], ys: [] };
    room.xs.push(bed.x);
    room.ys.push(-bed.y);
    rooms.set(bed.room_number, room);
  });
  const xs = beds.map((bed) => bed.x);
  const ys = beds.map((bed) => -bed.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const rows = [...new Set(ys)].sort((a, b) => a - b);
  const gaps = rows.slice(1).map((y, n) => [y - rows[n], rows[n] + WALL, y - WALL]);
  const [gap, from, to] = gaps.sort((a, b) => b[0] - a[0])[0] ?? [0];
  const width = Math.max(NARROWEST, right - left + 2 * WALL + 1);
  const height = bottom - top + 2 * WALL + 1;
  return {
    rooms: [...rooms.values()].map(({ number, xs: x, ys: y }) => ({
      number,
      x: Math.min(...x) - WALL,
      y: Math.min(...y) - WALL,
      width: Math.max(...x) - Math.min(...x) + 2 * WALL,
      height: Math.max(...y) - Math.min(...y) + 2 * WALL,
    })),
    corridor: gap > GAP ? { x: left - WALL, y: from + 0.15, width: right - left + 2 * WALL, height: to - from - 0.3 } : null,
    box: [left - WALL - 0.5, top - WALL - 0.5, width, height].join(" "),
    shape: `${width} / ${height}`,
  };
};

/** Beds without coordinates would lie on top of each other. */
const isPlanned = (beds) => new Set(beds.map((bed) => `${bed.x} ${bed.y}`)).size === beds.length;

const Bed = memo(({ bed, isLate, letter, word, onOpen }) => {
  const who = bed.patient || bed.label.split("-").at(-1);
  const about = bed.leaves || bed.reason || bed.task;
  const press = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onOpen(bed.id);
  };
  const name = [bed.label, word, bed.away && `patient ${bed.away}`, isLate && "late", about].filter(Boolean).join(", ");
  return (
    <g
      className="plan-bed"
      role="button"
      tabIndex={0}
      aria-label={name}
      data-plan-bed={bed.label}
      data-status={bed.status}
      data-needs={bed.needs}
      data-leaving={bed.leaves_today ? "today" : undefined}
      data-words={wordsOf(bed)}
      data-overdue={isLate || undefined}
      transform={`translate(${bed.x - BED / 2} ${-bed.y - BED / 2})`}
      onClick={() => onOpen(bed.id)}
      onKeyDown={press}
    >
      <title>{name}</title>
      <rect width={BED} height={BED} rx="0.3" />
      <use href={`#plan-${bed.status}`} x="0.2" y="0.2" width="0.85" height="0.85" />
      <text x={BED - 0.25} y="0.95" textAnchor="end" className="plan-letter">
        {letter}
      </text>
      <text x={BED / 2} y={BED - 0.3} textAnchor="middle" className="plan-who">
        {who}
      </text>
    </g>
  );
});

const wordsOf = (bed) => `${bed.label} ${bed.room_number} ${bed.unit} ${bed.reason} ${bed.task}`.toLowerCase();

// Which way an arrow looks: what lies there, and how far aside of it counts.
const WAYS = {
  ArrowRight: (dx, dy) => dx > 1 && dx + 3 * Math.abs(dy),
  ArrowLeft: (dx, dy) => dx < -1 && -dx + 3 * Math.abs(dy),
  ArrowDown: (dx, dy) => dy > 1 && dy + 3 * Math.abs(dx),
  ArrowUp: (dx, dy) => dy < -1 && -dy + 3 * Math.abs(dx),
};

/** Arrows walk from bed to bed as the eye does; Tab walks from room to room. */
const walk = (event) => {
  const way = WAYS[event.key];
  const here = event.target.closest?.("[data-plan-bed]");
  if (!way || !here) return;
  event.preventDefault();
  const middle = (one) => {
    const box = one.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [x, y] = middle(here);
  const far = (one) => {
    const [ox, oy] = middle(one);
    return way(ox - x, oy - y) || Infinity;
  };
  const others = [...here.closest(".plan").querySelectorAll("[data-plan-bed]")].filter((one) => one !== here);
  const next = others.reduce((best, one) => (far(one) < far(best) ? one : best), others[0]);
  if (next && far(next) < Infinity) next.focus();
};

const Drawn = ({ ward, shape, letters, words, onOpen }) => (
  <svg viewBox={shape.box} role="group" aria-label={`Plan of ${ward.name}`}>
    {shape.corridor && <rect className="plan-corridor" {...shape.corridor} />}
    {shape.rooms.map((room) => (
      <g key={room.number} aria-hidden="true">
        <rect className="plan-room" rx="0.2" x={room.x} y={room.y} width={room.width} height={room.height} />
        {shape.corridor && (
          <text className="plan-number" x={room.x + 0.2} y={room.y < shape.corridor.y ? shape.corridor.y + 0.9 : room.y - 0.4}>
            {room.number}
          </text>
        )}
      </g>
    ))}
    {ward.beds.map((bed) => (
      <Bed key={bed.id} bed={bed} isLate={Boolean(late(bed))} letter={letters[bed.status]} word={words[bed.status]} onOpen={onOpen} />
    ))}
  </svg>
);

/** One ward. It is drawn again when its own value changes, or one of its beds has become late. */
const WardPlan = memo(({ ward, letters, words, onOpen }) => {
  const beds = ward.beds;
  const shape = useMemo(
    () => drawn(beds),
    // The walls stand where they stood; only what lies between them changes.
    [beds.map((bed) => `${bed.label} ${bed.x} ${bed.y}`).join()],
  );
  useEachSecond(() => beds.filter(late).map((bed) => bed.id).join());
  const planned = isPlanned(beds);
  return (
    <section className="plan-ward" aria-label={ward.name}>
      <h3 className="ward-head">
        <span className="ward-name">
          <span className="ward-code">{ward.code}</span> {ward.name}
        </span>
        <span className="ward-full">
          {ward.occupied} / {ward.staffed}
        </span>
      </h3>
      {!planned && <p className="quiet">The beds of this ward have no place on a plan yet. Show them as groups.</p>}
      {planned && (
        <div className="plan-frame">
          <div className="plan-drawn" style={{ "--shape": shape.shape }}>
            <Drawn ward={ward} shape={shape} letters={letters} words={words} onOpen={onOpen} />
          </div>
        </div>
      )}
    </section>
  );
});

/** Floor above floor, as the building stands. `?ward=` leaves one ward. */
export const FloorPlan = ({ wards, letters, words, shapes, onOpen, ...rest }) => {
  const [params] = useSearchParams();
  const code = params.get("ward");
  const newest = useRef(onOpen);
  newest.current = onOpen;
  const open = useCallback((id) => newest.current?.(id), []);
  // Tables that never change, in an object that does not either: else each change would draw every ward.
  const looks = useRef({ letters, words }).current;
  const shown = (wards ?? []).filter((ward) => ward.beds?.length && (!code || ward.code === code));
  const floors = [...new Set(shown.map((ward) => ward.floor))].sort((a, b) => b - a);
  return (
    <div {...rest} className="plan" onKeyDown={walk}>
      <svg className="plan-shapes" aria-hidden="true">
        {Object.entries(shapes).map(([status, inside]) => (
          <symbol key={status} id={`plan-${status}`} viewBox="0 0 16 16" dangerouslySetInnerHTML={{ __html: inside }} />
        ))}
      </svg>
      <ul className="plan-legend" aria-label="What the letters mean">
        {Object.entries(letters).map(([status, letter]) => (
          <li key={status} data-status={status}>
            <i className="shape" aria-hidden="true" />
            <b>{letter}</b> {words[status]}
          </li>
        ))}
      </ul>
      {floors.map((floor) => (
        <section key={floor} className="plan-floor" aria-label={`Floor ${floor}`}>
          <h2>Floor {floor}</h2>
          <div className="plan-wings">
            {shown
              .filter((ward) => ward.floor === floor)
              .map((ward) => (
                <WardPlan key={ward.id} ward={ward} letters={looks.letters} words={looks.words} onOpen={open} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
};

// --- Search ----------------------------------------------------------------------------------------------------------------

const FOUND = ":is(.tile, .plan-bed)";
const rule = (words) =>
  words.map((word) => `${FOUND}:not([data-words*=${JSON.stringify(word)} i]) { opacity: .18; }`).join("\n");

/** A field whose words stay in the address (`?q=`): beds without them step back. One rule, so that no tile is drawn again. */
export const BedSearch = () => {
  const [params, setParams] = useSearchParams();
  const sought = params.get("q") ?? "";
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 5);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (words.length === 0) {
      setSaid("");
      return undefined;
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rule(words));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const has = (bed) => words.every((word) => bed.dataset.words?.toLowerCase().includes(word));
    const found = [...document.querySelectorAll(".tile, .plan-bed")].filter(has).length;
    setSaid(found === 1 ? "1 bed" : `${found} beds`);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, [words.join(" ")]);
  const seek = (event) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (event.target.value) after.set("q", event.target.value);
        else after.delete("q");
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <div className="bed-search" role="search">
      <input
        type="search"
        className="field"
        placeholder="Bed, room, unit, reason"
        aria-label="Find beds by number, room, unit or reason"
        maxLength={40}
        value={sought}
        onChange={seek}
      />
      <span className="quiet" role="status">
        {said}
      </span>
    </div>
  );
};
