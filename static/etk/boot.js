/* Boot: reads the document in the page, unpacks it where it is packed, and plays it. */
window.etk.booted = (async function () {
  "use strict";
  const etk = window.etk;
  const root = document.getElementById("etk-player");
  const node = document.getElementById("etk-file");
  try {
    await etk.play(JSON.parse(await textOf(node)), root);
  } catch (error) {
    root.replaceChildren(etk.html("p", { role: "alert" }, node.dataset.tooOld && !window.DecompressionStream ? node.dataset.tooOld : String(error)));
    throw error;
  }

  async function textOf(script) {
    if (script.type === "application/json") return script.textContent;
    const bytes = Uint8Array.from(atob(script.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }
})();
