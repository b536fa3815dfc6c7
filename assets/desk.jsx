// The desk's small parts: the card's picture with what was read marked on it, a form walked by the keyboard.
import { useEffect, useRef, useState } from "react";

const FIELD = (name) => document.getElementById(`v-${name}`);
const NEAREST = 1;
const FARTHEST = 4;

/** The name of the form's field that has the focus, "" for none. */
const useFocusedField = () => {
  const [name, setName] = useState("");
  useEffect(() => {
    const look = () => setName(document.activeElement?.closest?.("[data-field]")?.dataset.field ?? "");
    document.addEventListener("focusin", look);
    return () => document.removeEventListener("focusin", look);
  }, []);
  return name;
};

const sideways = (rotated) => rotated === 90 || rotated === 270;

/** Turns the photo so that the card stands upright; `rotated` is how far, clockwise, it lies turned. */
const turned = (width, height, rotated) => {
  if (!sideways(rotated)) return rotated === 180 ? { transform: "rotate(180deg)" } : undefined;
  const transform = rotated === 90 ? "rotate(-90deg) translateX(-100%)" : "rotate(90deg) translateY(-100%)";
  return { position: "absolute", left: 0, top: 0, width: `${(100 * width) / height}%`, transformOrigin: "0 0", transform };
};

/** A card's picture that can be looked at closely, with a box round everything that was read. The boxes of the focused
 *  field light up and are scrolled to; pressing a box goes to its field. + and - change the size, arrow keys scroll. */
export const CardPicture = ({ src, alt, width, height, rotated = 0, boxes = [] }) => {
  const [size, setSize] = useState(NEAREST);
  const view = useRef(null);
  const focused = useFocusedField();
  const lit = (box) => Boolean(focused) && box.speaks_of.split(" ").includes(focused);
  const resize = (to) => setSize(Math.min(FARTHEST, Math.max(NEAREST, to)));
  useEffect(() => {
    const one = view.current?.querySelector("[data-lit]");
    if (!one) return;
    const pane = view.current;
    pane.scrollTo({
      left: one.offsetLeft + one.offsetWidth / 2 - pane.clientWidth / 2,
      top: one.offsetTop + one.offsetHeight / 2 - pane.clientHeight / 2,
    });
    pane.closest("figure")?.scrollIntoView({ block: "nearest" });
  }, [focused, size]);
  const press = (event) => {
    const change = { "+": 0.5, "=": 0.5, "-": -0.5, 0: NEAREST - size }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    resize(size + change);
  };
  return (
    <div className="card-picture">
      <div ref={view} className="card-view" tabIndex={0} role="group" aria-label={`${alt}, picture`} onKeyDown={press}>
        <div className="card-sheet" style={{ width: `${size * 100}%`, aspectRatio: sideways(rotated) ? `${height} / ${width}` : width && `${width} / ${height}` }}>
          <img src={src} alt={alt} style={turned(width, height, rotated)} onDoubleClick={() => resize(size > NEAREST ? NEAREST : 2.5)} />
          {boxes.map((box) => (
            <span
              key={box.name}
              className="read-box"
              data-box={box.name}
              data-lit={lit(box) || undefined}
              data-unsure={box.unsure || undefined}
              data-low={box.top > 70 || undefined}
              style={{ left: `${box.left}%`, top: `${box.top}%`, width: `${box.width}%`, height: `${box.height}%` }}
              title={`${box.label}: ${box.value}`}
              aria-hidden="true"
              onClick={() => FIELD(box.speaks_of.split(" ")[0])?.focus()}
            >
              <i>{box.label}</i>
            </span>
          ))}
        </div>
      </div>
      <div className="card-zoom" role="group" aria-label={`Size of the picture: ${alt}`}>
        <button type="button" className="icon-button" aria-label="Smaller" disabled={size <= NEAREST} onClick={() => resize(size - 0.5)}>
          −
        </button>
        <output>{Math.round(size * 100)} %</output>
        <button type="button" className="icon-button" aria-label="Larger" disabled={size >= FARTHEST} onClick={() => resize(size + 0.5)}>
          +
        </button>
      </div>
    </div>
  );
};

/** Puts a value into another field of the form: what the card says, or what was typed. */
export const Fill = ({ target, value, children, ...rest }) => (
  <button {...rest} type="button" data-fills={target} onClick={() => fill(target, value)}>
    {children}
  </button>
);

const fill = (target, value) => {
  const field = document.getElementById(target);
  if (!field) return;
  field.value = value;
  field.focus();
};

/** The fields of the form: Enter goes to the next one and sends nothing; Ctrl+Enter takes what the card says first. */
export const FieldWalk = ({ children, ...rest }) => {
  const walk = (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const fields = [...event.currentTarget.querySelectorAll("input")];
    if (event.ctrlKey || event.metaKey) {
      event.currentTarget.querySelector(`[data-fills="${event.target.id}"]`)?.click();
    }
    const next = fields[fields.indexOf(event.target) + 1];
    (next ?? event.currentTarget.closest("form").querySelector("select, [type=radio]"))?.focus();
  };
  return (
    <div {...rest} onKeyDown={walk}>
      {children}
    </div>
  );
};

/** Sends what stands in the form now, unconfirmed as it is: the insurance is asked with the desk's own corrections. */
export const AskWithForm = ({ onAsk, children, ...rest }) => (
  <button {...rest} type="button" onClick={(event) => onAsk?.(Object.fromEntries(new FormData(event.currentTarget.form)))}>
    {children}
  </button>
);

/** A folder that opens takes the focus to its heading; one that closes gives it back to its row. */
export const FolderFocus = ({ open }) => {
  const before = useRef(0);
  useEffect(() => {
    const was = before.current;
    before.current = open;
    if (open && open !== was) {
      // The heading is drawn with the folder's first value.
      const looking = setInterval(() => {
        const heading = document.querySelector(".folder .drawer-title");
        if (!heading) return;
        clearInterval(looking);
        heading.focus({ preventScroll: window.innerWidth > 960 });
      }, 50);
      setTimeout(() => clearInterval(looking), 5000);
      return () => clearInterval(looking);
    }
    if (was && !open) document.querySelector(`[data-registration="${was}"]`)?.focus();
    return undefined;
  }, [open]);
  return null;
};
