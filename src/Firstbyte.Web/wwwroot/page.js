// What a page can do and .NET cannot: frames of the animation, the address, a file to keep.
window.firstbyte = {
  place: () => location.hash,
  language: () => navigator.language || "en",
  speak: (tag, title) => { document.documentElement.lang = tag === "zh" ? "zh-Hans" : tag; document.title = title; },
  ready: () => { document.documentElement.dataset.ready = "yes"; performance.mark("firstbyte-ready"); },
  frames: (page) => {
    const frame = (now) => { if (page.invokeMethod("Tick", now)) { requestAnimationFrame(frame); } };
    requestAnimationFrame(frame);
  },
  download: (name, type, base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  },
};
// A link to another moment of another run is another page.
addEventListener("hashchange", (e) => { if (location.hash.includes("=")) { location.reload(); } });
