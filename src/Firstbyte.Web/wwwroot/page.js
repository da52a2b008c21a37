// What a page can do and .NET cannot: frames of the animation, the address, a file to keep.
window.firstbyte = {
  place: () => location.hash,
  language: () => navigator.language || "en",
  speak: (tag, title) => { document.documentElement.lang = tag; document.title = title; },
  ready: () => { document.documentElement.dataset.ready = document.documentElement.dataset.settled = "yes"; performance.mark("firstbyte-ready"); },
  // What was entered before the page could do anything: "!" and the URL when it was sent off, too.
  early: () => (document.getElementById("early")?.dataset.sent ? "!" : "") + (document.getElementById("url")?.value ?? ""),
  mark: (name) => performance.mark(name),
  // Which panels stand on the screen.
  watch: (turns) => {
    const seen = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) { seen[entry.isIntersecting ? "add" : "delete"](entry.target.id); }
      turns.invokeMethod("Seen", [...seen]);
    });
    for (const panel of document.querySelectorAll("main section.panel[id]")) { observer.observe(panel); }
  },
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
    const place = document.documentElement.dataset.live;
    const answer = place ? await fetch(place).catch(() => null) : null;
    if (!answer?.ok) { return; }
    page.invokeMethod("LiveDescribed", await answer.text());
    addEventListener("change", async (e) => {
      const file = e.target.id === "har" ? e.target.files[0] : null;
      if (!file) { return; }
      page.invokeMethod("HarRead", file.name, file.size > Number(e.target.dataset.most) ? null : new Uint8Array(await file.arrayBuffer()));
      e.target.value = "";
    });
  },
  // A journey as it is told: what has come is handed on once a frame.
  live: async (page, question) => {
    const stop = new AbortController();
    const isOver = () => stop.signal.aborted;
    firstbyte.leaving = stop;
    let pieces = [];
    const hand = () => {
      if (isOver() || pieces.length === 0) { pieces = []; return; }
      const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      pieces.reduce((at, piece) => { all.set(piece, at); return at + piece.length; }, 0);
      pieces = [];
      page.invokeMethod("LiveFed", all);
    };
    try {
      const answer = await fetch("journeys", { method: "POST", headers: { "Content-Type": "application/json" }, body: question, signal: stop.signal });
      if (!answer.ok) {
        const said = await answer.json().catch(() => ({}));
        if (!isOver()) { page.invokeMethod("LiveRefused", said.refusal ?? ""); }
        return;
      }
      const name = answer.headers.get("Firstbyte-Journey");
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
      const body = await fetch(`journeys/${name}/body`, { signal: stop.signal });
      if (body.ok) { page.invokeMethod("LiveBody", new Uint8Array(await body.arrayBuffer()), Number(body.headers.get("Firstbyte-Content-Length"))); }
    } catch {
      hand();
      if (!isOver()) { page.invokeMethod("LiveEnded"); }
    }
  },
  // Blazor keeps the function that it has found by a name: what changes is what it does.
  leaving: null,
  leave: () => firstbyte.leaving?.abort(),
  download: (name, type, base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  },
};
addEventListener("submit", (e) => {
  if (e.target.id !== "early") { return; }
  e.preventDefault();
  e.target.dataset.sent = "yes";
  document.querySelector("[role=status]").textContent = e.target.dataset.wait;
});
// A link to another moment of another run is another page.
addEventListener("hashchange", (e) => { if (location.hash.includes("=")) { location.reload(); } });
