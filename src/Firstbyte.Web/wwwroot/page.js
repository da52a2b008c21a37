// What a page can do and .NET cannot: frames of the animation, the address, a file to keep.
(() => {
// What a tab remembers over a reload. Where a browser keeps nothing (a frame without rights), it is as if nothing had been kept.
const kept = {
  get: (name) => { try { return sessionStorage.getItem("firstbyte-" + name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem("firstbyte-" + name, value); } catch { /* It is forgotten with the page. */ } },
};
// The token of the server that makes journeys: the address has it behind the #, which browsers send to nobody, and it leaves the address at once. No cookie:
// browsers hand those to every server at the same address, whatever its port.
const live = document.documentElement.dataset.live;
const given = live ? /^#token=([\w-]+)$/.exec(location.hash)?.[1] : null;
const token = given ?? (live ? kept.get("token") : null);
if (given) {
  kept.set("token", given);
  history.replaceState(null, "", location.pathname + location.search);
}
// A question to that server, and to no other: the path is below the page's own.
const ask = (path, more = {}) => fetch(path, { ...more, credentials: "omit", headers: { ...more.headers, ...(token ? { Authorization: "Bearer " + token } : {}) } });
const keep = (name, blob) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
let writing = null;
// Panels that have been drawn and not been scrolled to their place.
const following = new Set();
const scroll = () => {
  for (const id of [...following]) {
    if (!firstbyte.seen.has(id)) { continue; }
    following.delete(id);
    const box = document.querySelector(`#${id} .follows`);
    if (box && !box.dataset.held) { bring(box, [...box.querySelectorAll(".now")].at(-1) ?? box.querySelector(".reached")); }
  }
};
// What is to be seen is brought into the box that scrolls: by as little as does it, or to the middle where that is far.
const bring = (box, what) => {
  if (!what) { return; }
  const [frame, here] = [box.getBoundingClientRect(), what.getBoundingClientRect()];
  const by = (from, to, start, end, size) => start >= from && end <= to ? 0 : end < from - size || start > to + size ? (start + end - from - to) / 2
    : start < from ? start - from - 8 : Math.min(end - to + 8, start - from);
  box.scrollBy({ top: by(frame.top, frame.bottom, here.top, here.bottom, 60), left: by(frame.left, frame.right, here.left, here.right, 60), behavior: "instant" });
};
const hold = (e) => { const box = e.target.closest?.(".follows"); if (box) { box.dataset.held = "yes"; } };
addEventListener("wheel", hold, { passive: true });
addEventListener("touchmove", hold, { passive: true });
// The bar of a box is the box itself.
addEventListener("pointerdown", (e) => { if (e.target.classList?.contains("follows")) { hold(e); } });
addEventListener("keydown", (e) => {
  if (e.target.classList?.contains("follows") && ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " "].includes(e.key)) { hold(e); }
});
window.firstbyte = {
  place: () => location.hash,
  language: () => navigator.language || "en",
  speak: (tag, title) => { document.documentElement.lang = tag; document.title = title; },
  ready: () => { document.documentElement.dataset.ready = document.documentElement.dataset.settled = "yes"; performance.mark("firstbyte-ready"); },
  // What was entered before the page could do anything: "!" and the URL when it was sent off, too. What the document itself says is nobody's entry: a link's
  // lab proposes a URL of its own.
  early: () => {
    const [sent, url] = [document.getElementById("early")?.dataset.sent, document.getElementById("url")];
    return (sent ? "!" : "") + (url && (sent || url.value !== url.defaultValue) ? url.value : "");
  },
  mark: (name) => performance.mark(name),
  // Which panels stand on the screen.
  watch: (turns) => {
    const seen = firstbyte.seen;
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) { seen[entry.isIntersecting ? "add" : "delete"](entry.target.id); }
      turns.invokeMethod("Seen", [...seen]);
      scroll();
    });
    for (const panel of document.querySelectorAll("main section.panel[id]")) { observer.observe(panel); }
  },
  // A panel scrolls in itself to what belongs to the event that is looked at, never the page, and not where somebody has scrolled it.
  seen: new Set(),
  follow: (id) => {
    if (following.size === 0) { requestAnimationFrame(scroll); }
    following.add(id);
  },
  release: () => { for (const box of document.querySelectorAll(".follows[data-held]")) { delete box.dataset.held; } },
  // The panels that wait for their turn: one behind each frame, once what changed on the screen has been painted.
  turns: (turns) => {
    document.documentElement.dataset.settled = "no";
    const after = new MessageChannel();
    const next = () => requestAnimationFrame(() => after.port2.postMessage(0));
    after.port1.onmessage = () => { if (turns.invokeMethod("Turn")) { next(); } else { document.documentElement.dataset.settled = "yes"; } };
    next();
  },
  frames: (page) => {
    const frame = (now) => { if (page.invokeMethod("Tick", now)) { requestAnimationFrame(frame); } };
    requestAnimationFrame(frame);
  },
  // The address says where one is; a browser takes a few a second, and a frame without rights none.
  write: (page) => {
    writing ??= setTimeout(() => {
      writing = null;
      const link = page.invokeMethod("Address");
      try { history.replaceState(null, "", link ?? location.pathname + location.search); } catch { /* It stays what it was. */ }
    }, 400);
  },
  // What is said in words stands on the screen.
  reveal: (what) => document.querySelector(what)?.scrollIntoView({ block: "nearest" }),
  focus: (what) => document.querySelector(what)?.focus(),
  // A row, a byte: within what scrolls around it, and not the page.
  show: (box, what) => { const around = document.querySelector(box); if (around) { bring(around, around.querySelector(what)); } },
  top: (box) => { const around = document.querySelector(box); if (around && !around.dataset.held) { around.scrollTop = 0; } },
  // Who has lost what had the focus goes on at the first of these.
  goOn: (what) => { if (!document.activeElement || document.activeElement === document.body) { document.querySelector(what)?.focus(); } },
  // The caret goes to where a text is wrong, and the place is scrolled to.
  point: (id, line, column) => {
    const box = document.getElementById(id);
    const lines = box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const at = Math.min(start + column - 1, box.value.length);
    box.focus();
    box.setSelectionRange(at, Math.max(at, start + (lines[line - 1] ?? "").length));
    box.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(box).lineHeight));
  },
  // The server that makes journeys describes itself where the document says; a host of static files says nothing.
  describe: async (page) => {
    const answer = live ? await ask(live).catch(() => null) : null;
    if (answer?.status === 401) { page.invokeMethod("LiveLocked"); }
    if (!answer?.ok) { return; }
    page.invokeMethod("LiveDescribed", await answer.text(), kept.get("mode") === "live");
    addEventListener("change", async (e) => {
      const file = e.target.id === "har" ? e.target.files[0] : null;
      if (!file) { return; }
      page.invokeMethod("HarRead", file.name, file.size > Number(e.target.dataset.most) ? null : new Uint8Array(await file.arrayBuffer()));
      e.target.value = "";
    });
  },
  // Which side of the page is looked at.
  look: (mode) => kept.set("mode", mode),
  // A journey as it is told: what has come is handed on once a frame.
  live: async (page, question) => {
    const stop = new AbortController();
    const isOver = () => stop.signal.aborted;
    firstbyte.leaving = stop;
    firstbyte.journey = null;
    let pieces = [];
    const hand = () => {
      if (isOver() || pieces.length === 0) { pieces = []; return; }
      const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      pieces.reduce((at, piece) => { all.set(piece, at); return at + piece.length; }, 0);
      pieces = [];
      page.invokeMethod("LiveFed", all);
    };
    try {
      const answer = await ask("journeys", { method: "POST", headers: { "Content-Type": "application/json" }, body: question, signal: stop.signal });
      if (!answer.ok) {
        const said = await answer.json().catch(() => ({}));
        if (!isOver()) { page.invokeMethod("LiveRefused", said.refusal ?? ""); }
        return;
      }
      const name = firstbyte.journey = answer.headers.get("Firstbyte-Journey");
      page.invokeMethod("LiveBegun", name);
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) { break; }
        if (pieces.push(value) === 1) { requestAnimationFrame(hand); }
      }
      hand();
      if (isOver()) { return; }
      page.invokeMethod("LiveEnded");
      const body = await ask(`journeys/${name}/body`, { signal: stop.signal });
      if (body.ok) { page.invokeMethod("LiveBody", new Uint8Array(await body.arrayBuffer()), Number(body.headers.get("Firstbyte-Content-Length"))); }
    } catch {
      hand();
      // Who has begun another one meanwhile is told nothing of this one.
      if (firstbyte.leaving === stop) { page.invokeMethod(isOver() ? "LiveLeft" : "LiveEnded"); }
    }
  },
  // The server ends the journey and tells how its connections end; where it does not, nobody waits for it.
  stop: () => {
    const [name, stop] = [firstbyte.journey, firstbyte.leaving];
    if (!name) { return false; }
    const over = setTimeout(() => stop.abort(), 3000);
    ask(`journeys/${name}`, { method: "DELETE" }).then((answer) => { if (!answer.ok) { clearTimeout(over); stop.abort(); } }, () => stop.abort());
    return true;
  },
  // Text in an encoding of the Encoding standard; null for a label that is none of it.
  decode: (label, bytes, isCut) => {
    try { return new TextDecoder(label).decode(bytes, { stream: isCut }); } catch (e) { if (e instanceof RangeError) { return null; } throw e; }
  },
  // Blazor keeps the function that it has found by a name: what changes is what it does.
  journey: null,
  leaving: null,
  leave: () => firstbyte.leaving?.abort(),
  download: (name, type, base64) => keep(name, new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type })),
  // What the server keeps of a journey; a link could not say the token.
  fetchFile: async (page, path, name) => {
    const answer = await ask(path).catch(() => null);
    if (answer?.ok) { keep(name, await answer.blob()); return; }
    const said = await answer?.json().catch(() => null);
    page.invokeMethod("FileRefused", said?.refusal ?? "");
  },
};
// Machines and cables of the map are one stop of the keyboard: arrows go to what lies there, a letter to the next whose name begins with it.
const stops = (map) => [...map.querySelectorAll("[role=button]")];
addEventListener("focusin", (e) => {
  const map = e.target.closest?.("#map svg");
  if (map) { for (const one of stops(map)) { one.setAttribute("tabindex", one === e.target ? "0" : "-1"); } }
});
addEventListener("keydown", (e) => {
  if (e.key === "Escape" && e.target.closest?.("#map .choice")) { document.querySelector("#map .choice .leave")?.click(); return; }
  const map = e.target.closest?.("#map svg");
  if (!map || e.ctrlKey || e.altKey || e.metaKey) { return; }
  // What is chosen opens and takes the focus: the key is not for the button that has it then.
  if (e.key === "Enter" || e.key === " ") { e.preventDefault(); return; }
  const [all, here] = [stops(map), e.target];
  const middle = (one) => { const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  const [x, y] = middle(here);
  const toward = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key];
  let next = null;
  if (toward) {
    const far = (one) => { const [a, b] = middle(one); const [along, aside] = [(a - x) * toward[0] + (b - y) * toward[1], Math.abs((a - x) * toward[1]) + Math.abs((b - y) * toward[0])]; return along < 2 ? Infinity : along + 2 * aside; };
    next = all.filter((one) => one !== here).reduce((best, one) => far(one) < far(best ?? one) || (!best && far(one) < Infinity) ? one : best, null);
  } else if (e.key === "Home" || e.key === "End") {
    next = all.at(e.key === "Home" ? 0 : -1);
  } else if (e.key.length === 1) {
    const after = [...all.slice(all.indexOf(here) + 1), ...all.slice(0, all.indexOf(here))];
    next = after.find((one) => one.dataset.name?.toLowerCase().startsWith(e.key.toLowerCase()));
  } else { return; }
  e.preventDefault();
  next?.focus();
});
addEventListener("submit", (e) => {
  if (e.target.id !== "early") { return; }
  e.preventDefault();
  e.target.dataset.sent = "yes";
  document.querySelector("[role=status]").textContent = e.target.dataset.wait;
});
// A link to another moment of another run is another page.
addEventListener("hashchange", (e) => { if (location.hash.includes("=")) { location.reload(); } });
})();
