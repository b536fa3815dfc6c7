// A phone that several people share in one shift: a new task is seen, felt and heard; it signs out by itself.
import { useEffect, useRef, useState } from "react";

// What each is until somebody says otherwise on this phone: felt, but not heard beside a patient's bed.
const USUAL = { sound: "off", vibration: "on" };
const remembered = (name) => {
  try {
    return (localStorage.getItem(`hospital.${name}`) ?? USUAL[name]) === "on";
  } catch {
    return USUAL[name] === "on";
  }
};

// --- Heard: two soft notes, made here, so that no file has to come over the ward's network -----------------------------

let audio = null;
const ready = () => {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return null;
  audio ??= new Context();
  if (audio.state === "suspended") audio.resume();
  return audio;
};

const note = (context, hertz, start, seconds, loudness) => {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loudness, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + seconds);
};

const chime = (urgent) => {
  const context = ready();
  if (!context) return;
  const now = context.currentTime;
  const notes = urgent ? [880, 880, 880] : [659, 880];
  notes.forEach((hertz, n) => note(context, hertz, now + n * 0.18, 0.35, urgent ? 0.25 : 0.15));
};

/** A switch that is remembered on this phone. `onTurned(on)` runs inside the press, as browsers want it for a sound. */
const Remembered = ({ name, label, onTurned, ...rest }) => {
  const [on, setOn] = useState(USUAL[name] === "on");
  useEffect(() => setOn(remembered(name)), []);
  const toggle = () => {
    const next = !on;
    setOn(next);
    try {
      localStorage.setItem(`hospital.${name}`, next ? "on" : "off");
    } catch {
      // A phone that keeps nothing: the switch holds until the page is left.
    }
    if (next) onTurned();
  };
  return (
    <button {...rest} type="button" role="switch" aria-checked={on} onClick={toggle} className={`switch ${rest.className ?? ""}`}>
      <i aria-hidden="true" />
      {label}
    </button>
  );
};

/** Turning it on plays the sound once, so that it is known. */
export const SoundSwitch = (rest) => {
  useEffect(() => {
    const unlock = () => remembered("sound") && ready();
    window.addEventListener("pointerdown", unlock, { once: true });
    return () => window.removeEventListener("pointerdown", unlock);
  }, []);
  return <Remembered {...rest} name="sound" label="Sound when a task comes" onTurned={() => chime(false)} />;
};

const SHAKES = { usual: [180, 90, 180], urgent: [300, 120, 300, 120, 300] };

/** Only where a phone can: a tablet without a motor has no such switch. */
export const VibrationSwitch = (rest) => {
  const [can, setCan] = useState(false);
  useEffect(() => setCan(typeof navigator.vibrate === "function"), []);
  const once = () => navigator.vibrate(SHAKES.usual);
  return can && <Remembered {...rest} name="vibration" label="Vibration when a task comes" onTurned={once} />;
};

// --- Seen and felt -------------------------------------------------------------------------------------------------------

/** Tells of tasks that were not there a moment ago: words for eyes and screen readers, vibration and sound as wished. */
export const Arrival = ({ cards, ...rest }) => {
  const known = useRef(null);
  const [words, setWords] = useState("");
  const offered = (cards ?? []).filter((card) => card.status === "offered");
  const ids = offered.map((card) => card.id).join(" ");
  useEffect(() => {
    if (!cards) return undefined;
    const before = known.current;
    known.current = new Set(cards.map((card) => card.id));
    // What lay there when the page opened has not just come.
    const fresh = before ? offered.filter((card) => !before.has(card.id)) : [];
    if (fresh.length === 0) return undefined;
    const urgent = fresh.some((card) => card.priority === "stat");
    setWords(`New task: ${fresh[0].description}`);
    if (remembered("vibration")) navigator.vibrate?.(urgent ? SHAKES.urgent : SHAKES.usual);
    if (remembered("sound")) chime(urgent);
    const title = document.title;
    document.title = `● New task · ${title.replace(/^● New task · /, "")}`;
    const timer = setTimeout(() => {
      setWords("");
      document.title = title.replace(/^● New task · /, "");
    }, 6000);
    return () => {
      clearTimeout(timer);
      document.title = title.replace(/^● New task · /, "");
    };
  }, [ids]);
  return (
    <div {...rest} role="status" aria-live="assertive" className="task-arrival">
      {words && <p>{words}</p>}
    </div>
  );
};

// --- Signs out by itself -------------------------------------------------------------------------------------------------

const SAID_EVERY = 60000;
const WARNED_SECONDS = 60;

/** Nobody touches the phone: a warning in the last minute, then out, by the same door as by hand. */
export const IdleSignOut = ({ minutes, onActive }) => {
  const [left, setLeft] = useState(null);
  const touched = useRef(Date.now());
  const said = useRef(Date.now());
  const form = useRef(null);
  const isOver = () => Date.now() - touched.current >= minutes * 60000;
  const touch = () => {
    // A phone that slept has not counted: whoever wakes it may be somebody else.
    if (isOver()) {
      form.current?.submit();
      return;
    }
    touched.current = Date.now();
    setLeft(null);
    if (Date.now() - said.current > SAID_EVERY) {
      said.current = Date.now();
      onActive?.();
    }
  };
  useEffect(() => {
    const events = ["pointerdown", "keydown", "wheel", "touchmove"];
    const woken = () => document.visibilityState === "visible" && isOver() && form.current?.submit();
    events.forEach((name) => window.addEventListener(name, touch, { passive: true }));
    document.addEventListener("visibilitychange", woken);
    const timer = setInterval(() => {
      const seconds = Math.round(minutes * 60 - (Date.now() - touched.current) / 1000);
      if (isOver()) form.current?.submit();
      setLeft(seconds <= WARNED_SECONDS ? Math.max(0, seconds) : null);
    }, 1000);
    return () => {
      events.forEach((name) => window.removeEventListener(name, touch));
      document.removeEventListener("visibilitychange", woken);
      clearInterval(timer);
    };
  }, [minutes]);
  return (
    <>
      <form ref={form} method="post" action="/api/session/end" hidden />
      {left !== null && (
        <div className="idle" role="alertdialog" aria-label="Signing out">
          <p>
            Nobody has touched this for a while. Signing out in <strong>{left} s</strong>.
          </p>
          <button type="button" className="button button-main" onClick={touch}>
            Stay signed in
          </button>
        </div>
      )}
    </>
  );
};
