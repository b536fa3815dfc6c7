// The registration page's small parts: answers that save themselves, photos that arrive, a signature by finger.
// Nothing a patient writes is kept in the browser's storage; the page shows what the server says it has.
import { useEffect, useId, useRef, useState } from "react";

const PAUSE = 500; // ms without a keystroke before an answer is saved
const RESEND = 4000; // ms after which an answer that the server does not show is sent again
const LATE = 6000; // ms after which the page says that an answer is not saved yet

// What the server has not shown yet. While there is any, leaving the page is asked about: it lives in this page alone.
const unsaved = new Set();
const keep = (event) => unsaved.size && event.preventDefault();
if (typeof window !== "undefined") window.addEventListener("beforeunload", keep);

/** Local text that converges on the server: sent after a pause, sent again until the feed shows it. */
const useAnswer = (name, saved, onSave) => {
  const [text, setText] = useState(saved ?? "");
  const mine = useRef(false); // something typed here that the server has not shown yet
  const latest = useRef(text);
  const timer = useRef(null);
  const since = useRef(0);
  const [late, setLate] = useState(false);
  latest.current = text;

  const settled = () => {
    mine.current = false;
    unsaved.delete(latest);
    setLate(false);
  };

  const send = () => {
    clearTimeout(timer.current);
    if (mine.current) onSave?.(name, latest.current);
  };
  const write = (value, now = false) => {
    if (!mine.current) since.current = performance.now();
    mine.current = true;
    unsaved.add(latest);
    latest.current = value;
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(send, now ? 0 : PAUSE);
  };
  useEffect(() => {
    if (!mine.current) setText(saved ?? "");
    else if ((saved ?? "").trim() === latest.current.trim()) settled();
  }, [saved]);
  useEffect(() => {
    const again = setInterval(() => {
      if (!mine.current) return;
      setLate(performance.now() - since.current > LATE);
      send();
    }, RESEND);
    return () => {
      clearInterval(again);
      send(); // Leaving the step keeps what was typed a moment ago.
      unsaved.delete(latest);
    };
  }, []);
  return { text, write, send, late, pending: mine.current && (saved ?? "").trim() !== text.trim() };
};

/** Said only when it lasts: the server has not confirmed an answer for some seconds. */
const Unsaved = ({ late, words }) => (
  <p className="unsaved" role="status">
    {late && words ? words : ""}
  </p>
);
const Help = ({ id, children }) => (children ? <p id={id} className="help">{children}</p> : null);
const Problem = ({ id, children }) => (
  <p id={id} className="problem" role={children ? "alert" : undefined} hidden={!children}>
    {children}
  </p>
);

/** One text answer with its label, help and problem. `rows` > 0 makes it a larger field. */
export const Answer = ({ name, label, saved, help, problem, optional, kind = "text", rows = 0, complete, mode, words, unsaved: notSaved, onSave }) => {
  const { text, write, send, late, pending } = useAnswer(name, saved, onSave);
  const id = useId();
  const Element = rows ? "textarea" : "input";
  return (
    <div className="answer" data-pending={pending || undefined}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="quiet"> ({optional})</span>}
      </label>
      <Element
        id={id}
        name={name}
        className="field field-large"
        type={rows ? undefined : kind}
        rows={rows || undefined}
        value={text}
        autoComplete={complete || "off"}
        inputMode={mode || undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-help ${id}-problem`}
        onChange={(event) => write(event.target.value)}
        onBlur={send}
      />
      <Help id={`${id}-help`}>{help}</Help>
      <Problem id={`${id}-problem`}>{problem}</Problem>
      <Unsaved late={late} words={notSaved} />
      <span className="sr-only" role="status">{pending ? "" : text && words ? words : ""}</span>
    </div>
  );
};

/** One of a few, as large buttons that are real radio inputs. `options` is [[value, word], …]. */
export const Choice = ({ name, label, saved, options, problem, optional, unsaved: notSaved, onSave }) => {
  const { text, write, late } = useAnswer(name, saved, onSave);
  const id = useId();
  return (
    <fieldset role="radiogroup" className="answer choice" aria-describedby={`${id}-problem`} aria-invalid={problem ? true : undefined} tabIndex={-1}>
      <legend>
        {label}
        {optional && <span className="quiet"> ({optional})</span>}
      </legend>
      {options.map(([value, word]) => (
        <label key={value} className="option">
          <input type="radio" name={name} value={value} checked={text === value} onChange={() => write(value, true)} />
          <span>{word}</span>
        </label>
      ))}
      <Unsaved late={late} words={notSaved} />
      <Problem id={`${id}-problem`}>{problem}</Problem>
    </fieldset>
  );
};

/** "I agree": ticked means the version of the text that was shown. */
export const Agree = ({ name, label, saved, version, problem, onSave }) => {
  const { text, write } = useAnswer(name, saved, onSave);
  const id = useId();
  return (
    <div className="answer">
      <label className="option">
        <input
          type="checkbox"
          name={name}
          checked={Boolean(text) && text === version}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-problem`}
          onChange={(event) => write(event.target.checked ? version : "", true)}
        />
        <span>{label}</span>
      </label>
      <Problem id={`${id}-problem`}>{problem}</Problem>
    </div>
  );
};

// --- The signature -------------------------------------------------------------------------------------------------------

const WIDE = 600;
const HIGH = 200;

/** Drawn with a finger, or typed: whoever cannot draw is not asked to. */
export const Signature = ({ saved, problem, words, onSave }) => {
  const [strokes, setStrokes] = useState([]);
  const drawing = useRef(false);
  const pad = useRef(null);
  const drawn = saved === "drawn";
  const path = strokes.map((points) => "M" + points.map(([x, y]) => `${x} ${y}`).join("L")).join("");
  const where = (event) => {
    const box = pad.current.getBoundingClientRect();
    return [
      Math.round(((event.clientX - box.left) / box.width) * WIDE),
      Math.round(((event.clientY - box.top) / box.height) * HIGH),
    ].map((n) => Math.max(0, n));
  };
  const begin = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drawing.current = true;
    const start = where(event);
    setStrokes((before) => [...before, [start]]);
  };
  const move = (event) => {
    if (!drawing.current) return;
    const to = where(event);
    setStrokes((before) => [...before.slice(0, -1), [...before[before.length - 1], to]]);
  };
  const end = () => {
    if (!drawing.current) return;
    drawing.current = false;
    if (path.length > 20) onSave?.("signature", `drawn:${path}`.slice(0, 20000));
  };
  const clear = () => {
    setStrokes([]);
    onSave?.("signature", "");
  };
  return (
    <div className="answer">
      <p className="label" id="sign-label">{words.draw}</p>
      <svg
        ref={pad}
        className="pad"
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-labelledby="sign-label"
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <path d={path} />
        {drawn && !path && <text x="20" y="110">{words.drawn} ✓</text>}
      </svg>
      {(path || drawn) && (
        <button type="button" className="button button-large" onClick={clear}>
          {words.clear}
        </button>
      )}
      <Answer
        name="signature"
        label={words.type}
        saved={drawn ? "" : saved}
        problem={problem}
        complete="name"
        onSave={(name, value) => (value || !drawn) && onSave?.(name, value)}
      />
    </div>
  );
};

// --- Photos ----------------------------------------------------------------------------------------------------------------

const LONGEST = 2400; // pixels; more does not make a card easier to read
const SMALL_ENOUGH = 900 * 1024;
const WAITS = [1000, 3000, 8000, 15000];

/** A smaller JPEG where the browser can open the photo; the photo as it is where it cannot (HEIC, PDF). */
const smaller = async (file) => {
  if (!file.type.startsWith("image/") || file.size < SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
};

const put = (side, blob, language, registration, onProgress) =>
  new Promise((done) => {
    const call = new XMLHttpRequest();
    call.open("PUT", `/api/intake/document/${side}?language=${language}&registration=${registration}`);
    call.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
    call.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    call.onload = () => done({ status: call.status, text: call.responseText });
    call.onerror = call.ontimeout = () => done({ status: 0, text: "" });
    call.timeout = 120000;
    call.send(blob);
  });

/** One side of a card: take it, see it, watch it go up; a lost line tries again by itself. */
export const Photo = ({ side, label, language, card, registration, words, busy, again }) => {
  const [progress, setProgress] = useState(-1);
  const [sentence, setSentence] = useState("");
  const [preview, setPreview] = useState("");
  const blob = useRef(null);
  const turn = useRef(0);
  const id = useId();

  const send = async () => {
    const mine = ++turn.current; // A newer photo ends the tries of the older.
    setSentence("");
    for (let attempt = 0; mine === turn.current; attempt += 1) {
      setProgress(0);
      const answer = await put(side, blob.current, language, registration, (part) => mine === turn.current && setProgress(part));
      if (mine !== turn.current) return;
      if (answer.status === 202) return setProgress(-1);
      if (answer.status && answer.status < 500 && answer.status !== 429) {
        let told = answer.status === 413 ? words.too_large : "";
        try {
          told ||= JSON.parse(answer.text).message;
        } catch {
          told ||= words.broken;
        }
        setProgress(-1);
        setSentence(told || words.broken);
        setPreview("");
        return;
      }
      setSentence(words.waiting);
      await new Promise((done) => setTimeout(done, WAITS[Math.min(attempt, WAITS.length - 1)]));
      setSentence("");
    }
  };
  const take = async (event) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    if (preview) URL.revokeObjectURL(preview);
    setPreview(file.type.startsWith("image/") ? URL.createObjectURL(file) : "");
    blob.current = await smaller(file);
    send();
  };
  const readAgain = async () => {
    await fetch(`/api/intake/document/${card.id}/again`, { method: "POST" });
  };
  const shown = progress >= 0 || !card?.image ? preview : `/api/intake/document/${card.id}/image?v=${card.version}`;
  const news = sentence || (progress >= 0 ? words.sending : card?.sentence || "");
  return (
    <section className="photo" data-side={side} data-state={progress >= 0 ? "sending" : card?.status} aria-labelledby={id}>
      <h2 id={id}>{label}</h2>
      {shown && <img src={shown} alt={words.alt} className="photo-picture" />}
      {progress >= 0 && <progress max="1" value={progress} aria-label={words.sending} />}
      <p role="status" className={sentence || again ? "photo-news photo-problem" : "photo-news"}>
        {busy && progress < 0 && !sentence && <i className="turning" aria-hidden="true" />}
        {news}
      </p>
      <div className="photo-acts">
        <label className="button button-large photo-take">
          {card?.id || preview ? words.replace : words.take}
          <input
            type="file"
            name={side}
            className="sr-only"
            accept="image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"
            aria-label={`${label}: ${card?.id ? words.replace : words.take}`}
            onChange={take}
          />
        </label>
        {card?.status === "failed" && progress < 0 && (
          <button type="button" className="button button-large" onClick={readAgain}>
            {words.retry}
          </button>
        )}
      </div>
    </section>
  );
};

/** One of the desk's questions, with the answer saved as it is typed. */
export const Reply = ({ number, question, label, saved, help, notSaved, onSave }) => (
  <div className="asked">
    <p className="asked-question">{question}</p>
    <Answer name={`asked.${number}`} label={label} saved={saved} help={saved ? help : ""} rows={2} unsaved={notSaved} onSave={onSave} />
  </div>
);

// --- The page ------------------------------------------------------------------------------------------------------------------

/** Who was never here is welcomed before the socket says so, and nothing is drawn anew when it does.
 *  The cookie says only that this browser has opened a registration; it opens nothing. */
export const Arriving = ({ arrived, patient, welcome, children }) => {
  const stranger = typeof document !== "undefined" && !/(^|; )intake_open=1/.test(document.cookie);
  return (arrived ? !patient : stranger) ? welcome : children;
};

/** The page's own language, for screen readers and hyphenation. */
export const PageLanguage = ({ language }) => {
  useEffect(() => {
    if (language) document.documentElement.lang = language;
    return () => {
      document.documentElement.lang = "en";
    };
  }, [language]);
  return null;
};

/** A new step: its heading is read first. A step that cannot be left: the first field that wants something. */
export const StepFocus = ({ step, problems }) => {
  const before = useRef(step);
  const told = useRef("");
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    window.scrollTo(0, 0);
    document.querySelector("main h1, main h2")?.focus();
  }, [step]);
  const names = Object.keys(problems ?? {}).join(" ");
  useEffect(() => {
    if (names && names !== told.current) document.querySelector('main [aria-invalid="true"]')?.focus();
    told.current = names;
  }, [names]);
  return null;
};

/** The patient's own link, fetched when asked for and never kept. */
export const CopyLink = ({ words, address = "/api/intake/link", method = "GET" }) => {
  const [shown, setShown] = useState("");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const answer = await fetch(address, { method });
    if (!answer.ok) return;
    const { link } = await answer.json();
    setShown(link);
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      setCopied(false); // It is shown, to be copied by hand.
    }
  };
  return (
    <div className="copy-link">
      <button type="button" className="button button-large" onClick={copy}>
        {copied ? words.copied : words.copy}
      </button>
      {shown && <output className="link-shown">{shown}</output>}
    </div>
  );
};
